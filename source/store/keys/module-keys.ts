import { join } from 'node:path';
import { focusedLevel } from '../levels.ts';
import { cursorIndex } from '../move.ts';
import type { Effect } from '../screen.ts';
import type { AppState } from '../state.ts';
import { folderAt } from '../views/module-files.ts';
import { rowsOf } from '../window.ts';
import { type Binding, defineBinding } from './binding.ts';

/** moduleKeys are about the files of an extracted module. */
export const moduleKeys: readonly Binding[] = [
  openBinding(
    'E',
    'edit',
    'editor',
    'open the folder of a module version, or a file of it, in $VISUAL or $EDITOR',
  ),
  openBinding('L', 'page', 'pager', 'open the folder of a module version, or a file of it, in $PAGER'),
];

function openBinding(
  key: string,
  title: string,
  program: Extract<Effect, { type: 'open' }>['program'],
  tooltip: string,
): Binding {
  return defineBinding({
    keys: [key],
    shown: key,
    title,
    tooltip,
    group: 'cache',
    isOffered: (state) => pathHere(state) !== undefined,
    unavailable: (state) =>
      pathHere(state) === undefined
        ? 'this opens the folder of a module version: go to one that has a folder'
        : undefined,
    press(state) {
      const here = pathHere(state);
      const effects: readonly Effect[] = here === undefined ? [] : [{ type: 'open', program, ...here }];
      return { screen: state.screen, effects };
    },
  });
}

/** pathHere is the folder of the open version, or the file under the cursor. */
function pathHere(state: AppState): { readonly path: string; readonly isFolder: boolean } | undefined {
  const level = focusedLevel(state);
  const isFiles = level.view === 'module-files';
  if (!isFiles && level.view !== 'module-version') return undefined;
  const folder = folderAt(state, level);
  if (folder === undefined) return undefined;
  const rows = isFiles ? rowsOf(state) : undefined;
  const index = rows === undefined ? undefined : cursorIndex(level, rows, true);
  const file = index === undefined ? undefined : rows?.idAt(index);
  return file === undefined
    ? { path: folder, isFolder: true }
    : { path: join(folder, file), isFolder: false };
}
