import { quote } from '../../go/shell-word.ts';
import type { ModuleFile } from '../../operations/module-detail/detail.ts';
import { defineTable } from '../define-table.ts';
import { lookAt } from '../explorer.ts';
import { formatBytes } from '../format.ts';
import type { AppState } from '../state.ts';
import type { Level, TableView } from '../view.ts';
import { bytesColumn, nameColumn } from './columns.ts';

const noFiles: readonly ModuleFile[] = [];

/** moduleFilesView is the files of an extracted module. */
export const moduleFilesView = defineTable<ModuleFile>({
  id: 'module-files',
  crumb: () => 'folder',
  command: (state, level) => {
    const folder = folderAt(state, level);
    return folder === undefined ? undefined : `ls -lR ${quote(folder)}`;
  },
  sort: { column: 'bytes', isReversed: false },
  empty: readingWords,
  inputs: (state) => [state.explorer.looks],
  items: filesAt,
  idOf: ({ name }) => name,
  nameOf: ({ name }) => name,
  columns: [nameColumn('file', ({ name }) => name), bytesColumn()],
});

/** moduleZipView is the files of a module zip, as its directory tells them. */
export const moduleZipView: TableView = defineTable<ModuleFile>({
  id: 'module-zip',
  crumb: () => 'zip',
  command: (_state, { subject = '' }) => `unzip -l "$(go mod download -json ${quote(subject)} | jq -r .Zip)"`,
  sort: { column: 'bytes', isReversed: false },
  empty: readingWords,
  inputs: (state) => [state.explorer.looks],
  items: filesAt,
  idOf: ({ name }) => name,
  nameOf: ({ name }) => name,
  columns: [
    nameColumn('file', ({ name }) => name),
    {
      id: 'packed',
      title: 'packed',
      width: 9,
      align: 'right',
      drop: 1,
      text: ({ packedBytes }, { screen }) => formatBytes(packedBytes, screen.sizes),
      compare: (one, other) => (other.packedBytes ?? 0) - (one.packedBytes ?? 0),
    },
    bytesColumn(),
  ],
});

function filesAt(state: AppState, level: Level): readonly ModuleFile[] {
  const looked = lookAt(state, level);
  return looked?.type === 'module-files' ? looked.files : noFiles;
}

/** folderAt is the extracted folder that a view is about; undefined where there is none. */
export function folderAt(state: AppState, { subject }: Pick<Level, 'subject'>): string | undefined {
  const looked = lookAt(state, { view: 'module-version', subject });
  return looked?.type === 'module-version' ? looked.detail.folder : undefined;
}

function readingWords(state: AppState, level: Level): string {
  const looked = lookAt(state, level);
  if (looked?.type === 'failed') return looked.why;
  return looked === undefined ? 'being read' : 'it has no files';
}
