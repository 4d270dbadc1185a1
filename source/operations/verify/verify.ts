import type { ModuleFacts } from '../../checksums/facts.ts';
import { judge } from '../../checksums/judge.ts';
import { filesOf } from '../../checksums/module-files.ts';
import type { ModuleVerdict } from '../../checksums/verdict.ts';
import type { GoEnv } from '../../go/env.ts';
import type { Environment } from '../../go/settings.ts';
import { keyOf } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { Problem } from '../../platform/problem.ts';
import { caseCollisions, replacesIntoCache, staleLines } from './conflicts.ts';
import { openDatabase, type WordOf } from './database.ts';
import { createFactStore } from './fact-store.ts';
import { holderOf } from './held.ts';
import { listVersions } from './list.ts';
import { type MainModule, readMainModule } from './main-module.ts';
import { type Asked, askDatabase } from './probe.ts';
import { selectNamed, selectNeeded } from './scope.ts';
import { type Trace, traceOf } from './trace.ts';

/** VerifyOptions say what to verify, and how. */
export type VerifyOptions = {
  readonly env: GoEnv;
  /** words are MODULE or MODULE@VERSION; without any it is what the main module here needs, or with isAll everything. */
  readonly words: readonly string[];
  readonly isAll: boolean;
  /** network is the environment in which the checksum database is asked about what no kept answer proves; undefined asks nobody. */
  readonly network: Environment | undefined;
  /** isPatient leaves the processor to builds. */
  readonly isPatient: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
};

/** Verified is the verdict on one version; `trace` says of a faulty one how it came into the build here. */
export type Verified = ModuleVerdict & { readonly trace: Trace | undefined };

/** Verification is what came of it. */
export type Verification = {
  /** scope is what was verified: `named` modules, what the `main` module here needs, or `all` of GOMODCACHE. */
  readonly scope: 'named' | 'main' | 'all';
  readonly gomodcache: string;
  readonly sumFiles: readonly string[];
  readonly modules: readonly Verified[];
  /** notes are about more than one module, and no faults. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  readonly durationMs: number;
};

/**
 * verify compares all there is of module versions, with two threads, and says whose fault each difference is. It writes
 * nothing, runs no go command, asks no network unless told to, and needs no main module. It rejects with the signal's reason when it is stopped.
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const startedAt = performance.now();
  const { main, problems } = readMainModule(options.env);
  const cache = listVersions(options.env.gomodcache);
  const scope = options.words.length > 0 ? 'named' : main !== undefined && !options.isAll ? 'main' : 'all';
  const named = selectNamed(cache.versions, options.words);
  const inScope =
    scope === 'named'
      ? named.chosen
      : scope === 'main' && main !== undefined
        ? selectNeeded(cache.versions, main)
        : cache.versions;
  const facts = createFactStore(cache.root, options);
  const keptWord = openDatabase(options.env, cache.root);
  const unproven = (): readonly ModuleName[] => inScope.filter((each) => !isProven(keptWord(each)));
  const { env, network, signal } = options;
  const asking = network === undefined ? nothingAsked : askDatabase(env, unproven(), network, signal);
  const [asked] = await Promise.all([asking, facts.read(inScope)]);

  const judged = (name: ModuleName, busy: string | undefined): ModuleVerdict[] => {
    const of = facts.get(keyOf(name));
    const database = asked.words.get(keyOf(name)) ?? keptWord(name);
    return of === undefined ? [] : [judge(of, { ...recordOf(of, main), database, busy })];
  };
  const busy = new Map<string, string>();
  const again: ModuleName[] = [];
  for (const module of facts.versions()) {
    if (judged(module, undefined)[0]?.verdict !== 'faulty') continue;
    const holder = holderOf(filesOf(cache.root, module.path, module.version)?.lock);
    if (holder === undefined) again.push(module);
    else busy.set(keyOf(module), holder);
  }
  // A go command may have been at it while we read: what is still wrong now is wrong.
  await facts.read(again);
  const verdicts = facts.versions().flatMap((each) => judged(each, busy.get(keyOf(each))));
  return {
    scope,
    gomodcache: cache.root,
    sumFiles: main?.sums.map(({ file }) => file) ?? [],
    modules: verdicts.map((each) => ({ ...each, trace: traceFor(each, main) })),
    notes: [
      ...caseCollisions(inScope),
      ...(main === undefined ? [] : [...replacesIntoCache(main, cache.root), ...staleLines(main)]),
    ],
    problems: [...cache.problems, ...named.problems, ...problems, ...asked.problems],
    durationMs: performance.now() - startedAt,
  };
}

const nothingAsked: Asked = { words: new Map(), problems: [] };

function isProven(word: ReturnType<WordOf>): boolean {
  return typeof word === 'object' && word.standing === 'proven';
}

/** recordOf is what the main module here has recorded of a version. */
function recordOf(facts: ModuleFacts, main: MainModule | undefined) {
  const name = keyOf(facts);
  const { zip = [], goMod = [] } = main?.recorded.get(name) ?? {};
  const hasContent = facts.zip.state !== 'absent' || facts.folder.state !== 'absent';
  const isWanted = hasContent && main?.required.has(name) === true;
  const missing = [...(zip.length > 0 ? [] : [name]), ...(goMod.length > 0 ? [] : [`${name}/go.mod`])];
  return {
    zip,
    goMod,
    missing:
      isWanted && missing.length > 0
        ? `go.mod requires it and go.sum has no line for ${missing.join(' and ')}: a build that imports from it stops at "missing go.sum entry"`
        : undefined,
  };
}

function traceFor(
  { verdict, path, version }: ModuleVerdict,
  main: MainModule | undefined,
): Trace | undefined {
  return verdict === 'faulty' && main !== undefined ? traceOf(main.graph, { path, version }) : undefined;
}
