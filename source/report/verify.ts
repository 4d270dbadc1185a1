import type { Fault, ModuleVerdict } from '../checksums/verdict.ts';
import type { Verification, Verified } from '../operations/verify/verify.ts';
import { formatProblem } from '../platform/problem.ts';
import { formatCount, formatCountOf, formatDuration } from '../store/format.ts';

/** verifyJson is the object of `verify --json`, `gocachetop.verify/1`. */
export function verifyJson(found: Verification): Readonly<Record<string, unknown>> {
  return {
    schema: 'gocachetop.verify/1',
    scope: found.scope,
    gomodcache: found.gomodcache,
    sumFiles: found.sumFiles,
    modules: found.modules.map((each) => ({
      path: each.path,
      version: each.version,
      verdict: each.verdict,
      database: each.database ?? null,
      sentence: each.sentence,
      faults: each.faults.map(faultJson),
      repair: each.repair,
      diffs: each.diffs,
      unread: each.unread,
      notes: each.notes,
      trace: each.trace ?? null,
    })),
    summary: summaryOf(found.modules),
    notes: found.notes,
    durationMs: Math.round(found.durationMs),
    problems: found.problems.map((problem) => ({ ...problem, line: formatProblem(problem) })),
  };
}

function faultJson({ code, expected, actual, detail, files }: Fault): Readonly<Record<string, unknown>> {
  return { code, expected: expected ?? null, actual: actual ?? null, detail, files };
}

function summaryOf(modules: readonly ModuleVerdict[]) {
  const count = (verdict: ModuleVerdict['verdict']): number =>
    modules.filter((each) => each.verdict === verdict).length;
  return {
    modules: modules.length,
    ok: count('ok'),
    faulty: count('faulty'),
    notChecked: count('not-checked'),
  };
}

// A page says what happened; the names of all are in the JSON.
const filesShown = 10;
const notCheckedShown = 10;

/** verifyText is the same as a page of text: the answer first, then each module that is faulty. */
export function verifyText(found: Verification): string {
  const { ok, faulty, notChecked } = summaryOf(found.modules);
  const faults = found.modules.filter(({ verdict }) => verdict === 'faulty');
  const unchecked = found.modules.filter(({ verdict }) => verdict === 'not-checked');
  const counts = [
    `${formatCount(ok)} fine`,
    `${formatCount(faulty)} faulty`,
    ...(notChecked === 0 ? [] : [`${formatCount(notChecked)} not checked`]),
  ].join(', ');
  return lines([
    `${scopeWords[found.scope]} in GOMODCACHE ${found.gomodcache}`,
    `  ${formatCountOf(found.modules.length, 'version')}: ${counts}, in ${formatDuration(found.durationMs)}`,
    ...databaseLines(found.modules),
    ...faults.flatMap(moduleLines),
    ...(unchecked.length === 0 ? [] : ['', 'not checked:']),
    ...unchecked
      .slice(0, notCheckedShown)
      .map(({ path, version, unread, notes }) => `  ${path} ${version}: ${[...unread, ...notes].join('; ')}`),
    ...(unchecked.length > notCheckedShown
      ? [`  and ${formatCount(unchecked.length - notCheckedShown)} more`]
      : []),
    ...(found.notes.length === 0 ? [] : ['', 'worth a look:']),
    ...found.notes.map((note) => `  ${note}`),
  ]);
}

/** databaseLines says for how many the checksum database spoke. */
function databaseLines(modules: readonly ModuleVerdict[]): string[] {
  const proven = modules.filter(({ database }) => database === 'proven').length;
  const kept = modules.filter(({ database }) => database === 'kept').length;
  if (proven + kept === 0) return [];
  const more = kept === 0 ? '' : `, ${formatCount(kept)} answers kept without a proof`;
  return [`  checksum database: ${formatCount(proven)} proven${more}`];
}

const scopeWords: Readonly<Record<Verification['scope'], string>> = {
  named: 'the named modules',
  main: 'what the main module here needs',
  all: 'all modules',
};

function moduleLines({ path, version, faults, diffs, repair, unread, notes, trace }: Verified): string[] {
  return [
    '',
    `! ${path} ${version}`,
    ...faults.flatMap(({ code, detail, files, expected, actual }) => [
      `    ${code}: ${detail}`,
      ...(expected === undefined || actual === undefined
        ? []
        : [`      right ${expected}`, `      found ${actual}`]),
      ...(files.length > 1 ? files.slice(0, filesShown).map((file) => `      ${file}`) : []),
      ...(files.length > filesShown ? [`      and ${formatCount(files.length - filesShown)} more`] : []),
    ]),
    ...diffs.flatMap(({ file, lines: rows }) => [`    ${file}`, ...rows.map((row) => `      ${row}`)]),
    ...[...unread, ...notes].map((note) => `    ${note}`),
    ...(trace === undefined
      ? []
      : [`    needed by ${trace.chain.slice(0, -1).join(' -> ')}`, ...askedLines(trace.asked)]),
    ...repair.map((command) => `    repair: ${command}`),
  ];
}

/** askedLines: where several versions are asked for, the highest is chosen. */
function askedLines(asked: readonly { readonly by: string; readonly version: string }[]): string[] {
  const versions = new Set(asked.map(({ version }) => version));
  if (versions.size < 2) return [];
  const [first, ...others] = Array.from(versions, (version) => {
    const by = asked.filter((each) => each.version === version).map((each) => each.by);
    return `${version} (${by.slice(0, 3).join(', ')}${by.length > 3 ? ', ...' : ''})`;
  });
  return [`    asked for: ${first}, chosen; ${others.join('; ')}`];
}

function lines(rows: readonly string[]): string {
  return `${rows.join('\n')}\n`;
}
