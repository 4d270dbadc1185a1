import { readFileSync } from 'node:fs';
import { isH1 } from '../../checksums/h1.ts';
import { filesOf } from '../../checksums/module-files.ts';
import { keyOf } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { MainModule } from '../verify/main-module.ts';
import type { Known } from './judge.ts';

/** knownSums are the sums of a version that this machine has: the lines of go.sum, and the .ziphash in GOMODCACHE. */
export function knownSums(
  gomodcache: string,
  name: ModuleName,
  main: MainModule | undefined,
): readonly Known[] {
  const recorded = main?.recorded.get(keyOf(name));
  const files = filesOf(gomodcache, name.path, name.version);
  const ziphash = files === undefined ? undefined : readText(files.ziphash)?.trim();
  return [
    ...(recorded?.zip ?? []).map(({ where, sum }): Known => ({ where, what: 'zip', sum })),
    ...(recorded?.goMod ?? []).map(({ where, sum }): Known => ({ where, what: 'go.mod', sum })),
    ...(files === undefined || ziphash === undefined || !isH1(ziphash)
      ? []
      : [{ where: files.ziphash, what: 'zip', sum: ziphash } as const]),
  ];
}

/** readText reads a small file of go; an empty one counts as none, as for go. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8') || undefined;
  } catch {
    return undefined;
  }
}
