// Stands for a module that the bundle never runs; see the alias in bundle.js.
export default {};
