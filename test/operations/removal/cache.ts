import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { actionEntrySize, formatActionEntry } from '../../../source/build-cache/action-entry.ts';
import { cacheFileName, isCacheFolder, parseCacheFileName } from '../../../source/build-cache/file-name.ts';
import type { ActionId, OutputId } from '../../../source/go/ids.ts';
import type { RemovalPlan } from '../../../source/operations/removal/removal.ts';

export const minute = 60_000;
export const hour = 60 * minute;

/** Pair is an output and the action entries that name it; ages are those of their mtimes. */
export type Pair = {
  readonly content: string;
  readonly actionAges?: readonly number[];
  readonly outputAge?: number;
  /** isProgram: the output is a folder, as of `go run`. */
  readonly isProgram?: boolean;
};

export type PutPair = { readonly actions: readonly ActionId[]; readonly output: OutputId };

/** makeFolder makes a temporary folder; `remove` is for the end of the test. */
export function makeFolder(): { readonly path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-removal-')));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** layOut makes an empty GOCACHE, as Go does, but for the folders of the 256 that nothing is put into. */
export function layOut(gocache: string): void {
  mkdirSync(gocache, { recursive: true });
  const readme =
    'This directory holds cached build artifacts from the Go build system.\nRun "go clean -cache"\n';
  writeFileSync(join(gocache, 'README'), readme);
  mkdirSync(join(gocache, '00'), { recursive: true });
}

/** putPair writes an output and its action entries, as Go does; three hours old unless said. */
export function putPair(gocache: string, pair: Pair): PutPair {
  const { content, actionAges = [3 * hour], outputAge = 3 * hour, isProgram = false } = pair;
  const output = sha256(content) as OutputId;
  const path = join(gocache, cacheFileName({ kind: 'output', id: output }));
  mkdirSync(isProgram ? path : dirname(path), { recursive: true });
  writeFileSync(isProgram ? join(path, 'app') : path, content);
  setAge(path, outputAge);
  const actions = actionAges.map((age, index) => {
    const action = sha256(`action ${index} of ${content}`) as ActionId;
    putAction(gocache, action, output, content.length, age);
    return action;
  });
  return { actions, output };
}

/** putAction writes an action entry alone. */
export function putAction(
  gocache: string,
  action: ActionId,
  output: OutputId,
  sizeBytes: number,
  age: number,
): void {
  const path = join(gocache, cacheFileName({ kind: 'action', id: action }));
  mkdirSync(dirname(path), { recursive: true });
  const entry = { actionId: action, outputId: output, sizeBytes, addedAt: Date.now() - age };
  writeFileSync(path, formatActionEntry(entry));
  setAge(path, age);
}

function setAge(path: string, age: number): void {
  const at = (Date.now() - age) / 1000;
  utimesSync(path, at, at);
}

/** planOf is the plan that removes these pairs. */
export function planOf(gocache: string, ...pairs: readonly PutPair[]): RemovalPlan {
  return {
    gocache,
    actions: pairs.flatMap(({ actions }) => actions),
    outputs: pairs.map(({ output }) => output),
  };
}

/** planOfAll is the plan that removes every entry there is, less those named. */
export function planOfAll(gocache: string, less: ReadonlySet<string> = new Set()): RemovalPlan {
  const files = entryNames(gocache)
    .filter((name) => !less.has(name))
    .map(parseCacheFileName);
  return {
    gocache,
    actions: files.flatMap((file) => (file?.kind === 'action' ? [file.id] : [])),
    outputs: files.flatMap((file) => (file?.kind === 'output' ? [file.id] : [])),
  };
}

/** entryNames lists `3f/3f0a...-a` and the like, also in a batch of the trash. */
export function entryNames(folder: string): string[] {
  return readdirSync(folder)
    .filter(isCacheFolder)
    .flatMap((sub) => readdirSync(join(folder, sub)).map((name) => `${sub}/${name}`))
    .filter((name) => parseCacheFileName(name) !== undefined)
    .sort();
}

/** snapshot is every entry with its times and size: what an undo has to bring back. */
export function snapshot(gocache: string): Record<string, { mtimeMs: number; size: number; mode: number }> {
  return Object.fromEntries(
    entryNames(gocache).map((name) => {
      const { mtimeMs, size, mode } = lstatSync(join(gocache, name));
      return [name, { mtimeMs, size, mode }];
    }),
  );
}

/** actionPath and outputPath are where an entry lies. */
export function actionPath(gocache: string, id: ActionId | undefined): string {
  return join(gocache, cacheFileName({ kind: 'action', id: id ?? ('' as ActionId) }));
}

export function outputPath(gocache: string, id: OutputId): string {
  return join(gocache, cacheFileName({ kind: 'output', id }));
}

/** sizeOfPair is the bytes of an output of `content` and so many action entries. */
export function sizeOfPair(content: string, actions = 1): number {
  return content.length + actions * actionEntrySize;
}

/** writeAt writes a file and the folders above it. */
export function writeAt(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
