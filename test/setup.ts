// What decides about colour, or tells that this is a test or a CI machine, is taken away: a test sees what a user
// sees, wherever it runs, and so does each process that it starts. A test that wants one of them sets it.
const decisive = /^(?:NODE_ENV|FORCE_COLOR|NO_COLOR|CI|CI_.*|CONTINUOUS_INTEGRATION|INK_SCREEN_READER)$/;

for (const name of Object.keys(process.env)) {
  if (decisive.test(name)) delete process.env[name];
}
