import type { PruneSelection } from '../operations/prune/select.ts';
import type { RemovalResult } from '../operations/removal/removal.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatAge, formatBytes, formatCountOf } from '../store/format.ts';
import { priceWords } from '../store/price-words.ts';
import { priceJson } from './price.ts';

/** PruneView is a prune as it is told, before and after. */
export type PruneView = {
  readonly selection: PruneSelection;
  /** keepMs is how long the trash keeps it; undefined when it is deleted at once. */
  readonly keepMs: number | undefined;
  readonly isSi: boolean;
};

/** pruneJson is the object of `prune --json`, `gocachetop.prune/1`; `result` is undefined where nothing was done. */
export function pruneJson(
  { selection }: PruneView,
  result: RemovalResult | undefined,
  isDryRun: boolean,
  problems: readonly Problem[],
): Readonly<Record<string, unknown>> {
  return {
    schema: 'gocachetop.prune/1',
    dryRun: isDryRun,
    selected: selection.selected,
    packages: selection.packages,
    rebuild: priceJson(selection.rebuild),
    removed: result?.removed ?? { entries: 0, bytes: 0 },
    kept: result?.kept ?? [],
    undo: result?.batch ?? null,
    stopped: result?.wasStopped ?? false,
    problems: problems.map((problem) => ({ ...problem, line: formatProblem(problem) })),
  };
}

// More names are in --json.
const packagesShown = 8;

/** pruneQuestion says what goes, before anything happens. */
export function pruneQuestion(view: PruneView): string {
  const { selection, keepMs, isSi } = view;
  const { entries, bytes } = selection.selected;
  const shown = selection.packages.slice(0, packagesShown);
  const more = selection.packages.length - shown.length;
  return lines([
    `${formatCountOf(entries, 'entry')}, ${formatBytes(bytes, { si: isSi })}, of ${formatCountOf(selection.packages.length, 'package')}`,
    ...shown.map((path) => `  ${path}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  to rebuild: ${priceWords(selection.rebuild)}`,
    keepMs === undefined
      ? '  deleted at once: no undo'
      : `  kept for ${formatAge(keepMs)}: gocachetop undo puts it back; freed then`,
  ]);
}

/** pruneText is one line of what was done; what would go, where nothing was. */
export function pruneText(view: PruneView, result: RemovalResult | undefined): string {
  const { selection, keepMs, isSi } = view;
  const size = (bytes: number): string => formatBytes(bytes, { si: isSi });
  if (result === undefined) {
    return selection.selected.entries === 0 ? 'nothing to remove\n' : pruneQuestion(view);
  }
  const { removed, kept, batch } = result;
  const what = `${formatCountOf(removed.entries, 'entry')}, ${size(removed.bytes)}`;
  const done =
    batch === undefined
      ? `removed ${what}`
      : `moved ${what} to the trash: freed after ${formatAge(keepMs ?? 0)}, or put back with gocachetop undo`;
  return lines([
    done,
    ...kept.map(({ reason, entries }) => `kept ${formatCountOf(entries, 'entry')}: ${reason}`),
    ...(result.wasStopped ? ['stopped: what was done so far stays done'] : []),
  ]);
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
