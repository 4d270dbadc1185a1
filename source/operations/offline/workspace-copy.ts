import { copyFileSync, existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type GoPlace, runGoCommand } from '../../go/run.ts';
import { isRecord } from './listed.ts';

/**
 * copyWorkspace copies a go.work and its sums to a folder, with absolute paths, and gives the file for GOWORK: in a workspace
 * go adds sums to go.work.sum also under -mod=readonly (measured, go1.26). With a vendor folder it is left where it is,
 * since go looks for that beside it. A text is go's reason why it cannot be read.
 */
export async function copyWorkspace(
  gowork: string,
  folder: string,
  place: GoPlace,
): Promise<{ readonly gowork: string } | string> {
  const home = dirname(gowork);
  if (existsSync(join(home, 'vendor', 'modules.txt'))) return { gowork };
  const read = await runGoCommand(place, ['work', 'edit', '-json', gowork]);
  const work: unknown = read.isFine ? JSON.parse(read.stdout) : undefined;
  if (!isRecord(work)) return read.failure;
  const copy = join(folder, 'go.work');
  copyFileSync(gowork, copy);
  const sums = `${gowork.replace(/\.work$/, '')}.work.sum`;
  if (existsSync(sums)) copyFileSync(sums, join(folder, 'go.work.sum'));
  const edits = [...usesOf(work, home), ...replacesOf(work, home)];
  const edited = await runGoCommand(place, ['work', 'edit', ...edits, copy]);
  return edited.isFine ? { gowork: copy } : edited.failure;
}

function usesOf(work: Readonly<Record<string, unknown>>, home: string): readonly string[] {
  const uses = Array.isArray(work.Use) ? work.Use : [];
  return uses.flatMap((use: unknown) => {
    const path = isRecord(use) ? use.DiskPath : undefined;
    if (typeof path !== 'string' || isAbsolute(path)) return [];
    return [`-dropuse=${path}`, `-use=${resolve(home, path)}`];
  });
}

function replacesOf(work: Readonly<Record<string, unknown>>, home: string): readonly string[] {
  const replaces = Array.isArray(work.Replace) ? work.Replace : [];
  return replaces.flatMap((replace: unknown) => {
    if (!isRecord(replace) || !isRecord(replace.Old) || !isRecord(replace.New)) return [];
    const { Path: to, Version: toVersion } = replace.New;
    if (typeof to !== 'string' || toVersion !== undefined || isAbsolute(to)) return [];
    const { Path: path, Version: version } = replace.Old;
    const old = version === undefined ? `${path}` : `${path}@${version}`;
    return [`-replace=${old}=${resolve(home, to)}`];
  });
}
