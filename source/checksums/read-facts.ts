import { lstatSync } from 'node:fs';
import { codeOf, reasonOf } from '../platform/problem.ts';
import { type FileDifference, findDifferences, withoutRestored, type ZipFiles } from './difference.ts';
import type {
  Absent,
  Difference,
  FolderFacts,
  GoModFacts,
  InfoFacts,
  ModuleFacts,
  Unreadable,
  ZipFacts,
  ZiphashFacts,
} from './facts.ts';
import { holds, readSmallFile } from './file-reader.ts';
import { type FileHashes, h1Of, hashGoMod, isH1 } from './h1.ts';
import { hashFolder } from './hash-folder.ts';
import { hashZip, readZipFile } from './hash-zip.ts';
import { parseInfo } from './info.ts';
import type { ModuleFiles } from './module-files.ts';
import { diffTexts } from './text-diff.ts';

/** readFacts reads all that lies in GOMODCACHE of one version, zip and folder once each and whole; it changes nothing. */
export async function readFacts(files: ModuleFiles, path: string, version: string): Promise<ModuleFacts> {
  const prefix = `${path}@${version}/`;
  const isPartial = isThere(files.partial);
  /** same are files of the folder that hold what the zip holds: comparing is ten times as fast as hashing again. */
  const same = new Map<string, string>();
  const zip = await readZip(files.zip, prefix, (name, content, sum) => {
    if (holds(`${files.folder}/${name}`, content)) same.set(name, sum);
  });
  const folder = readFolder(files.folder, prefix, path === toolchainModule, same);
  const differences =
    zip.files === undefined || folder.files === undefined
      ? []
      : findDifferences(zip.files, folder.files, folder.present);
  return {
    path,
    version,
    zip: zip.facts,
    ziphash: readZiphash(files.ziphash),
    folder: folder.facts,
    goMod: readGoMod(files.goMod),
    goModInZip: goModSum(zip.files),
    info: readInfo(files.info, version),
    isPartial,
    differences: withDiffs(files, prefix, differences),
  };
}

/** toolchainModule is what Go's own toolchains come as. `cmd/go/internal/gover: golang.org/toolchain, go1.26` */
const toolchainModule = 'golang.org/toolchain';

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** absentOr tells a file that is not there from one that cannot be read. */
function absentOr(error: unknown): Absent | Unreadable {
  return codeOf(error) === 'ENOENT' ? { state: 'absent' } : { state: 'unreadable', why: reasonOf(error) };
}

async function readZip(
  path: string,
  prefix: string,
  see: (name: string, content: Buffer, sum: string) => void,
): Promise<{ readonly facts: ZipFacts; readonly files: ZipFiles | undefined }> {
  try {
    const found = await hashZip(path, prefix, see);
    if ('h1' in found) return { facts: { state: 'hashed', h1: found.h1 }, files: found.files };
    // What it names and cannot give is there all the same: it is compared with nothing.
    const files = new Map([...found.damaged.map((name) => [name, undefined] as const), ...found.files]);
    return {
      facts: { state: 'damaged', why: found.fault, files: found.damaged },
      files: found.files.size === 0 ? undefined : files,
    };
  } catch (error) {
    return { facts: absentOr(error), files: undefined };
  }
}

type FolderRead = {
  readonly facts: FolderFacts;
  readonly files: FileHashes | undefined;
  /** present are files that are there without a hash. */
  readonly present: ReadonlySet<string>;
};

function readFolder(path: string, prefix: string, isToolchain: boolean, same: FileHashes): FolderRead {
  try {
    const { odd, ...all } = hashFolder(path, prefix, same);
    const files = isToolchain ? withoutRestored(all.files) : all.files;
    const h1 = isToolchain && odd.length === 0 ? h1Of(files, prefix) : all.h1;
    const present = new Set(odd.filter(({ kind }) => kind !== 'gone').map(({ name }) => name));
    return { facts: { state: 'hashed', h1, files: files.size, goMod: goModSum(files), odd }, files, present };
  } catch (error) {
    return { facts: absentOr(error), files: undefined, present: new Set() };
  }
}

/** goModSum is the h1 of the go.mod among files. */
function goModSum(files: ZipFiles | undefined): string | undefined {
  const sum = files?.get('go.mod');
  return sum === undefined ? undefined : h1Of(new Map([['go.mod', sum]]));
}

function readZiphash(path: string): ZiphashFacts {
  try {
    const text = readSmallFile(path).toString('utf8').trim();
    return isH1(text)
      ? { state: 'sum', h1: text }
      : { state: 'malformed', text: JSON.stringify(text.slice(0, 60)) };
  } catch (error) {
    return absentOr(error);
  }
}

function readGoMod(path: string): GoModFacts {
  try {
    return { state: 'hashed', h1: hashGoMod(readSmallFile(path)) };
  } catch (error) {
    return absentOr(error);
  }
}

function readInfo(path: string, version: string): InfoFacts {
  try {
    return parseInfo(readSmallFile(path).toString('utf8'), version);
  } catch (error) {
    return absentOr(error);
  }
}

// The first few say what happened; the others are named.
const mostDiffs = 3;

function withDiffs(files: ModuleFiles, prefix: string, differences: readonly FileDifference[]): Difference[] {
  let diffs = 0;
  return differences.map((difference) => {
    const isShown = difference.kind === 'changed' && diffs < mostDiffs;
    const diff = isShown ? diffOf(files, prefix, difference.name) : undefined;
    if (diff !== undefined) diffs += 1;
    return { ...difference, diff };
  });
}

function diffOf(files: ModuleFiles, prefix: string, name: string): readonly string[] | undefined {
  try {
    const before = readZipFile(files.zip, `${prefix}${name}`);
    const after = readSmallFile(`${files.folder}/${name}`);
    return before === undefined || after.length > mostDiffBytes
      ? undefined
      : diffTexts(before.toString('utf8'), after.toString('utf8'));
  } catch {
    // Gone meanwhile: the name is told all the same.
    return undefined;
  }
}

// A source file is far smaller.
const mostDiffBytes = 1024 * 1024;
