import { decideSilentUnits } from './final-word.ts';
import type { GoCommand } from './go-command.ts';
import { type ConfiguredImport, parseImportConfig, parseVetConfig } from './import-config.ts';
import { type Candidates, createCandidates, emptyUnit, isTestMain, testedPaths, unitOfStep } from './join.ts';
import { closure, type PackageSet } from './package-set.ts';
import { createRecordIndex } from './record-index.ts';
import { createSteps, type Step } from './steps.ts';
import type { LinkOutcome, PackageUnit, TestOutcome, UnitRecord } from './unit.ts';
import type { XEvent } from './x-event.ts';

/** ProgressCounts are sums over the units of a build. */
export type ProgressCounts = {
  /** total is the size of the package set; undefined where it cannot be known (make, scripts) or is not known yet. */
  readonly total: number | undefined;
  readonly hits: number;
  readonly misses: number;
  readonly failed: number;
  readonly notReached: number;
  readonly unknown: number;
  readonly waiting: number;
  readonly compiling: number;
};

/** BuildEvent is one thing that happened to the wrapped command. Times are Unix milliseconds. */
export type BuildEvent =
  | {
      readonly type: 'x';
      readonly at: number;
      readonly event: XEvent;
      /** bytes and buildId of a stored output, read from its file. */
      readonly bytes?: number | undefined;
      readonly buildId?: string | undefined;
    }
  | { readonly type: 'package-set'; readonly set: PackageSet }
  | { readonly type: 'package-set-unknown'; readonly why: string }
  | { readonly type: 'identified'; readonly buildId: string; readonly actionId: string }
  | { readonly type: 'test'; readonly importPath: string; readonly outcome: TestOutcome }
  | { readonly type: 'ended'; readonly at: number; readonly exitCode: number; readonly wasStopped: boolean };

/** Fact is an event that can be applied again once the package set is known. */
type Fact = Exclude<BuildEvent, { type: 'package-set' | 'package-set-unknown' | 'ended' }>;

/**
 * BuildProgress is what one wrapped command has done so far, package by package: a mutable index with one writer.
 * Readers look at `revision` to see whether anything changed.
 */
export type BuildProgress = {
  readonly revision: number;
  readonly counts: ProgressCounts;
  /** packageSet is undefined until go list answered, and where it cannot be known. */
  readonly packageSet: PackageSet | undefined;
  /** units in no order that means anything; records are replaced, so that they can be compared by identity. */
  units(): Iterable<UnitRecord>;
  unit(key: string): UnitRecord | undefined;
  /** compiling are the units whose tools run now, longest first. */
  compiling(): readonly UnitRecord[];
  /** recent are the units whose outcome became known last, newest first, at most `count`. */
  recent(count: number): readonly UnitRecord[];
  /** slowest are the misses that took longest, at most `count`. */
  slowest(count: number): readonly UnitRecord[];
  /** importersOf are the names of units that import this one; undefined when the package set is not known. */
  importersOf(name: string): readonly string[] | undefined;
  /** tests and links by import path (of the test's package, of the program). */
  readonly tests: ReadonlyMap<string, TestOutcome>;
  readonly links: ReadonlyMap<string, LinkOutcome>;
  /** nameOfOutput is the unit that stored this output in this build. */
  unitOfOutput(outputId: string): UnitRecord | undefined;
  /** remark is one line about the whole, as `app is up to date: go ran nothing`; undefined when there is none. */
  readonly remark: string | undefined;
  apply(event: BuildEvent): void;
};

/** hitRate is hits / (hits + misses + failed), as the contract defines it; undefined when nothing was decided. */
export function hitRate(counts: ProgressCounts): number | undefined {
  const decided = counts.hits + counts.misses + counts.failed;
  return decided === 0 ? undefined : counts.hits / decided;
}

/**
 * createBuildProgress returns the index of a command that has just begun. `goCommand` is the command where it is the
 * go command itself.
 */
export function createBuildProgress(goCommand: GoCommand | undefined): BuildProgress {
  let known = emptyKnowledge();
  let set: PackageSet | undefined;
  let candidates: Candidates | undefined;
  let importers: Map<string, string[]> | undefined;
  // history is what was applied before go list answered: it is applied again with the package set at hand.
  let history: Fact[] | undefined = [];
  let remark: string | undefined;
  let revision = 0;

  function apply(event: BuildEvent): void {
    revision += 1;
    if (event.type === 'package-set') {
      learnSet(event.set);
      return;
    }
    if (event.type === 'package-set-unknown') {
      history = undefined;
      return;
    }
    if (event.type === 'ended') {
      history = undefined;
      end(event);
      return;
    }
    history?.push(event);
    applyFact(event);
  }

  function learnSet(learned: PackageSet): void {
    set = learned;
    candidates = createCandidates(learned);
    known = emptyKnowledge();
    for (const name of learned.needed) {
      const unit = learned.units.get(name);
      if (unit !== undefined) known.records.change(name, unit, {});
    }
    for (const event of history ?? []) applyFact(event);
    history = undefined;
  }

  function applyFact(event: Fact): void {
    if (event.type === 'test') known.tests.set(event.importPath, event.outcome);
    else if (event.type === 'identified') identify(event.buildId, event.actionId);
    else applyX(event.event, event.at, event.bytes, event.buildId);
  }

  function applyX(event: XEvent, at: number, bytes: number | undefined, buildId: string | undefined): void {
    const { steps } = known;
    switch (event.type) {
      case 'session':
        known.sessions += 1;
        return;
      case 'objdir':
        steps.begin(event.objdir);
        return;
      case 'tool':
        applyTool(steps.find(event.objdir), event, at);
        return;
      case 'document':
        applyDocument(event);
        return;
      case 'compile': {
        const step = steps.find(event.objdir, (step) => step.compile === undefined && !step.isLinked);
        step.startedAt ??= at;
        step.compile = event;
        beginUnit(step, 'compiling', compileEvidence(event.line));
        return;
      }
      case 'build-id-written': {
        const step = steps.find(
          event.objdir,
          (step) => step.compile !== undefined && step.endedAt === undefined,
        );
        if (event.target !== '_pkg_.a') return;
        step.isBuildIdWritten = true;
        step.endedAt = at;
        return;
      }
      case 'stored':
        applyStored(event, at, bytes, buildId);
        return;
      case 'link': {
        const step = steps.find(event.objdir, (step) => !step.isLinked);
        step.isLinked = true;
        const program = programOf(step);
        if (program !== undefined) known.links.set(program, 'ran');
        return;
      }
      case 'test-run':
        known.hasRunTests = true;
        return;
      case 'program-run':
        known.hasRunProgram = true;
        return;
      case 'header':
        known.header = event.name;
        known.replayed = known.replayed === undefined ? undefined : markReplayed(event.name, known.replayed);
        applyHeader(event.name, event.isVet, at);
        return;
      case 'replay':
        known.replayed = event.line;
        return;
      case 'passthrough':
        applyWords(event.text);
        return;
      case 'get':
      case 'other':
        return;
    }
  }

  function applyTool(step: Step, event: Extract<XEvent, { type: 'tool' }>, at: number): void {
    step.startedAt ??= at;
    if (event.tool === 'vet') return;
    if (event.importPath !== undefined && event.importPath !== 'main') step.importPath ??= event.importPath;
    if (step.compile === undefined && step.importPath !== undefined)
      beginUnit(step, 'compiling', compileEvidence(event.line));
  }

  function applyDocument(event: Extract<XEvent, { type: 'document' }>): void {
    const step = known.steps.find(
      event.objdir,
      (step) => step.work === event.work || step.work === undefined,
    );
    step.work ??= event.work;
    switch (event.name) {
      case 'importcfg':
        step.imports = parseImportConfig(event.body);
        return;
      case 'importcfg.link':
        step.linkImports = parseImportConfig(event.body);
        applyLinkImports(step);
        return;
      case 'pkgcfg.txt':
        step.importPath ??= /"PkgPath":"([^"]+)"/.exec(event.body)?.[1];
        return;
      case 'vet.cfg': {
        const vet = parseVetConfig(event.body);
        if (vet !== undefined) applyVetImports(vet.importPath, vet.imports);
        return;
      }
    }
  }

  /** beginUnit joins a step to its unit, when only one fits, and says that its tools run. */
  function beginUnit(step: Step, outcome: 'compiling', evidence: string): void {
    if (step.key === undefined) bindByItself(step);
    const record = step.key === undefined ? undefined : known.records.get(step.key);
    if (record === undefined) return;
    known.records.change(record.key, record.unit, {
      outcome,
      evidence,
      startedAt: step.startedAt,
      buildId: step.compile?.buildId,
    });
    if (step.compile !== undefined)
      applyImports(record.unit, step.imports, `${record.unit.name} was compiled against it`);
  }

  function bindByItself(step: Step): void {
    if (candidates === undefined) {
      const unit = unitOfStep(step);
      if (unit.importPath !== '') bind(step, keyFor(unit.name, step.compile?.buildId), unit);
      return;
    }
    const fitting = candidates(step).filter((unit) => isOpen(unit, step));
    const only = fitting[0];
    if (fitting.length === 1 && only !== undefined) bind(step, only.name, only);
    else if (fitting.length === 0 && step.compile !== undefined) {
      // go list did not name it: it is a unit of this build all the same.
      const unit = unitOfStep(step);
      bind(step, unit.name, unit);
    } else known.unbound.add(step);
  }

  /** isOpen says whether the unit may be this step's: needed, and not compiled by another step. */
  function isOpen(unit: PackageUnit, step: Step): boolean {
    const record = known.records.get(unit.name);
    if (record === undefined) return set?.needed.has(unit.name) === true;
    return record.buildId === undefined || record.buildId === step.compile?.buildId;
  }

  /** keyFor gives a second record to a unit that a script compiles in two ways. */
  function keyFor(name: string, buildId: string | undefined): string {
    const there = known.records.get(name);
    if (there === undefined || there.buildId === undefined || there.buildId === buildId) return name;
    return `${name} ${buildId}`;
  }

  function bind(step: Step, key: string, unit: PackageUnit): void {
    step.key = key;
    known.unbound.delete(step);
    const change =
      step.stored === undefined ? ({ outcome: 'compiling' } as const) : ({ outcome: 'miss' } as const);
    known.records.change(key, unit, {
      ...change,
      evidence: compileEvidence(step.compile?.line ?? ''),
      startedAt: step.startedAt,
      buildId: step.compile?.buildId,
    });
    if (step.stored !== undefined) store(step);
  }

  function applyStored(
    event: Extract<XEvent, { type: 'stored' }>,
    at: number,
    bytes: number | undefined,
    buildId: string | undefined,
  ): void {
    if (event.target !== '_pkg_.a') return;
    const step = known.steps.find(event.objdir, (step) => {
      if (step.compile === undefined || step.stored !== undefined) return false;
      return buildId === undefined || step.compile.buildId === buildId;
    });
    step.stored = { outputId: event.outputId, path: event.path, bytes };
    step.endedAt ??= at;
    store(step);
  }

  function store(step: Step): void {
    const record = step.key === undefined ? undefined : known.records.get(step.key);
    if (record === undefined || step.stored === undefined) return;
    known.records.change(record.key, record.unit, {
      outcome: 'miss',
      evidence: `${compileEvidence(step.compile?.line ?? '')} stored as ${step.stored.path}`,
      durationMs: durationOf(step),
      outputId: step.stored.outputId,
      outputBytes: step.stored.bytes,
      cause: undefined,
    });
    known.outputs.set(step.stored.outputId, record.key);
  }

  /** applyImports is evidence about what a unit imports: a file in GOCACHE is a hit, a file under WORK names a step. */
  function applyImports(unit: PackageUnit, imports: readonly ConfiguredImport[], evidence: string): void {
    for (const each of imports) {
      const dependency = unit.imports?.find((name) => pathOf(name) === each.path);
      if (dependency !== undefined || unit.imports === undefined)
        applyImport(dependency ?? each.path, each, evidence);
    }
    settleImports(unit, `${unit.name}, which imports it, was reached`);
  }

  function applyImport(name: string, found: ConfiguredImport, evidence: string): void {
    if (found.objdir !== undefined) {
      const step = stepAt(found);
      const unit = set?.units.get(name);
      if (unit !== undefined && step !== undefined && step.key === undefined && step.compile !== undefined)
        bind(step, name, unit);
    } else if (found.outputId !== undefined)
      hit(name, `packagefile ${found.path}=${found.file}`, found.outputId, evidence);
  }

  function hit(name: string, line: string, outputId: string | undefined, reason: string): void {
    if (outputId !== undefined && known.outputs.has(outputId)) return; // compiled by this very build, a step before
    const unit = set?.units.get(name) ?? unitOfName(name);
    const record = known.records.get(name);
    if (set !== undefined && !set.needed.has(name)) return;
    if (record !== undefined && record.outcome !== 'waiting' && record.outcome !== 'hit') {
      if (set === undefined && outputId !== undefined && record.outputId !== outputId)
        hitInAnotherWay(unit, line, outputId, reason);
      return;
    }
    if (record?.outcome === 'hit' && (outputId === undefined || record.outputId !== undefined)) {
      if (set === undefined && outputId !== undefined && record.outputId !== outputId)
        hitInAnotherWay(unit, line, outputId, reason);
      return;
    }
    known.records.change(name, unit, { outcome: 'hit', evidence: `${line} (${reason})`, outputId });
    settleImports(unit, `${name}, which imports it, came from GOCACHE`);
  }

  /** hitInAnotherWay is for scripts: the same path from another output, as of another GOOS, is a unit of its own. */
  function hitInAnotherWay(unit: PackageUnit, line: string, outputId: string, reason: string): void {
    const key = `${unit.name} ${outputId.slice(0, 20)}`;
    if (!known.records.get(key))
      known.records.change(key, unit, { outcome: 'hit', evidence: `${line} (${reason})`, outputId });
  }

  /**
   * settleImports: when go reached a unit, all that it imports was done before, compiled or taken from GOCACHE; what
   * shows no compile was a hit (cmd/go/internal/work: (*Builder).Do runs an action after its dependencies).
   */
  function settleImports(unit: PackageUnit, reason: string): void {
    for (const name of [...(unit.imports ?? []), ...unit.waitsFor]) {
      const record = known.records.get(name);
      if (record?.outcome !== 'waiting' || mayBeUnbound(record.unit)) continue;
      hit(name, 'no compile', undefined, reason);
    }
  }

  function mayBeUnbound(unit: PackageUnit): boolean {
    for (const step of known.unbound)
      if (step.compile?.packagePath === unit.importPath || step.importPath === unit.importPath) return true;
    return false;
  }

  function applyLinkImports(step: Step): void {
    const program = programOf(step);
    if (program === undefined) return;
    if (set === undefined) {
      nameMain(step, program);
      for (const each of step.linkImports) applyImport(each.path, each, `linked into ${program}`);
      return;
    }
    const byPath = new Map([...closure([program], set.units)].map((name) => [pathOf(name), name]));
    for (const each of step.linkImports) {
      const name = byPath.get(each.path) ?? each.path;
      if (set.units.has(name)) applyImport(name, each, `linked into ${program}`);
    }
  }

  /** nameMain gives a main its import path, which only the link tells. */
  function nameMain(link: Step, program: string): void {
    const first = link.linkImports[0];
    const step = first === undefined ? undefined : stepAt(first);
    const record = step?.key === undefined ? undefined : known.records.get(step.key);
    if (record === undefined || !record.unit.isMain || record.unit.importPath === program) return;
    known.records.change(record.key, { ...record.unit, name: program, importPath: program }, {});
  }

  /** programOf is the program that a link makes: its main is the first package of importcfg.link. */
  function programOf(step: Step): string | undefined {
    const first = step.linkImports[0];
    if (first === undefined) return undefined;
    if (set?.units.has(first.path)) return first.path;
    const main = stepAt(first);
    return main === undefined || !isTestMain(main)
      ? first.path
      : `${testedPaths(main)[0] ?? first.path}.test`;
  }

  /** stepAt is the step whose output an import config names: that of the same WORK, where its steps are told apart. */
  function stepAt({ file, objdir }: ConfiguredImport): Step | undefined {
    if (objdir === undefined) return undefined;
    const work = file.slice(0, Math.max(0, file.lastIndexOf(objdir) - 1));
    const exact = known.steps.find(objdir, (step) => step.work === work);
    return exact.work === work ? exact : known.steps.find(objdir, (step) => step.work === undefined);
  }

  function applyVetImports(importPath: string, imports: readonly ConfiguredImport[]): void {
    const tested = importPath.replace(/_test$/, '');
    const names = [`${importPath} [${importPath}.test]`, `${importPath} [${tested}.test]`, importPath];
    const name = names.find((candidate) => set?.units.has(candidate));
    const unit = name === undefined ? undefined : set?.units.get(name);
    if (unit === undefined) {
      if (set === undefined)
        for (const each of imports) applyImport(each.path, each, `vet of ${importPath} read it`);
      return;
    }
    for (const each of imports) {
      const dependency = unit.imports?.find((candidate) => pathOf(candidate) === each.path);
      if (dependency !== undefined) applyImport(dependency, each, `vet of ${importPath} read it`);
    }
  }

  function markReplayed(name: string, line: string): undefined {
    if (set === undefined || set.needed.has(name))
      hit(name, line, undefined, 'its saved output was printed again');
    return undefined;
  }

  /** applyHeader: once its compile runs, what a tool says about a package is why it failed; a stored output says otherwise. */
  function applyHeader(name: string, isVet: boolean, at: number): void {
    const record = recordOfHeader(name);
    if (record === undefined || isVet) return;
    known.blamed = record.key;
    if (record.outcome !== 'compiling') return;
    const durationMs = record.startedAt === undefined ? undefined : at - record.startedAt;
    known.records.change(record.key, record.unit, { outcome: 'failed', durationMs, cause: undefined });
  }

  function recordOfHeader(name: string): UnitRecord | undefined {
    const exact = known.records.get(name);
    if (exact !== undefined && exact.outcome !== 'waiting' && exact.outcome !== 'hit') return exact;
    // A script's records of one package in several ways: the one that runs is meant.
    return (
      known.records
        .compiling()
        .find((record) => record.unit.name === name || record.unit.importPath === name) ?? exact
    );
  }

  function applyWords(text: string): void {
    if (known.blamed === undefined) return;
    const line = text.split('\n').find((words) => words !== '' && !words.startsWith('# '));
    const record = known.records.get(known.blamed);
    if (line === undefined || record === undefined) return;
    known.blamed = undefined;
    const words = Buffer.from(line, 'latin1').toString('utf8').trim();
    if (record.cause === undefined && record.outcome === 'failed') {
      known.records.change(record.key, record.unit, {
        cause: words,
        evidence: `${record.evidence}; ${words}`,
      });
    }
    known.causes.set(record.key, words);
  }

  function identify(buildId: string, actionId: string): void {
    for (const record of known.records.values()) {
      if (record.buildId === buildId && record.actionId === undefined)
        known.records.change(record.key, record.unit, { actionId });
    }
  }

  function end(event: Extract<BuildEvent, { type: 'ended' }>): void {
    bindLeftovers();
    remark = decideSilentUnits({
      goCommand,
      set,
      records: known.records,
      steps: [...known.steps.all()],
      causes: known.causes,
      sessions: known.sessions,
      links: known.links,
      tests: known.tests,
      // The exit code of go run is its program's, once that runs.
      exitCode: known.hasRunProgram && goCommand?.subcommand === 'run' ? 0 : event.exitCode,
      wasStopped: event.wasStopped,
    });
  }

  /** bindLeftovers: compiles whose variant nothing told apart take the variants that are left, when these are as many. */
  function bindLeftovers(): void {
    for (const step of [...known.unbound]) {
      const fitting = (candidates?.(step) ?? []).filter(
        (unit) => isOpen(unit, step) && known.records.get(unit.name)?.outcome === 'waiting',
      );
      const rivals = [...known.unbound].filter(
        (other) => other.compile?.packagePath === step.compile?.packagePath,
      );
      const unit = fitting[0];
      if (unit !== undefined && fitting.length <= rivals.length) bind(step, unit.name, unit);
    }
  }

  return {
    apply,
    get revision() {
      return revision;
    },
    get counts() {
      return known.records.counts(set === undefined ? undefined : known.records.size);
    },
    get packageSet() {
      return set;
    },
    units: () => known.records.values(),
    unit: (key) => known.records.get(key),
    compiling: () => known.records.compiling(),
    recent: (count) => known.records.recent(count),
    slowest: (count) => known.records.slowest(count),
    importersOf(name) {
      if (set === undefined) return undefined;
      importers ??= invertImports(set);
      return importers.get(name) ?? [];
    },
    unitOfOutput(outputId) {
      const key = known.outputs.get(outputId);
      return key === undefined ? undefined : known.records.get(key);
    },
    get tests() {
      return known.tests;
    },
    get links() {
      return known.links;
    },
    get remark() {
      return remark;
    },
  };
}

/** emptyKnowledge is all that -x told, nothing yet. */
function emptyKnowledge() {
  return {
    records: createRecordIndex(),
    steps: createSteps(),
    unbound: new Set<Step>(),
    /** outputs stored by this build: output ID to record. */
    outputs: new Map<string, string>(),
    tests: new Map<string, TestOutcome>(),
    links: new Map<string, LinkOutcome>(),
    causes: new Map<string, string>(),
    sessions: 0,
    hasRunTests: false,
    hasRunProgram: false,
    header: undefined as string | undefined,
    blamed: undefined as string | undefined,
    replayed: undefined as string | undefined,
  };
}

function durationOf(step: Step): number | undefined {
  return step.startedAt === undefined || step.endedAt === undefined
    ? undefined
    : step.endedAt - step.startedAt;
}

// evidenceLength keeps the telling part of a compile line: the tool, its output, path and build ID stand in front.
const evidenceLength = 240;

function compileEvidence(line: string): string {
  const tool = line.replace(/^(?:[A-Z][A-Z0-9_]*=\S* )*(?:\S*[/\\])?(?=[\w.+-]+ )/, '');
  return tool.length <= evidenceLength ? tool : `${tool.slice(0, evidenceLength)} ...`;
}

function pathOf(name: string): string {
  const space = name.indexOf(' [');
  return space === -1 ? name : name.slice(0, space);
}

function unitOfName(name: string): PackageUnit {
  return { ...emptyUnit(pathOf(name)), name };
}

function invertImports(set: PackageSet): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const unit of set.units.values()) {
    for (const name of unit.imports ?? []) {
      const there = importers.get(name);
      if (there === undefined) importers.set(name, [unit.name]);
      else there.push(unit.name);
    }
  }
  return importers;
}
