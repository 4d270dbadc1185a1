import type { GoCommand } from './go-command.ts';
import type { PackageSet } from './package-set.ts';
import type { RecordIndex } from './record-index.ts';
import type { Step } from './steps.ts';
import type { LinkOutcome, TestOutcome, UnitRecord } from './unit.ts';

/** Ending is all that is known when the wrapped command has ended. */
export type Ending = {
  readonly goCommand: GoCommand | undefined;
  readonly set: PackageSet | undefined;
  readonly records: RecordIndex;
  readonly steps: readonly Step[];
  /** causes are the first words of tools about units, by key. */
  readonly causes: ReadonlyMap<string, string>;
  readonly sessions: number;
  readonly links: Map<string, LinkOutcome>;
  readonly tests: ReadonlyMap<string, TestOutcome>;
  readonly exitCode: number;
  /** wasStopped says that a signal ended the command, or was sent to it. */
  readonly wasStopped: boolean;
};

/**
 * decideSilentUnits gives the final word on every unit that has none yet, and returns a remark on the whole. A hit
 * prints nothing, so that silence means different things: after success a hit; after a failure a hit, unless something
 * it imports failed; after a stop nothing at all.
 */
export function decideSilentUnits(ending: Ending): string | undefined {
  if (ending.goCommand?.isDryRun === true) return forget(ending, '-n: go printed the commands and ran none');
  if (ending.goCommand?.turnsCommandsOff === true)
    return forget(ending, '-x=false: go printed no commands, so that nothing is known');
  // Every go command that builds prints its WORK: silence without it means nothing.
  if (
    ending.goCommand !== undefined &&
    ending.set !== undefined &&
    ending.exitCode === 0 &&
    ending.sessions === 0
  )
    return forget(ending, 'go printed no commands: -x did not reach it');
  decideOpenSteps(ending);
  const stop = earlyStop(ending);
  for (const record of [...ending.records.values()]) {
    if (record.outcome !== 'waiting' && record.outcome !== 'compiling') continue;
    ending.records.change(record.key, record.unit, finalWord(record, ending, stop));
  }
  decideLinks(ending);
  return remarkOf(ending);
}

function forget(ending: Ending, remark: string): string {
  for (const record of [...ending.records.values()])
    ending.records.change(record.key, record.unit, { outcome: 'unknown', evidence: remark });
  return remark;
}

/** decideOpenSteps: compiles that began and stored nothing. */
function decideOpenSteps(ending: Ending): void {
  for (const step of ending.steps) {
    const record = step.key === undefined ? undefined : ending.records.get(step.key);
    if (record === undefined || step.stored !== undefined || record.outcome === 'miss') continue;
    if (step.isBuildIdWritten) {
      const evidence = `${record.evidence}; its build ID was written, the output was not stored in GOCACHE`;
      ending.records.change(record.key, record.unit, {
        outcome: 'miss',
        evidence,
        durationMs: durationOf(step),
      });
    } else if (record.outcome === 'compiling') {
      ending.records.change(record.key, record.unit, openStepWord(step, record, ending));
    }
  }
}

function openStepWord(step: Step, record: UnitRecord, ending: Ending): Partial<UnitRecord> {
  if (ending.wasStopped)
    return {
      outcome: 'not-reached',
      evidence: 'the build was stopped while it was compiled',
      cause: 'the build was stopped',
    };
  // Words about a unit that goes on are warnings; they are why it failed when nothing else was said.
  const words = ending.causes.get(record.key);
  if (words !== undefined)
    return { outcome: 'failed', cause: words, evidence: `${record.evidence}; ${words}` };
  // Without a compile, cgo or the assembler ran for vet alone; the unit itself was silent.
  if (step.compile === undefined) return { outcome: 'waiting', evidence: '' };
  if (ending.exitCode !== 0)
    return { outcome: 'failed', evidence: `${record.evidence}; go failed and stored no output of it` };
  return { outcome: 'unknown', evidence: `${record.evidence}; no end of it was seen` };
}

/** earlyStop is why go ended before it began to build; undefined when it did begin. */
function earlyStop(ending: Ending): string | undefined {
  if (ending.exitCode === 0 || ending.wasStopped || ending.steps.length > 0) return undefined;
  const words = ending.set?.loadErrors[0];
  if (ending.goCommand?.subcommand === 'test' && ending.tests.size > 0) return undefined;
  return words ?? `go ended with exit code ${ending.exitCode} before it built anything`;
}

function finalWord(record: UnitRecord, ending: Ending, stop: string | undefined): Partial<UnitRecord> {
  if (stop !== undefined) return { outcome: 'not-reached', evidence: stop, cause: stop };
  if (ending.set === undefined)
    return { outcome: 'unknown', evidence: record.evidence || 'the package set is not known' };
  if (ending.exitCode === 0 && !ending.wasStopped) {
    return { outcome: 'hit', evidence: 'no compile of it was printed, and go ended with exit code 0' };
  }
  const blocker = blockerOf(record.key, ending, new Map());
  if (blocker !== undefined) {
    return {
      outcome: 'not-reached',
      evidence: `it imports ${blocker.name}: ${blocker.why}`,
      cause: `${blocker.name} ${blocker.why}`,
    };
  }
  if (ending.wasStopped)
    return { outcome: 'unknown', evidence: 'the build was stopped; whether go had reached it is not known' };
  return { outcome: 'hit', evidence: 'no compile of it was printed, and nothing that it imports failed' };
}

type Blocker = { readonly name: string; readonly why: string };

/** blockerOf is the first unit below that go could not finish; `seen` keeps a large graph from being walked twice. */
function blockerOf(key: string, ending: Ending, seen: Map<string, Blocker | undefined>): Blocker | undefined {
  if (seen.has(key)) return seen.get(key);
  seen.set(key, undefined);
  const unit = ending.set?.units.get(key);
  for (const name of [...(unit?.imports ?? []), ...(unit?.waitsFor ?? [])]) {
    const found = blockedBy(name, ending) ?? blockerOf(name, ending, seen);
    if (found !== undefined) {
      seen.set(key, found);
      return found;
    }
  }
  return undefined;
}

function blockedBy(name: string, ending: Ending): Blocker | undefined {
  const outcome = ending.records.get(name)?.outcome;
  if (outcome === 'failed') return { name, why: 'failed' };
  if (outcome === 'not-reached') return { name, why: 'was not reached' };
  return ending.set?.units.has(name) === false ? { name, why: 'could not be loaded' } : undefined;
}

/** decideLinks: a program that was built and not linked was up to date, or its test result was cached. */
function decideLinks(ending: Ending): void {
  for (const program of ending.set?.programs ?? []) {
    const outcome = ending.records.get(program)?.outcome;
    if (!ending.links.has(program) && (outcome === 'hit' || outcome === 'miss'))
      ending.links.set(program, 'skipped');
  }
}

function remarkOf(ending: Ending): string | undefined {
  const { goCommand, set } = ending;
  if (goCommand === undefined || set === undefined || ending.exitCode !== 0 || ending.wasStopped)
    return undefined;
  if (set.needed.size === 0) return 'no packages: go had nothing to build';
  const hasCompiled = ending.steps.some((step) => step.compile !== undefined);
  const isLinked = [...ending.links.values()].includes('ran');
  if (
    hasCompiled ||
    isLinked ||
    (goCommand.subcommand !== 'build' && goCommand.subcommand !== 'install' && goCommand.subcommand !== 'run')
  )
    return undefined;
  if (set.programs.length === 0) return 'everything came from GOCACHE: go ran no compiler';
  const target = goCommand.output ?? (set.programs.length === 1 ? set.programs[0] : undefined);
  return target === undefined
    ? 'the programs are up to date: go ran nothing'
    : `${target} is up to date: go ran nothing`;
}

function durationOf(step: Step): number | undefined {
  return step.startedAt === undefined || step.endedAt === undefined
    ? undefined
    : step.endedAt - step.startedAt;
}
