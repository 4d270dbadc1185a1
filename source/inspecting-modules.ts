import { dirname, join } from 'node:path';
import { listFolder, listZip, readDetail } from './operations/module-detail/read-detail.ts';
import { reasonOf } from './platform/problem.ts';
import type { Looked } from './store/explorer.ts';
import { needsOf } from './store/module-rows.ts';
import type { AppState } from './store/state.ts';

/** readModuleLook reads of GOMODCACHE what an open view shows of one version, `path@version`. */
export function readModuleLook(
  reading: 'module-version' | 'module-files' | 'module-zip',
  subject: string,
  gomodcache: string,
  state: AppState,
): Looked {
  const at = subject.lastIndexOf('@');
  const name = { path: subject.slice(0, at), version: subject.slice(at + 1) };
  try {
    switch (reading) {
      case 'module-version':
        return { type: 'module-version', detail: readDetail(gomodcache, name, sumFilesOf(state)) };
      case 'module-files':
        return { type: 'module-files', files: listFolder(gomodcache, name) };
      case 'module-zip':
        return { type: 'module-files', files: listZip(gomodcache, name) };
    }
  } catch (error) {
    return { type: 'failed', why: reasonOf(error) };
  }
}

/** sumFilesOf are the go.sum files beside the roots that are known. */
function sumFilesOf(state: AppState): readonly string[] {
  return needsOf(state).roots.map(({ root }) =>
    root.file.endsWith('go.work') ? `${root.file}.sum` : join(dirname(root.file), 'go.sum'),
  );
}
