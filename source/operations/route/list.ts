import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseGoSum } from '../../checksums/go-sum.ts';
import { readRequires } from '../../go/go-mod.ts';
import { codeOf, type Problem, reasonOf } from '../../platform/problem.ts';
import type { RecordedSums } from './walk/walker.ts';

/** RequiredModules are what a go.mod requires, and what made reading it fail. */
export type RequiredModules = {
  readonly modules: readonly { readonly path: string; readonly version: string }[];
  readonly problems: readonly Problem[];
};

/** listRequired reads the modules that go.mod requires, from `go env GOMOD`; none outside of a module. From go 1.17 on they are all that a build needs. */
export async function listRequired(gomod: string): Promise<RequiredModules> {
  if (!gomod.endsWith('go.mod')) return { modules: [], problems: [] };
  try {
    return { modules: readRequires(await readFile(gomod, 'utf8')).requires, problems: [] };
  } catch (error) {
    const why = reasonOf(error);
    return {
      modules: [],
      problems: [{ where: gomod, what: 'cannot be read', why, repair: 'make it readable' }],
    };
  }
}

/** listSums reads go.sum and go.work.sum, where a module is not asked about again; what is not there or cannot be read has no lines. */
export async function listSums({
  gomod,
  gowork,
}: {
  readonly gomod: string;
  readonly gowork: string;
}): Promise<{
  readonly recorded: RecordedSums;
  readonly problems: readonly Problem[];
}> {
  const problems: Problem[] = [];
  const sums = new Map<string, string>();
  const files = [
    ...(gomod.endsWith('go.mod') ? [join(dirname(gomod), 'go.sum')] : []),
    ...(gowork.endsWith('.work') ? [`${gowork}.sum`] : []),
  ];
  for (const file of files) {
    try {
      for (const { path, version, isGoMod, sum } of parseGoSum(await readFile(file, 'utf8')).lines)
        sums.set(`${path}@${version} ${isGoMod ? 'mod' : 'zip'}`, sum);
    } catch (error) {
      const why = reasonOf(error);
      if (codeOf(error) !== 'ENOENT')
        problems.push({ where: file, what: 'cannot be read', why, repair: 'make it readable' });
    }
  }
  return { recorded: (module, version, of) => sums.get(`${module}@${version} ${of}`), problems };
}
