import { sumPrices } from '../build-cache/index/price.ts';
import type { IndexSummary, PackageSum } from '../build-cache/index/summary.ts';
import type { Finding } from '../operations/diagnosis/finding.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatAge, formatBytes, formatCount, formatCountOf } from '../store/format.ts';
import { priceCell } from '../store/price-words.ts';
import { type DiagnosisView, diagnosisJson, diagnosisLines } from './diagnosis.ts';
import { priceJson } from './price.ts';
import { timeJson } from './time.ts';

/** ScanView is a scan of GOCACHE as it is told. Times are Unix milliseconds. */
export type ScanView = {
  readonly gocache: string;
  readonly summary: IndexSummary;
  readonly trim: { readonly last: number | undefined; readonly next: number };
  readonly fuzz: { readonly files: number; readonly bytes: number };
  /** foreign files are not Go's: they are listed and never touched. */
  readonly foreign: readonly { readonly path: string; readonly bytes: number }[];
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  /** record is how much is known of builds: compiles with a time, lines that could not be read. */
  readonly record: { readonly builds: number; readonly compiles: number; readonly damagedLines: number };
  /** checked is how many outputs were compared with their names; undefined without `--check`. */
  readonly checked: number | undefined;
  readonly durationMs: number;
  readonly now: number;
};

/** scanJson is the object of `scan --json`, `gocachetop.scan/1`: what is not known is null. */
export function scanJson(view: ScanView): Readonly<Record<string, unknown>> {
  const { summary, trim } = view;
  return {
    schema: 'gocachetop.scan/1',
    gocache: view.gocache,
    entries: summary.entries,
    bytes: summary.bytes,
    diskBytes: summary.diskBytes,
    oldest: timeJson(summary.oldest),
    newest: timeJson(summary.newest),
    trim: { last: timeJson(trim.last), next: timeJson(trim.next), ...summary.nextTrimTakes },
    kinds: [...summary.kinds, { kind: 'fuzz', entries: view.fuzz.files, bytes: view.fuzz.bytes }],
    packages: summary.packages.map((each) => ({
      importPath: each.importPath,
      entries: each.entries,
      bytes: each.bytes,
      lastUsed: timeJson(each.lastUsed),
      module: each.module ?? null,
      superseded: each.superseded,
      rebuild: priceJson(each.rebuild),
      variants: each.variants.map(({ text, entries, bytes, lastUsed, generations, rebuild }) => ({
        variant: text,
        entries,
        bytes,
        lastUsed: timeJson(lastUsed),
        generations,
        rebuild: priceJson(rebuild),
      })),
    })),
    unattributed: summary.unattributed,
    rebuild: priceJson(sumPrices(summary.packages.map(({ rebuild }) => rebuild))),
    record: view.record,
    diagnosis: diagnosisJson(diagnosisView(view)),
    ages: summary.ages,
    fuzzBytes: view.fuzz.bytes,
    foreign: view.foreign,
    checked: view.checked ?? null,
    durationMs: Math.round(view.durationMs),
    problems: view.problems.map((problem) => ({ ...problem, line: formatProblem(problem) })),
  };
}

function diagnosisView({ gocache, summary, findings }: ScanView): DiagnosisView {
  return { gocache, bytes: summary.bytes, findings };
}

// A page is read; the rest is in the JSON and on the screen.
const packagesShown = 15;
const problemsShown = 20;

/** scanText is the same as a page of text: the answer first. */
export function scanText(view: ScanView, isSi: boolean): string {
  const { summary, trim, now } = view;
  const size = (bytes: number): string => formatBytes(bytes, { si: isSi });
  const row = (name: string, entries: number, bytes: number, ...right: readonly string[]): string =>
    `  ${name.padEnd(36)} ${size(bytes).padStart(9)} ${formatCount(entries).padStart(8)} ${columns(right)}`.trimEnd();
  const largest = summary.packages.toSorted((one, other) => other.bytes - one.bytes);
  const rest = largest.slice(packagesShown);
  const last = trim.last === undefined ? 'never' : ago(now - trim.last);
  const next = trim.next <= now ? 'with the next build' : `in ${formatAge(trim.next - now)}`;
  return lines([
    `GOCACHE ${view.gocache}`,
    `  ${size(summary.bytes)}, ${size(summary.diskBytes)} on disk: ${formatCount(summary.entries.action)} action entries, ${formatCountOf(summary.entries.output, 'output')}`,
    `  Go trimmed ${last}, and does again ${next}: ${size(summary.nextTrimTakes.bytes)} in ${formatCount(summary.nextTrimTakes.entries)} entries`,
    ...(view.fuzz.bytes > 0 ? [`  fuzz corpus: ${size(view.fuzz.bytes)}`] : []),
    ...(view.foreign.length > 0 ? [`  not Go's: ${formatCountOf(view.foreign.length, 'file')}`] : []),
    ...(view.checked === undefined ? [] : [`  checked: ${formatCountOf(view.checked, 'output')}`]),
    '',
    head('kind'),
    ...summary.kinds
      .filter(({ entries }) => entries > 0)
      .toSorted((one, other) => other.bytes - one.bytes)
      .map(({ kind, entries, bytes }) => row(kind, entries, bytes)),
    '',
    head('package', 'to rebuild', 'used'),
    ...largest
      .slice(0, packagesShown)
      .map((each) =>
        row(each.importPath, each.entries, each.bytes, priceCell(each.rebuild), ago(now - each.lastUsed)),
      ),
    ...(rest.length > 0
      ? [row(`${formatCount(rest.length)} more`, sum(rest, 'entries'), sum(rest, 'bytes'), price(rest))]
      : []),
    row('not of one package', summary.unattributed.entries, summary.unattributed.bytes),
    '',
    ...diagnosisLines(diagnosisView(view), isSi),
    ...(view.record.damagedLines === 0
      ? []
      : [`  record of builds: ${formatCountOf(view.record.damagedLines, 'damaged line')} skipped`]),
    ...(view.problems.length > 0 ? [''] : []),
    ...view.problems.slice(0, problemsShown).map((problem) => `! ${formatProblem(problem)}`),
    ...(view.problems.length > problemsShown ? [`! ${view.problems.length - problemsShown} more`] : []),
  ]);
}

/** columns are the price, to the right, and how long ago the last use was. */
function columns([price = '', used = '']: readonly string[]): string {
  return `${price.padStart(10)}  ${used}`;
}

function head(name: string, ...right: readonly string[]): string {
  return `  ${name.padEnd(36)} ${'size'.padStart(9)} ${'entries'.padStart(8)} ${columns(right)}`.trimEnd();
}

function price(packages: readonly PackageSum[]): string {
  return priceCell(sumPrices(packages.map(({ rebuild }) => rebuild)));
}

function sum(
  rows: readonly { readonly entries: number; readonly bytes: number }[],
  of: 'entries' | 'bytes',
): number {
  return rows.reduce((total, each) => total + each[of], 0);
}

function ago(ms: number): string {
  const age = formatAge(Math.max(0, ms));
  return age === 'now' ? age : `${age} ago`;
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
