import { join } from 'node:path';
import type { FuzzFile, FuzzTest } from '../../build-cache/fuzz-probe.ts';
import { quote } from '../../go/shell-word.ts';
import { compareLargest, defineTable } from '../define-table.ts';
import { lookAt, lookWords } from '../explorer.ts';
import { formatAge } from '../format.ts';
import { type Line, toned } from '../line.ts';
import type { AppState } from '../state.ts';
import type { TextView } from '../view.ts';
import { textLines } from './cache-entry.ts';
import { bytesColumn, countColumn, nameColumn } from './columns.ts';

const noTests: readonly FuzzTest[] = [];
const noFiles: readonly FuzzFile[] = [];

function corpus({ buildCache }: AppState, path = ''): string {
  return quote(join(buildCache.path ?? '', 'fuzz', path));
}

/** cacheFuzzView is the fuzz corpus by test: what go test -fuzz has found, and Go never trims. */
export const cacheFuzzView = defineTable<FuzzTest>({
  id: 'cache-fuzz',
  crumb: () => 'fuzz corpus',
  command: () => 'gocachetop clean --fuzz --dry-run',
  enter: (_state, _level, id) => ({ view: 'cache-fuzz-test', subject: id }),
  sort: { column: 'bytes', isReversed: false },
  empty(state, level) {
    const looked = lookAt(state, level);
    return looked?.type === 'fuzz' ? 'there is none: go test -fuzz makes one' : lookWords(state, looked);
  },
  inputs: ({ explorer }) => [explorer.looks],
  items(state, level) {
    const looked = lookAt(state, level);
    return looked?.type === 'fuzz' ? looked.tests : noTests;
  },
  idOf: ({ importPath, name }) => `${importPath}/${name}`,
  nameOf: ({ importPath, name }) => `${importPath}.${name}`,
  columns: [
    nameColumn('fuzz test', ({ importPath, name }) => `${importPath}.${name}`),
    countColumn('files', 'inputs', ({ files }) => files, 1),
    bytesColumn(),
    {
      id: 'newest',
      title: 'newest',
      width: 8,
      align: 'right',
      drop: 2,
      text: ({ newest }, { now }) => formatAge(Math.max(0, now - newest)),
      compare: (one, other) => compareLargest(one.newest, other.newest),
    },
  ],
});

/** cacheFuzzTestView is the inputs of one fuzz test, the newest first; its subject is the import path, a slash and the test. */
export const cacheFuzzTestView = defineTable<FuzzFile>({
  id: 'cache-fuzz-test',
  crumb: (_state, { subject = '' }) => subject.slice(subject.lastIndexOf('/') + 1),
  command: (state, { subject }) => `ls -lt ${corpus(state, subject)}`,
  enter: (_state, { subject }, id) => ({ view: 'cache-fuzz-file', subject: `${subject}/${id}` }),
  sort: { column: 'made', isReversed: false },
  empty: (state, level) => lookWords(state, lookAt(state, level)),
  inputs: ({ explorer }) => [explorer.looks],
  items(state, level) {
    const looked = lookAt(state, level);
    return looked?.type === 'fuzz-test' ? looked.files : noFiles;
  },
  idOf: ({ name }) => name,
  nameOf: ({ name }) => name,
  columns: [
    nameColumn('input', ({ name }) => name),
    bytesColumn(),
    {
      id: 'made',
      title: 'found',
      width: 8,
      align: 'right',
      text: ({ mtime }, { now }) => formatAge(Math.max(0, now - mtime)),
      compare: (one, other) => other.mtime - one.mtime,
    },
  ],
});

/** cacheFuzzFileView is one input as Go wrote it: `go test fuzz v1` and a value a line. */
export const cacheFuzzFileView: TextView = {
  kind: 'text',
  id: 'cache-fuzz-file',
  opensAt: 'top',
  crumb: (_state, { subject = '' }) => subject.slice(subject.lastIndexOf('/') + 1),
  command: (state, { subject }) => `cat ${corpus(state, subject)}`,
  lines(state, level) {
    const looked = lookAt(state, level);
    if (looked?.type !== 'fuzz-file') return [[toned(lookWords(state, looked), 'quiet')]];
    return textLines(looked.content).map((line): Line => [line]);
  },
};
