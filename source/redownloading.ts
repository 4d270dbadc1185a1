import type { GoEnv } from './go/env.ts';
import type { Environment } from './go/settings.ts';
import type { ModuleVersion } from './module-cache/paths.ts';
import { type MainWord, readMainWord } from './operations/redownload/main-module.ts';
import { recoverRepairs } from './operations/redownload/recover.ts';
import { type Preview, previewRepair, redownload } from './operations/redownload/redownload.ts';
import type { Repair, RepairStep } from './operations/redownload/repair.ts';
import { formatProblem, type Problem, reasonOf } from './platform/problem.ts';
import type { AppEvent } from './store/event.ts';
import { formatBytes, formatCountOf } from './store/format.ts';
import type { RedownloadEvent, RedownloadOrder } from './store/redownload.ts';

/** Redownloading repairs modules of GOMODCACHE for the screen. */
export type Redownloading = {
  /** carryOut does what the screen asks for; one repair at a time. */
  carryOut(order: RedownloadOrder): Promise<void>;
  /** recover finishes or takes back what a run before this one left behind, and tells it. */
  recover(): Promise<void>;
  /** finish breaks off what is under way: what was not swapped in is taken back. */
  finish(): Promise<void>;
};

/** createRedownloading returns one for the user's folder and environment. */
export function createRedownloading(options: {
  readonly env: GoEnv;
  readonly environment: Environment;
  readonly isReadOnly: boolean;
  readonly dispatch: (event: AppEvent) => void;
  /** changed is called with modules that are others than before. */
  readonly changed: (modules: readonly ModuleVersion[]) => void;
}): Redownloading {
  const { env, environment, isReadOnly, dispatch, changed } = options;
  let stopping = new AbortController();
  let isBusy = false;
  let current: Promise<void> = Promise.resolve();

  const say = (text: string): void => dispatch({ type: 'screen', event: { type: 'said', text } });
  const tell = (event: RedownloadEvent): void => dispatch({ type: 'redownload', event });
  const report = (problems: readonly Problem[]): void => {
    for (const problem of problems) dispatch({ type: 'problem', problem });
  };

  /** look finds what is wrong with each; a later look breaks off an earlier one. */
  async function look(modules: readonly ModuleVersion[]): Promise<void> {
    stopping.abort();
    stopping = new AbortController();
    const { signal } = stopping;
    const previews: Preview[] = [];
    tell({ type: 'look', look: { modules, previews: [], problem: undefined } });
    try {
      const mainModule = readMainWord(env);
      report(mainModule.problems);
      for (const module of modules) {
        previews.push(await previewRepair(module, { env, mainModule }));
        if (signal.aborted) return;
        tell({ type: 'look', look: { modules, previews: [...previews], problem: undefined } });
      }
    } catch (error) {
      const problem = {
        where: env.gomodcache,
        what: 'cannot be looked at',
        why: reasonOf(error),
        repair: '',
      };
      if (!signal.aborted) tell({ type: 'look', look: { modules: [], previews: [], problem } });
    }
  }

  async function start(modules: readonly ModuleVersion[], agreed: ReadonlySet<string>): Promise<void> {
    stopping = new AbortController();
    const repairs: Repair[] = [];
    try {
      const mainModule = readMainWord(env);
      for (const module of modules) {
        repairs.push(await repair(module, mainModule, agreed, repairs.length, modules.length));
        if (stopping.signal.aborted) break;
      }
      say(resultWords(repairs, modules.length));
    } catch (error) {
      say(`re-download: ${reasonOf(error)}`);
    }
    report(repairs.flatMap(({ problems }) => problems));
    isBusy = false;
    tell({ type: 'run', run: undefined });
    const repaired = repairs.filter(({ replaced }) => replaced.length > 0).map(({ module }) => module);
    if (repaired.length > 0) changed(repaired);
  }

  async function repair(
    module: ModuleVersion,
    mainModule: MainWord,
    agreed: ReadonlySet<string>,
    done: number,
    total: number,
  ): Promise<Repair> {
    const name = nameOf(module);
    const run = { module, done, total };
    tell({ type: 'run', run: { ...run, step: 'it begins' } });
    const repaired = await redownload(module, {
      env,
      mainModule,
      environment,
      signal: stopping.signal,
      now: Date.now,
      async confirm(_, suspicion) {
        const isAgreed = agreed.has(name);
        tell({ type: 'suspicion', name, suspicion: isAgreed ? undefined : suspicion });
        return isAgreed;
      },
      onStep(step) {
        const words = stepWords(step);
        tell({ type: 'run', run: { ...run, step: words } });
        say(`${name}: ${words}; d asks whether it goes on`);
      },
    });
    return repaired;
  }

  return {
    async carryOut(order) {
      switch (order.type) {
        case 'look':
          return isBusy ? undefined : look(order.modules);
        case 'start':
          if (isReadOnly) say('re-download is refused: --read-only');
          else if (isBusy) say('re-download: another repair is still running');
          else {
            isBusy = true;
            current = start(order.modules, order.agreed);
          }
          return current;
        case 'stop':
          stopping.abort();
      }
    },
    async recover() {
      const { recovered, waiting, problems } = await recoverRepairs(env.gomodcache, {
        environment,
        isReadOnly,
        now: Date.now(),
      });
      report(problems);
      for (const { module, outcome, quarantine } of recovered) {
        say(
          `the repair of ${nameOf(module)} had been ended: it is ${outcome === 'finished' ? `finished now, what was there before is in ${quarantine}` : 'taken back'}`,
        );
      }
      for (const module of waiting)
        say(`the repair of ${nameOf(module)} had been ended: without --read-only it is finished`);
      if (recovered.length > 0) changed(recovered.map(({ module }) => module));
    },
    async finish() {
      stopping.abort();
      await current;
    },
  };
}

function stepWords(step: RepairStep): string {
  switch (step.type) {
    case 'waiting':
      return `waiting for ${step.holder === undefined ? 'a go command' : `process ${step.holder.pid}`}, which holds its lock`;
    case 'looking':
      return 'looking at zip and folder';
    case 'asking-go':
      return step.isOffline ? 'go extracts it' : `go downloads it, ${formatBytes(step.bytes)} so far`;
    case 'checking':
      return 'what was made is checked';
    case 'swapping':
      return 'it is swapped in';
  }
}

function resultWords(repairs: readonly Repair[], asked: number): string {
  const [first] = repairs;
  if (first === undefined) return 're-download: nothing was done';
  const problems = repairs.flatMap((repair) => repair.problems);
  const [problem] = problems;
  if (problem !== undefined && asked === 1) return `re-download: ${formatProblem(problem)}`;
  const changed = repairs.filter(({ replaced }) => replaced.length > 0);
  const failed = repairs.filter((repair) => repair.problems.length > 0).length;
  const rest = [
    ...(failed === 0 ? [] : [`${failed} failed: ! lists why`]),
    ...(repairs.some(({ wasStopped }) => wasStopped) || repairs.length < asked
      ? ['stopped: what was not swapped in is as it was']
      : []),
  ].join('; ');
  if (changed.length === 0 && rest !== '') return `re-download: ${rest}`;
  if (changed.length === 0)
    return `${asked === 1 ? nameOf(first.module) : formatCountOf(asked, 'module version')}: nothing is wrong`;
  const network = repairs.some(({ networkBytes }) => networkBytes === undefined)
    ? undefined
    : repairs.reduce((sum, { networkBytes }) => sum + (networkBytes ?? 0), 0);
  const what =
    changed.length === 1 ? nameOf(changed[0]?.module) : formatCountOf(changed.length, 'module version');
  return `repaired ${what}, ${formatBytes(network)} over the network; ${rest === '' ? 'gocachetop redownload --quarantine lists what was there' : rest}`;
}

function nameOf(module: ModuleVersion | undefined): string {
  return module === undefined ? '' : `${module.path}@${module.version}`;
}
