import { readFileSync } from 'node:fs';
import { type GoSumLine, parseGoSum } from '../../checksums/go-sum.ts';
import type { Claim } from '../../checksums/verdict.ts';
import type { GoEnv } from '../../go/env.ts';
import { keyOf, loadGraph, type ModuleGraph, replacer } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import { codeOf, explain, type Problem } from '../../platform/problem.ts';
import { mainModuleOf } from '../module-needs/main-module.ts';
import { createModReader } from '../module-needs/mod-reader.ts';
import { readRoot } from '../module-needs/read-root.ts';
import type { RootFiles } from '../module-needs/root-needs.ts';

/** SumFile is a go.sum or go.work.sum that counts here. */
export type SumFile = { readonly file: string; readonly lines: readonly GoSumLine[] };

/** Recorded are the sums that go.sum files hold of one version. */
export type Recorded = { readonly zip: readonly Claim[]; readonly goMod: readonly Claim[] };

/** MainModule is what the main module, or the workspace here, says of other modules. */
export type MainModule = {
  readonly files: RootFiles;
  readonly graph: ModuleGraph;
  readonly sums: readonly SumFile[];
  /** recorded is by `path@version`. */
  readonly recorded: ReadonlyMap<string, Recorded>;
  /** needed are the versions that the build here takes packages from, and those whose go.mod it reads, after replacement. */
  readonly needed: readonly ModuleName[];
  /** required are those that a main module names itself: a build of it wants a sum of each that it imports from. */
  readonly required: ReadonlySet<string>;
};

/**
 * readMainModule reads go.mod, go.work, their sums and the module graph, without the go command: go list writes into GOMODCACHE
 * (an `.info` of another version anew, a folder that is missing). undefined where there is no main module.
 */
export function readMainModule(env: GoEnv): {
  readonly main: MainModule | undefined;
  readonly problems: readonly Problem[];
} {
  const [file] = mainModuleOf(env);
  if (file === undefined) return { main: undefined, problems: [] };
  const { files, problems } = readRoot(file);
  if (files === undefined) return { main: undefined, problems };
  const { mains, replace } = files;
  const isWorkspace = file.endsWith('.work');
  const graph = loadGraph({ mains, replace, isWorkspace, readMod: createModReader(env.gomodcache) });
  const actualOf = replacer(files);
  const selected = Array.from(graph.selected, ([path, version]) => actualOf({ path, version }));
  const { sums, problems: sumProblems } = readSumFiles(files.sums.map((each) => each.file));
  const required = mains.flatMap(({ file: mod }) =>
    mod.require.map(({ path }) => actualOf({ path, version: graph.selected.get(path) ?? '' })),
  );
  return {
    main: {
      files,
      graph,
      sums,
      recorded: recordedIn(sums),
      needed: [...selected, ...graph.loaded].filter(({ version }) => version !== ''),
      required: new Set(files.vendored === undefined ? required.map(keyOf) : []),
    },
    problems: [...problems, ...sumProblems],
  };
}

/** readSumFiles reads them once more, for the lines that go stops at: each of those is a problem. */
function readSumFiles(files: readonly string[]): {
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

/** recordedIn gives the sums by `path@version`; those of an algorithm that Go does not know are passed over. */
function recordedIn(files: readonly SumFile[]): ReadonlyMap<string, Recorded> {
  const recorded = new Map<string, { zip: Claim[]; goMod: Claim[] }>();
  for (const { file, lines } of files)
    for (const { path, version, isGoMod, sum, line } of lines) {
      if (!sum.startsWith('h1:')) continue;
      const name = keyOf({ path, version });
      const of = recorded.get(name) ?? { zip: [], goMod: [] };
      recorded.set(name, of);
      (isGoMod ? of.goMod : of.zip).push({ where: `${file}:${line}`, sum });
    }
  return recorded;
}
