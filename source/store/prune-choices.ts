import type { DialogChoice } from './dialog.ts';
import type { Effect } from './screen.ts';

/** pruneChoices are the answers to a prune: no; yes, so that z puts it back; at once and for good. Without one, only no. */
export function pruneChoices(
  prune: ((isFreed: boolean) => readonly Effect[]) | undefined,
): readonly DialogChoice[] {
  const no = { title: 'No', effects: [] };
  if (prune === undefined) return [no];
  return [
    no,
    { title: 'Yes', effects: prune(false) },
    { title: 'Yes, and free it now', effects: prune(true) },
  ];
}
