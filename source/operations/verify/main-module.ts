import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type GoSumLine, parseGoSum } from '../../checksums/go-sum.ts';
import type { GoEnv } from '../../go/env.ts';
import { splitGoFlags } from '../../go/flags.ts';
import { codeOf, explain, type Problem } from '../../platform/problem.ts';
import type { ListedModule } from './go-list.ts';

/** SumFile is a go.sum or go.work.sum that counts here. */
export type SumFile = { readonly file: string; readonly lines: readonly GoSumLine[] };

/** hasMainModule says whether go finds a go.mod or go.work here. */
export function hasMainModule(env: Pick<GoEnv, 'gomod' | 'gowork'>): boolean {
  return isWorkspace(env) || (env.gomod !== '' && env.gomod !== '/dev/null' && env.gomod !== 'NUL');
}

/** isWorkspace says whether a go.work joins several main modules. */
export function isWorkspace({ gowork }: Pick<GoEnv, 'gowork'>): boolean {
  return gowork !== '' && gowork !== 'off';
}

/**
 * sumFilesOf are the files whose sums go compares with: go.sum beside go.mod (x.sum with -modfile=x.mod), and in a workspace
 * go.work.sum and the go.sum of every main module. `cmd/go/internal/modfetch: initGoSum, go1.26`
 */
export function sumFilesOf(env: GoEnv, modules: readonly ListedModule[]): readonly string[] {
  if (!isWorkspace(env)) return [modFileOf(env).replace(/\.mod$/, '.sum')];
  const used = modules.filter(({ isMain }) => isMain).map(({ directory }) => join(directory, 'go.sum'));
  return [env.gowork.replace(/\.work$/, '.work.sum'), ...used];
}

function modFileOf({ gomod, goflags }: GoEnv): string {
  const flag = splitGoFlags(goflags)
    .words.map((word) => /^--?modfile=(.+\.mod)$/.exec(word)?.[1])
    .findLast((file) => file !== undefined);
  if (flag === undefined) return gomod;
  return isAbsolute(flag) ? flag : join(dirname(gomod), flag);
}

/** readSumFiles reads them; one that is not there is empty, as for go. A line that go stops at is a problem. */
export function readSumFiles(files: readonly string[]): {
  readonly sums: readonly SumFile[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const sums = files.map((file): SumFile => {
    try {
      const { lines, faults } = parseGoSum(readFileSync(file, 'utf8'));
      for (const { line, why } of faults)
        problems.push({ where: `${file}:${line}`, what: 'malformed go.sum', why, repair: 'go mod tidy' });
      return { file, lines };
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') problems.push(explain(file, 'cannot be read', error));
      return { file, lines: [] };
    }
  });
  return { sums, problems };
}
