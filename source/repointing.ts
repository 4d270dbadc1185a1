import { homedir } from 'node:os';
import { isProblem, readGoEnv } from './go/env.ts';
import type { Environment } from './go/settings.ts';
import { isError } from './operations/finding.ts';
import type { RepointFacts, RepointStart } from './operations/repoint/facts.ts';
import { formatFinding } from './operations/repoint/finding.ts';
import { planRepoint } from './operations/repoint/plan.ts';
import { probeRepoint } from './operations/repoint/probe.ts';
import type { RepointRecord } from './operations/repoint/record.ts';
import { type RepointResult, repoint } from './operations/repoint/repoint.ts';
import { undoneWords, undoRepoint } from './operations/repoint/undo.ts';
import { type Problem, reasonOf } from './platform/problem.ts';
import { echoMs } from './pruning.ts';
import type { AppEvent } from './store/event.ts';
import { formatBytes, formatCountOf } from './store/format.ts';
import type { RepointCheck, RepointOrder, RepointRun } from './store/repoint.ts';

/** Repointing points GOCACHE to other folders for the screen, which still shows the one that it began with. */
export type Repointing = {
  /** carryOut does what the screen asks for; one thing at a time. */
  carryOut(order: RepointOrder): Promise<void>;
  /** undo undoes the last re-point of this run. */
  undo(): Promise<void>;
  /** undoableAt is when that was, Unix milliseconds; undefined when there is none. */
  readonly undoableAt: number | undefined;
  /** isMoving says that entries come and go by our own hand now, or did a moment ago: no build writes them. */
  readonly isMoving: boolean;
  /** finish breaks off what is under way, and says in a line where GOCACHE is now; empty when it is where it was. */
  finish(): Promise<string>;
};

/** createRepointing returns one for the user's folder and environment. */
export function createRepointing(options: {
  readonly cwd: string;
  /** environment has our flags in it; userEnvironment is what go sees without us. */
  readonly environment: Environment;
  readonly userEnvironment: Environment;
  readonly isReadOnly: boolean;
  /** isPruning says that another operation works on GOCACHE now. */
  readonly isPruning: () => boolean;
  readonly dispatch: (event: AppEvent) => void;
}): Repointing {
  const { cwd, environment, userEnvironment, isReadOnly, isPruning, dispatch } = options;
  const place = { cwd, environment: userEnvironment };
  const done: RepointRecord[] = [];
  let stopping = new AbortController();
  let isBusy = false;
  let current: Promise<void> = Promise.resolve();
  let movedAt = Number.NEGATIVE_INFINITY;

  const say = (text: string): void => dispatch({ type: 'screen', event: { type: 'said', text } });
  const tellCheck = (check: RepointCheck): void =>
    dispatch({ type: 'repoint', event: { type: 'check', check } });
  const tellRun = (run: RepointRun | undefined): void =>
    dispatch({ type: 'repoint', event: { type: 'run', run } });
  const tell = (problems: readonly Problem[]): void => {
    for (const problem of problems) dispatch({ type: 'problem', problem });
  };

  /** check looks at a folder; a later check breaks off an earlier one. */
  async function check(asked: string): Promise<void> {
    stopping.abort();
    stopping = new AbortController();
    const { signal } = stopping;
    try {
      const env = await readGoEnv({ goCommand: 'go', cwd, environment, signal });
      if (isProblem(env)) {
        if (!signal.aborted) tellCheck({ type: 'failed', asked, problem: env });
        return;
      }
      const facts = await probeRepoint({
        asked: withHome(asked, userEnvironment),
        env,
        cwd,
        environment: userEnvironment,
        isReadOnly,
        signal,
        onProgress: (folders) => tellCheck({ type: 'checking', asked, folders }),
      });
      if (!signal.aborted) tellCheck({ type: 'checked', asked, facts });
    } catch (error) {
      if (signal.aborted) return;
      const problem = { where: asked, what: 'cannot be checked', why: reasonOf(error), repair: '' };
      tellCheck({ type: 'failed', asked, problem });
    }
  }

  function start(facts: RepointFacts, how: RepointStart): Promise<void> {
    const plan = planRepoint(facts, how);
    const error = plan.findings.find(isError);
    return alone('re-point', async () => {
      if (error !== undefined) return `re-point: ${formatFinding(error)}`;
      stopping = new AbortController();
      const run = { to: facts.to, start: how, done: { entries: 0, bytes: 0 }, total: plan.taken };
      tellRun(run);
      const result = await repoint(plan, place, {
        signal: stopping.signal,
        now: Date.now,
        onProgress(soFar) {
          tellRun({ ...run, done: soFar });
          say(
            `${how}: ${formatCountOf(soFar.entries, 'entry')} of ${plan.taken.entries} to ${facts.to}; o asks whether it goes on`,
          );
        },
      });
      tell(result.problems);
      if (result.record !== undefined) {
        done.push(result.record);
        dispatch({ type: 'repoint', event: { type: 'pointed', to: facts.to } });
      }
      return resultWords(facts, how, result);
    });
  }

  /** alone runs one operation at a time; what is refused or breaks is told in one line. */
  function alone(what: string, operation: () => Promise<string>): Promise<void> {
    if (isReadOnly) say(`${what} is refused: --read-only`);
    else if (isBusy || isPruning()) say(`${what}: another operation is still running`);
    else {
      isBusy = true;
      current = tellEnd(what, operation);
    }
    return current;
  }

  async function tellEnd(what: string, operation: () => Promise<string>): Promise<void> {
    let words: string;
    try {
      words = await operation();
    } catch (error) {
      words = `${what}: ${reasonOf(error)}`;
    }
    isBusy = false;
    movedAt = Date.now();
    tellRun(undefined);
    say(words);
  }

  return {
    async carryOut(order) {
      switch (order.type) {
        case 'check':
          return check(order.asked);
        case 'start':
          return start(order.facts, order.start);
        case 'stop':
          stopping.abort();
      }
    },
    undo: () =>
      alone('undo', async () => {
        const record = done.at(-1);
        if (record === undefined) return 'there is nothing to undo';
        const { isUndone, effective, problems } = await undoRepoint(record, place);
        tell(problems);
        if (!isUndone) return `undo: ${problems[0]?.what ?? 'failed'}, ${problems[0]?.why ?? ''}`;
        done.pop();
        dispatch({ type: 'repoint', event: { type: 'pointed', to: done.at(-1)?.to } });
        const left = record.start === 'rename' ? '' : `; what lies in ${record.to} stays there`;
        return `${undoneWords(record, effective)}${left}`;
      }),
    get undoableAt() {
      return done.at(-1)?.at;
    },
    get isMoving() {
      return isBusy || Date.now() - movedAt < echoMs;
    },
    async finish() {
      stopping.abort();
      await current;
      const to = done.at(-1)?.to;
      return to === undefined ? '' : `gocachetop: GOCACHE is ${to} now: gocachetop undo puts it back\n`;
    },
  };
}

/** withHome is what a shell does with `~`; here none reads what is typed. */
function withHome(asked: string, { HOME }: Environment): string {
  return /^~(?:\/|$)/.test(asked) ? `${HOME || homedir()}${asked.slice(1)}` : asked;
}

function resultWords({ from, to }: RepointFacts, how: RepointStart, result: RepointResult): string {
  const { record, moved, wasStopped, problems } = result;
  if (wasStopped) return 're-point was stopped: nothing was changed';
  const [problem] = problems;
  if (record === undefined)
    return `re-point: ${problem === undefined ? 'failed' : `${problem.what}: ${problem.why}`}`;
  const size = `${formatCountOf(moved.entries, 'entry')}, ${formatBytes(moved.bytes)}`;
  const verbs: Readonly<Record<RepointStart, string>> = {
    empty: '',
    copy: `copied ${size}; `,
    link: `linked ${size}; `,
    rename: `moved ${size}; `,
  };
  return `GOCACHE is ${to} now: ${verbs[how]}z undoes it; this screen still shows ${from.path}`;
}
