import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoSumLine } from '../../checksums/go-sum.ts';
import { hashGoMod } from '../../checksums/h1.ts';
import { hashZip } from '../../checksums/hash-zip.ts';
import { type Problem, reasonOf } from '../../platform/problem.ts';
import { type ArchivedModule, type Manifest, manifestName, readManifest } from './manifest.ts';
import { archivePath, differs } from './write.ts';

/** CheckedArchive is an archive whose every file has the sum of the manifest, and none contradicts go.sum. */
export type CheckedArchive = { readonly manifest: Manifest };

/** checkArchive hashes all that the manifest names, before anything is taken from it. Problems: it is not to be used. */
export async function checkArchive(
  directory: string,
  sums: readonly GoSumLine[],
  options: { readonly signal?: AbortSignal; onProgress?(done: number, of: number): void } = {},
): Promise<CheckedArchive | readonly Problem[]> {
  const file = join(directory, manifestName);
  let manifest: Manifest | string;
  try {
    manifest = readManifest(readFileSync(file, 'utf8'));
  } catch (error) {
    const repair = 'an archive is a folder that gocachetop prewarm --archive made';
    return [{ where: file, what: 'cannot be read', why: reasonOf(error), repair }];
  }
  if (typeof manifest === 'string') {
    const repair = 'make the archive again: gocachetop prewarm --archive DIR';
    return [{ where: file, what: 'is no manifest of an archive', why: manifest, repair }];
  }
  const problems: Problem[] = [];
  for (const [index, module] of manifest.modules.entries()) {
    options.signal?.throwIfAborted();
    problems.push(...(await checkModule(directory, module, sums)));
    options.onProgress?.(index + 1, manifest.modules.length);
  }
  return problems.length > 0 ? problems : { manifest };
}

async function checkModule(
  directory: string,
  module: ArchivedModule,
  sums: readonly GoSumLine[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const mod = archivePath(directory, module, 'mod');
  const info = archivePath(directory, module, 'info');
  for (const file of [mod, info]) if (!existsSync(file)) problems.push(wrong(file, 'it is not there'));
  if (existsSync(mod))
    problems.push(
      ...compare(mod, hashGoMod(readFileSync(mod)), module.mod, differs(sums, module, true, module.mod)),
    );
  if (module.zip === undefined) return problems;
  const zip = archivePath(directory, module, 'zip');
  if (!existsSync(zip)) return [...problems, wrong(zip, 'it is not there')];
  const hashed = await hashZip(zip, `${module.path}@${module.version}/`);
  if ('fault' in hashed) return [...problems, wrong(zip, hashed.fault)];
  return [...problems, ...compare(zip, hashed.h1, module.zip, differs(sums, module, false, module.zip))];
}

function compare(
  file: string,
  actual: string,
  expected: string,
  inGoSum: string | undefined,
): readonly Problem[] {
  return [
    ...(actual === expected ? [] : [wrong(file, `its sum is ${actual}, the manifest has ${expected}`)]),
    ...(inGoSum === undefined ? [] : [wrong(file, `the manifest has ${expected}, go.sum has ${inGoSum}`)]),
  ];
}

function wrong(file: string, why: string): Problem {
  return {
    where: file,
    what: 'nothing was taken in',
    why,
    repair: 'make the archive again from a machine that you trust',
  };
}
