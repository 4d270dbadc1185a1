import { openRedownload } from '../redownload-dialog.ts';
import { redownloadedVersions } from '../redownload-selection.ts';
import { type Binding, defineBinding } from './binding.ts';

/** redownloadKey repairs module versions. */
export const redownloadKey: Binding = defineBinding({
  keys: ['d'],
  shown: 'd',
  title: 're-download',
  tooltip:
    'repair the marked module versions, else that under the cursor, else all that V found faulty: what is broken and no more, after a question',
  group: 'cache',
  isOffered: (state) => state.screen.focus === 'gomodcache' && redownloadedVersions(state).length > 0,
  unavailable(state) {
    if (state.redownload.running !== undefined) return undefined;
    if (state.screen.focus !== 'gomodcache')
      return 'this repairs modules of GOMODCACHE: press 3, and go to one';
    return redownloadedVersions(state).length === 0
      ? 'nothing to repair: mark module versions with space, or go to one; V finds what is faulty'
      : undefined;
  },
  press: openRedownload,
});
