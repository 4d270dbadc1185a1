import { quote } from '../go/shell-word.ts';
import type { RepairFault } from '../operations/redownload/appraisal.ts';
import type { Quarantined } from '../operations/redownload/quarantine.ts';
import type { Recovered, Recovery } from '../operations/redownload/recover.ts';
import type { Preview } from '../operations/redownload/redownload.ts';
import type { Done, Repair } from '../operations/redownload/repair.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatBytes, formatCountOf } from '../store/format.ts';
import { partWords } from '../store/repair-words.ts';
import { timeJson } from './time.ts';

/** RedownloadView is a run of redownload as it is told. */
export type RedownloadView = {
  readonly gomodcache: string;
  readonly isDryRun: boolean;
  readonly previews: readonly Preview[];
  /** repairs are in the order of the previews, as many as were done. */
  readonly repairs: readonly Repair[];
  readonly recovery: Recovery;
  readonly problems: readonly Problem[];
};

/** redownloadJson is the object of `redownload --json`, `gocachetop.redownload/1`; `done` is null where nothing was done yet. */
export function redownloadJson(view: RedownloadView): Readonly<Record<string, unknown>> {
  const { gomodcache, isDryRun, previews, repairs, recovery, problems } = view;
  const count = (done: Done): number => repairs.filter((repair) => repair.done === done).length;
  return {
    schema,
    gomodcache,
    dryRun: isDryRun,
    modules: previews.map(({ repair: would }, index) => moduleJson(would, repairs[index])),
    summary: {
      modules: previews.length,
      repaired: count('extracted') + count('downloaded') + count('ziphash-written'),
      nothingWrong: count('nothing-wrong'),
      refused: count('refused'),
      failed: count('failed'),
    },
    recovered: recovery.recovered.map(({ module, outcome, quarantine }) => ({
      ...module,
      outcome,
      quarantine: quarantine ?? null,
    })),
    problems: [...recovery.problems, ...problems].map(problemJson),
  };
}

const schema = 'gocachetop.redownload/1';

function moduleJson(would: Repair, repair: Repair | undefined): Readonly<Record<string, unknown>> {
  const { module, faults, networkBytes, quarantine, suspicion, sum, checkedBy, replaced, notes, problems } =
    repair ?? would;
  return {
    path: module.path,
    version: module.version,
    would: would.done,
    done: repair?.done ?? null,
    faults: faults.map(faultJson),
    suspicion: suspicion ?? null,
    replaced,
    networkBytes: networkBytes ?? null,
    quarantine: quarantine ?? null,
    sum: sum ?? null,
    checkedBy,
    stopped: repair?.wasStopped ?? false,
    notes,
    problems: problems.map(problemJson),
  };
}

function faultJson({
  code,
  expected,
  actual,
  detail,
  files,
}: RepairFault): Readonly<Record<string, unknown>> {
  return { code, expected: expected ?? null, actual: actual ?? null, detail, files };
}

function problemJson(problem: Problem): Readonly<Record<string, unknown>> {
  return { ...problem, line: formatProblem(problem) };
}

/** redownloadQuestion says what is wrong and what will be done, before anything happens; `hopOf` is where a module is asked for first. */
export function redownloadQuestion(previews: readonly Preview[], hopOf: (path: string) => string): string {
  return lines(
    previews.flatMap(({ repair, plan }) => [
      named(repair),
      ...faultLines(repair.faults),
      ...(repair.suspicion === undefined
        ? []
        : [`  ! ${repair.suspicion}: a repair takes that away, and keeps it in a quarantine`]),
      `  ${plan === undefined ? 'cannot be repaired' : wayWords(plan.way, repair.faults, hopOf(repair.module.path))}`,
    ]),
  );
}

// More names are in --json.
const filesShown = 5;

function faultLines(faults: readonly RepairFault[]): readonly string[] {
  return faults.flatMap(({ code, detail, expected, actual, files }) => [
    `  ${code.padEnd(17)} ${detail}`,
    ...(actual === undefined || expected === undefined ? [] : [`    ${actual}, not ${expected}`]),
    ...files.slice(0, filesShown).map((file) => `    ${file}`),
    ...(files.length > filesShown ? [`    and ${files.length - filesShown} more`] : []),
  ]);
}

function wayWords(
  way: NonNullable<Preview['plan']>['way'],
  faults: readonly RepairFault[],
  hop: string,
): string {
  switch (way) {
    case 'none':
      return 'nothing is wrong';
    case 'local':
      return `${localWords(faults)}, without the network`;
    case 'network':
      return faults.some(({ code }) => code === 'absent')
        ? `all of it is downloaded from ${hop}, how much only that knows, and checked before it is swapped in`
        : `what is wrong is downloaded again from ${hop}, beside the cache, and checked before it is swapped in`;
    case 'judge':
      return `no go.sum here has it: the checksum database is asked, and what it does not know is downloaded again from ${hop}`;
  }
}

/** localWords name what is made of the parts that are right. */
function localWords(faults: readonly RepairFault[]): string {
  const has = (form: RegExp): boolean => faults.some(({ code }) => form.test(code));
  const words = [
    ...(has(/^dir|^partial/) ? ['the folder is extracted again from the zip'] : []),
    ...(has(/^ziphash/) ? ['the .ziphash is written anew'] : []),
    ...(has(/^mod/) ? ['the .mod is taken from the folder or the zip'] : []),
  ];
  return words.join(', ');
}

/** redownloadText says what was done. */
export function redownloadText(repairs: readonly Repair[], isSi: boolean): string {
  return lines(repairs.flatMap((repair) => repairLines(repair, isSi)));
}

function repairLines(repair: Repair, isSi: boolean): readonly string[] {
  const { done, replaced, networkBytes, quarantine, checkedBy, notes } = repair;
  const by =
    checkedBy.length === 0
      ? ''
      : `, as ${checkedBy.join(' and ')} ${checkedBy.length > 1 ? 'have' : 'has'} it`;
  const network = `${formatBytes(networkBytes, { si: isSi })} over the network`;
  const parts = partWords(replaced);
  const words: Readonly<Record<Done, string>> = {
    extracted: `made again from what is right${by}: ${parts}; ${network}`,
    downloaded: `downloaded again${by}: ${parts}; ${network}`,
    'ziphash-written': `.ziphash written anew${by}; ${network}`,
    'nothing-wrong': `nothing is wrong${by}`,
    refused: 'refused: nothing was changed',
    failed: repair.wasStopped ? 'stopped: nothing was changed' : 'not repaired',
  };
  return [
    `${named(repair)}: ${words[done]}`,
    ...notes.map((note) => `  ${note}`),
    ...(quarantine === undefined ? [] : [`  what was there before: ${quarantine}`]),
  ];
}

/** recoveredWords is the line about a repair that was ended, and is finished or undone now. */
export function recoveredWords({ module, outcome, quarantine }: Recovered): string {
  const what = `the repair of ${module.path}@${module.version}`;
  return outcome === 'finished'
    ? `${what} had been ended before its end, and is finished now; what was there before: ${quarantine ?? 'nothing'}`
    : `${what} had been ended before it changed anything: it is taken back`;
}

/** quarantineJson is the object of `redownload --quarantine --json`. */
export function quarantineJson(
  gomodcache: string,
  found: readonly Quarantined[],
): Readonly<Record<string, unknown>> {
  return {
    schema,
    gomodcache,
    quarantine: found.map(({ folder, at, bytes, record }) => ({
      folder,
      at: timeJson(at),
      bytes,
      record: record ?? null,
    })),
    problems: [],
  };
}

/** quarantineText lists what was taken out, and says how to remove it. */
export function quarantineText(found: readonly Quarantined[], isSi: boolean): string {
  const [first] = found;
  if (first === undefined) return 'the quarantine is empty: no repair has taken anything out\n';
  const folder = first.folder.slice(0, first.folder.lastIndexOf('/'));
  return lines([
    ...found.flatMap(({ folder, at, bytes, record }) => [
      `${timeJson(at) ?? 'unknown'}  ${formatBytes(bytes, { si: isSi })}  ${moduleOf(record)}`,
      `  ${folder}`,
    ]),
    `${formatCountOf(found.length, 'repair')}; to remove them: chmod -R u+w ${quote(folder)} && rm -r ${quote(folder)}`,
  ]);
}

function moduleOf(record: Quarantined['record']): string {
  return record === undefined ? 'unknown' : `${String(record.path)}@${String(record.version)}`;
}

function named({ module }: Repair): string {
  return `${module.path}@${module.version}`;
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
