import { type Binding, changed, defineBinding } from './binding.ts';

/** plannedKeys are keys whose operation is not in this version: each says what does it until then. */
export const plannedKeys: readonly Binding[] = [
  planned('w', 'why', 'why this package missed', 'enter on a package shows what its outcome rests on'),
];

function planned(key: string, title: string, tooltip: string, instead: string): Binding {
  return defineBinding({
    keys: [key],
    shown: key,
    title,
    tooltip,
    group: 'operations',
    unavailable: () => `${title} is not in this version: ${instead}`,
    press: ({ screen }) => changed(screen),
  });
}
