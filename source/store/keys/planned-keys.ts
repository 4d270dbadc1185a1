import { type Binding, changed, defineBinding } from './binding.ts';

/** plannedKeys are keys whose operation is not in this version: each says what does it until then. */
export const plannedKeys: readonly Binding[] = [
  planned('c', 'clean', 'remove all of GOCACHE', 'go clean -cache does it'),
  planned(
    'p',
    'prune',
    'remove from GOCACHE by age, size, package',
    'Go trims what was unused for 5 days; go clean -cache removes all',
  ),
  planned(
    'o',
    're-point',
    'move GOCACHE elsewhere',
    'go env -w GOCACHE=DIR does it, go env -u GOCACHE undoes it',
  ),
  planned(
    'd',
    're-download',
    'download a module again, checked against its checksum',
    'remove its folder and zip, then go mod download MODULE@VERSION',
  ),
  planned(
    'V',
    'verify',
    'verify the marked modules against their checksums',
    'go mod verify checks those of a module',
  ),
  planned('w', 'why', 'why this package missed', 'enter on a package shows what its outcome rests on'),
  planned('z', 'undo', 'undo the last prune or re-point', 'nothing was pruned or re-pointed'),
  planned('space', 'mark', 'mark a row for an operation', 'no operation takes marks yet'),
  planned('v', 'mark a range', 'mark from here to the cursor', 'no operation takes marks yet'),
  planned('a', 'mark all', 'mark all rows shown', 'no operation takes marks yet'),
  planned('u', 'unmark', 'unmark all rows', 'nothing is marked'),
];

function planned(key: string, title: string, tooltip: string, instead: string): Binding {
  return defineBinding({
    keys: [key === 'space' ? ' ' : key],
    shown: key,
    title,
    tooltip,
    group: 'operations',
    unavailable: () => `${title} is not in this version: ${instead}`,
    press: ({ screen }) => changed(screen),
  });
}
