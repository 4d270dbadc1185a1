import { readdirSync } from 'node:fs';
import type { ActionId } from '../../go/ids.ts';
import {
  type ActionEntry,
  type ActionEntryFault,
  actionEntrySize,
  parseActionEntry,
} from '../action-entry.ts';
import { readArchiveIdentity, readHead } from '../archive-file.ts';
import type { OutputKind } from '../output-kind.ts';
import { classifyOutput, outputHeadSize } from '../output-kind.ts';
import type { ActionsRead } from './entry-change.ts';
import { hexAt } from './entry-pack.ts';
import { idSize } from './id-table.ts';
import { type ArchiveName, nameOf } from './name.ts';
import type { ProgramPaths } from './program-path.ts';

/** NamedOutput is what the content of an output says. */
export type NamedOutput = {
  readonly id: string;
  readonly kind: OutputKind;
  readonly name: ArchiveName | undefined;
  /** generated are the files of a `files` list that go stores under keys of their own, as `covervars.go`. */
  readonly generated: readonly string[];
  /** mainAction is the start of the action ID of an executable's main archive, 20 characters of base64url. */
  readonly mainAction: string | undefined;
};

/** readActions reads the content of action entries; `ids` are packed, 32 bytes each. */
export function readActions(gocache: string, ids: Uint8Array): ActionsRead {
  const count = ids.length / idSize;
  const outputs = Buffer.from(new ArrayBuffer(ids.length));
  const sizes = new Float64Array(count);
  const addedAt = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const id = hexAt(ids, index);
    const entry = readAction(`${gocache}/${id.slice(0, 2)}/${id}-a`, id as ActionId);
    if ('fault' in entry) sizes[index] = -1;
    else {
      outputs.write(entry.outputId, index * idSize, idSize, 'hex');
      sizes[index] = entry.sizeBytes;
      addedAt[index] = entry.addedAt;
    }
  }
  return { type: 'read', ids, outputs: new Uint8Array(outputs.buffer), sizes, addedAt };
}

function readAction(path: string, id: ActionId): ActionEntry | ActionEntryFault {
  try {
    return parseActionEntry(readHead(path, actionEntrySize + 1), id);
  } catch {
    return { fault: 'cannot be read' };
  }
}

/** nameOutputs reads of each output what it is: its first bytes, of an archive about ten small places. */
export function nameOutputs(
  gocache: string,
  ids: Uint8Array,
  folders: Uint8Array,
  programs: ProgramPaths,
): NamedOutput[] {
  return Array.from({ length: ids.length / idSize }, (_, index) =>
    nameOutput(gocache, hexAt(ids, index), folders[index] === 1, programs),
  );
}

function nameOutput(gocache: string, id: string, isFolder: boolean, programs: ProgramPaths): NamedOutput {
  const path = `${gocache}/${id.slice(0, 2)}/${id}-d`;
  const plain = { id, name: undefined, generated: [], mainAction: undefined };
  try {
    if (isFolder) return { ...plain, kind: 'executable', mainAction: mainActionOf(path) };
    const head = readHead(path, outputHeadSize);
    const kind = classifyOutput(head);
    if (kind === 'archive') {
      const archive = readArchiveIdentity(path);
      return {
        ...plain,
        kind,
        name: 'fault' in archive ? undefined : nameOf(archive, programs.pathOf(archive)),
      };
    }
    if (kind === 'files') return { ...plain, kind, generated: generatedFiles(path) };
    if (kind === 'other' || kind === 'test') return { ...plain, ...testResult(path, kind) };
    return { ...plain, kind };
  } catch {
    return { ...plain, kind: 'unknown' };
  }
}

/** generatedFiles are the lines of a list without `./`: such a file is stored as an output of its own. */
function generatedFiles(path: string): readonly string[] {
  const text = Buffer.from(readHead(path, longestList)).toString('utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('./'));
}

const longestList = 64 * 1024;

/**
 * testResult looks for the last line of a test's output, `ok  \texample.com/a\t0.279s`: it may follow much text.
 * cmd/go/internal/test: (*runCache).saveOutput, go1.26
 */
function testResult(
  path: string,
  kind: OutputKind,
): { readonly kind: OutputKind; readonly name: ArchiveName | undefined } {
  const text = Buffer.from(readHead(path, longestResult)).toString('utf8');
  const tested = /^ok {2}\t(\S+)\t\d+\.\d+s.*\n$/m.exec(
    text.slice(text.lastIndexOf('\n', text.length - 2) + 1),
  )?.[1];
  if (tested === undefined) return { kind, name: undefined };
  return { kind: 'test', name: { ...resultName, importPath: tested } };
}

const longestResult = 1024 * 1024;

const resultName = {
  part: 'result',
  isMain: false,
  goVersion: '',
  platform: '',
  flags: [],
  directory: undefined,
  module: undefined,
} as const;

/**
 * mainActionOf finds the build ID in an executable, `link/main action/main content/link content`, in a note near its
 * start (cmd/internal/buildid: ReadFile, go1.26).
 */
function mainActionOf(folder: string): string | undefined {
  const [file] = readdirSync(folder);
  if (file === undefined) return undefined;
  const head = Buffer.from(readHead(`${folder}/${file}`, 32 * 1024)).toString('latin1');
  return /[\w-]{20}\/([\w-]{20})\/[\w-]{20}\/[\w-]{20}/.exec(head)?.[1];
}
