import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { OutputId } from '../../go/ids.ts';
import { openQuietly, readArchive, readHead } from '../archive-file.ts';
import { parseImports } from '../archive-header.ts';
import { parseSymbols, type SymbolTable } from '../archive-symbols.ts';
import type { EntryFacts } from './entry-facts.ts';
import { type AtimeRule, parseAtimeRule, wasUsed } from './first-use.ts';
import { isText } from './hexdump.ts';

/** EntryContent is what the files of an entry say themselves. Times are Unix milliseconds. */
export type EntryContent = {
  /** file holds the bytes: of an executable the one in the folder. */
  readonly file: string;
  /** madeAt is when the file was made here, where the file system keeps that. */
  readonly madeAt: number | undefined;
  /** wasUsed says whether Go has used it since it was made; undefined where no time tells. */
  readonly wasUsed: boolean | undefined;
  /** isWhole says that its sha256 is its name; undefined for one too large to be read in passing. */
  readonly isWhole: boolean | undefined;
  /** header of an archive: `go object linux amd64 go1.26.8 GOAMD64=v1`, and its build ID. */
  readonly header: string | undefined;
  readonly buildId: string | undefined;
  readonly imports: readonly string[] | undefined;
  /** program is what `go version -m` says of an executable. */
  readonly program: readonly string[] | undefined;
  /** head is the first bytes, and all of a small output. */
  readonly head: Uint8Array;
  readonly isText: boolean;
};

// A screenful is some 2 kB; a list of sources or a test log seldom has more than this.
const mostText = 64 * 1024;
const mostBytes = 4096;
// Larger than nearly all archives, hashed within a tenth of a second.
const mostHashed = 32 * 1024 * 1024;

/** probeEntry reads the files of an entry. The error of the system goes to the caller. */
export async function probeEntry(gocache: string, facts: EntryFacts): Promise<EntryContent> {
  const path = outputPath(gocache, facts.id);
  const stats = await lstat(path);
  const [inside] = facts.isFolder ? await readdir(path) : [];
  const file = inside === undefined ? path : `${path}/${inside}`;
  const isEmptyFolder = facts.isFolder && inside === undefined;
  const large = isEmptyFolder ? Buffer.alloc(0) : readHead(file, mostText);
  const hasText = facts.kind !== 'archive' && !facts.isFolder && isText(large);
  const header = facts.kind === 'archive' ? headerLines(large) : undefined;
  return {
    file,
    madeAt: stats.birthtimeMs > 0 ? stats.birthtimeMs : undefined,
    wasUsed: await probeUse(gocache, facts),
    isWhole: isEmptyFolder
      ? false
      : facts.bytes <= mostHashed
        ? (await hashFile(file)) === facts.id
        : undefined,
    header: header?.[0],
    buildId: /^build id "(.*)"$/.exec(header?.[1] ?? '')?.[1],
    imports: facts.kind === 'archive' ? readArchive(file, parseImports)?.toSorted() : undefined,
    program: facts.isFolder && !isEmptyFolder ? await describeProgram(file) : undefined,
    head: hasText ? large : large.subarray(0, mostBytes),
    isText: hasText,
  };
}

/** probeSymbols reads the largest symbols of an archive. */
export function probeSymbols(gocache: string, id: OutputId, most: number): SymbolTable {
  const table = readArchive(outputPath(gocache, id), (read) => parseSymbols(read, most));
  if ('fault' in table) throw new Error(table.fault);
  return table;
}

/** outputPath is where an output lies. */
function outputPath(gocache: string, id: string): string {
  return `${gocache}/${id.slice(0, 2)}/${id}-d`;
}

/** headerLines are the first lines of __.PKGDEF, which follow the names of the archive and the member. */
function headerLines(head: Uint8Array): readonly string[] {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 1024)).toString('latin1');
  return text.split('\n', 4).slice(2);
}

/** probeUse looks at the times of all action entries that point to it: one that was used is enough. */
async function probeUse(gocache: string, { actions, actionCount }: EntryFacts): Promise<boolean | undefined> {
  const rule = await probeAtimeRule(gocache);
  const uses = await Promise.all(
    actions.map(async ({ id, addedAt }) => {
      if (addedAt === undefined) return undefined;
      const stats = await lstat(`${gocache}/${id.slice(0, 2)}/${id}-a`).catch(() => undefined);
      if (stats === undefined) return undefined;
      // Reads of ours leave no trace only on files that are ours: open(2), O_NOATIME.
      const isOurs = process.getuid?.() === 0 || process.getuid?.() === stats.uid;
      // What was copied or restored has the atime that the copying gave it.
      const isOriginal = stats.birthtimeMs - addedAt < copyMs;
      return wasUsed(
        { atime: stats.atimeMs, mtime: stats.mtimeMs, addedAt },
        isOurs && isOriginal ? rule : undefined,
      );
    }),
  );
  if (uses.includes(true)) return true;
  return actions.length === 0 || actionCount > actions.length || uses.includes(undefined) ? undefined : false;
}

// Go makes an entry when it writes it; a clock that is set meanwhile may lie between.
const copyMs = 60_000;

async function probeAtimeRule(path: string): Promise<AtimeRule> {
  if (process.platform !== 'linux') return undefined;
  const mountinfo = await readFile('/proc/self/mountinfo', 'utf8').catch(() => undefined);
  return mountinfo === undefined ? undefined : parseAtimeRule(mountinfo, path);
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  const descriptor = openQuietly(file);
  try {
    while (true) {
      const count = readSync(descriptor, buffer, 0, buffer.length, null);
      if (count === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, count));
      // A megabyte takes a millisecond; keys come in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** describeProgram asks go which modules are in an executable; it is a part of the go command and writes nothing to GOCACHE. */
async function describeProgram(file: string): Promise<readonly string[] | undefined> {
  try {
    // Outside of any module, so that no toolchain line of a go.mod asks for another go.
    const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '' };
    const { stdout } = await promisify(execFile)('go', ['version', '-m', file], {
      cwd: '/',
      env,
      timeout: 10_000,
    });
    return stdout.trimEnd().split('\n');
  } catch {
    return undefined;
  }
}
