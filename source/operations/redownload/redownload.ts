import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import { keyOf } from '../../module-graph/graph.ts';
import { explain, type Problem, reasonOf } from '../../platform/problem.ts';
import { type AppraisalContext, appraise } from './appraisal.ts';
import { findHindrance } from './hindrance.ts';
import { dropJournal, type Journal, type SwapPart, writeJournal } from './journal.ts';
import { isAbsent, type ModuleFiles, moduleFiles } from './module-files.ts';
import { obtain } from './obtain.ts';
import type { RepairPlan } from './plan.ts';
import { dropRecord, quarantinePath } from './quarantine.ts';
import { recordOf } from './record.ts';
import { type Done, nothingDone, type Repair, type RepairStep } from './repair.ts';
import { openStage, removeStage, type Stage } from './stage.ts';
import { checkStaged, compareWithGoSum, compareWithStaged } from './staged.ts';
import { type SwapPlaces, swapAll, swapBack, syncStaged } from './swap.ts';
import { lockVersion } from './version-lock.ts';
import {
  absent,
  disagreed,
  notAgreed,
  notDownloaded,
  notesOf,
  noVersion,
  sumdbName,
  unchanged,
} from './words.ts';

export type RedownloadOptions = AppraisalContext & {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  readonly now: () => number;
  /** confirm is asked before a repair that hides what somebody changed; false refuses it. */
  confirm(module: ModuleVersion, suspicion: string): Promise<boolean>;
  onStep?(step: RepairStep): void;
};

/**
 * redownload makes one module version what it should be: it looks at all parts, has go bring what is wrong into a stage
 * beside the cache, compares that with go.sum, and swaps it in, while it holds go's own lock. What is there already and
 * vouched for is not downloaded again. Whatever fails, the cache is as before.
 */
export async function redownload(module: ModuleVersion, options: RedownloadOptions): Promise<Repair> {
  const { env, environment, signal } = options;
  const place = moduleFiles(env.gomodcache, module);
  if (place === undefined) return failed(module, noVersion(module));
  if (isAbsent(place) && !isInGoSum(module, options)) return failed(module, absent(module, env.gomodcache));
  const answer = await lockVersion(place.lock, {
    environment,
    signal,
    isWaiting: true,
    onWait: (holder) => options.onStep?.({ type: 'waiting', holder }),
  });
  if (answer.type === 'stopped') return { ...nothingDone(module, 'failed'), wasStopped: true };
  if (answer.type === 'failed') return failed(module, unchanged(answer.problem));
  if (answer.type === 'busy') throw new Error('redownload: a lock that is waited for is never busy');
  try {
    return await repairLocked(module, place, options);
  } catch (error) {
    return failed(module, unchanged(explain(keyOf(module), 'cannot be repaired', error)));
  } finally {
    answer.lock.release();
  }
}

/** Preview is what a repair would find and do; nothing is asked of the network, and nothing is written. */
export type Preview = {
  readonly repair: Repair;
  readonly plan: RepairPlan | undefined;
};

/** previewRepair looks at a module version without its lock. */
export async function previewRepair(module: ModuleVersion, options: AppraisalContext): Promise<Preview> {
  const place = moduleFiles(options.env.gomodcache, module);
  const { gomodcache } = options.env;
  if (place === undefined) return { repair: failed(module, noVersion(module)), plan: undefined };
  if (isAbsent(place) && !isInGoSum(module, options))
    return { repair: failed(module, absent(module, gomodcache)), plan: undefined };
  const { plan, faults } = await appraise(module, place, options);
  const { suspicion } = plan;
  return { repair: { ...nothingDone(module, doneOf(plan.wrong, plan.way)), faults, suspicion }, plan };
}

/** isInGoSum: of a version that is not there, its line in go.sum says what it must be. */
function isInGoSum(module: ModuleVersion, { mainModule }: AppraisalContext): boolean {
  return (mainModule.recorded.get(keyOf(module))?.zip ?? []).length > 0;
}

async function repairLocked(
  module: ModuleVersion,
  place: ModuleFiles,
  options: RedownloadOptions,
): Promise<Repair> {
  const { env, environment, signal, onStep } = options;
  onStep?.({ type: 'looking' });
  const appraisal = await appraise(module, place, options);
  const { plan, approved, sumdbUse, facts, goSum } = appraisal;
  const wasAbsent = isAbsent(place);
  const notes = notesOf(module, options);
  const base = { ...nothingDone(module, 'nothing-wrong'), faults: appraisal.faults, notes };
  const vouchers = { sum: approved.zip, checkedBy: goSum === undefined ? [] : ['go.sum'] };
  if (plan.way === 'none') return { ...base, ...vouchers };
  const { suspicion } = plan;
  if (suspicion !== undefined && !(await options.confirm(module, suspicion)))
    return { ...base, done: 'refused', suspicion, problems: [notAgreed(module, suspicion)] };

  mkdirSync(place.versions, { recursive: true });
  const hindrance = findHindrance(place, env.gomodcache);
  if (hindrance !== undefined) return { ...base, done: 'failed', problems: [hindrance] };
  const stage = openStage(env.gomodcache, module, options.now());
  let isLeft = false;
  try {
    const obtained = await obtain(stage, module, plan, {
      go: join(env.goroot, 'bin', 'go'),
      environment,
      goproxy: env.goproxy,
      goflags: env.goflags,
      signal,
      gomodcache: env.gomodcache,
      place,
      approved,
      sumdbUse,
      onGo: (isOffline, bytes) => onStep?.({ type: 'asking-go', isOffline, bytes }),
    });
    const { networkBytes, downloaded } = obtained;
    const so = { ...base, networkBytes, notes: [...notes, ...obtained.notes] };
    if (downloaded.type === 'stopped') return { ...so, done: 'failed', wasStopped: true };
    if (downloaded.type === 'failed')
      return { ...so, done: 'failed', problems: [notDownloaded(module, downloaded.why)] };
    if (downloaded.type === 'mismatch')
      return { ...so, done: 'refused', problems: [disagreed(module, appraisal, downloaded)] };

    onStep?.({ type: 'checking' });
    const staged = await checkStaged(stage, module);
    if (typeof staged === 'string')
      return { ...so, done: 'failed', problems: [notDownloaded(module, staged)] };
    const refusal = compareWithGoSum(module, appraisal, staged, obtained.isSumdbAsked, env);
    if (refusal !== undefined) return { ...so, done: 'refused', problems: [refusal] };
    const sumdb = obtained.isSumdbAsked ? sumdbName(env) : undefined;
    const finding = await compareWithStaged(module, appraisal, place, stage, staged, {
      sumdb,
      isInfoReal: obtained.isInfoReal,
    });
    const { parts, faults } = finding;
    const found = { ...so, faults, suspicion: finding.suspicion };
    if (suspicion === undefined && finding.suspicion !== undefined)
      if (!(await options.confirm(module, finding.suspicion)))
        return { ...found, done: 'refused', problems: [notAgreed(module, finding.suspicion)] };
    if (signal?.aborted === true) return { ...found, done: 'failed', wasStopped: true };

    const checkedBy = [...vouchers.checkedBy, ...(sumdb === undefined ? [] : [sumdb])];
    const result = { ...found, sum: staged.zip, checkedBy };
    if (parts.length === 0) return { ...result, done: 'nothing-wrong' };
    onStep?.({ type: 'swapping' });
    const quarantine = quarantinePath(env.gomodcache, stage.id, module);
    const record = recordOf(
      module,
      facts,
      goSum?.sum,
      { ...result, sum: staged.zip },
      env.gomodcache,
      options.now(),
    );
    const journal = { parts, dirModes: dirModes(stage, place), record };
    syncStaged(stage.files, parts);
    writeJournal(stage.folder, journal);
    const left = swap(journal, { staged: stage.files, place, quarantine }, stage);
    if (left !== undefined) {
      isLeft = left.isLeft;
      return { ...result, done: 'failed', problems: [left.problem] };
    }
    const done = doneOf(parts, plan.way);
    if (!wasAbsent) return { ...result, done, replaced: parts, quarantine };
    // Nothing was taken out.
    dropRecord(quarantine);
    return { ...result, done, replaced: parts };
  } finally {
    // A journal that could not be carried out nor taken back is for the next start.
    if (!isLeft) removeStage(stage.folder);
  }
}

/** doneOf names what it is to make these parts new. */
function doneOf(parts: readonly SwapPart[], way: RepairPlan['way']): Done {
  if (parts.length === 0) return 'nothing-wrong';
  const isFetched = way !== 'local' && parts.some((part) => part === 'mod' || part === 'info');
  if (parts.includes('zip') || isFetched) return 'downloaded';
  return parts.every((part) => part === 'ziphash') ? 'ziphash-written' : 'extracted';
}

/** swap carries out a journal; when that fails it takes it back, and when that fails, too, leaves it to the next start. */
function swap(
  journal: Journal,
  places: SwapPlaces,
  stage: Stage,
): { readonly isLeft: boolean; readonly problem: Problem } | undefined {
  try {
    swapAll(journal, places);
    dropJournal(stage.folder);
    return undefined;
  } catch (error) {
    const problem = explain(keyOf(journal.record), 'could not be swapped in', error);
    try {
      swapBack(journal, places);
      dropJournal(stage.folder);
      return { isLeft: false, problem: unchanged(problem) };
    } catch (again) {
      const why = `${problem.why}; nor taken back: ${reasonOf(again)}; the next start of gocachetop finishes it`;
      return { isLeft: true, problem: { ...problem, why } };
    }
  }
}

function dirModes(stage: Stage, place: ModuleFiles): Journal['dirModes'] {
  const modeOf = (path: string): number | undefined => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats?.isDirectory() === true ? stats.mode & 0o7777 : undefined;
  };
  return { old: modeOf(place.dir), new: modeOf(stage.files.dir) };
}

function failed(module: ModuleVersion, problem: Problem): Repair {
  return { ...nothingDone(module, 'failed'), problems: [problem] };
}
