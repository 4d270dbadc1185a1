import type { ModuleRemovalResult } from '../operations/module-prune/remove.ts';
import type { DownloadPrice, ModuleSelection } from '../operations/module-prune/select.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatAge, formatBytes, formatCountOf } from '../store/format.ts';
import { downloadWords } from '../store/module-price.ts';

/** PruneModulesView is a prune of GOMODCACHE as it is told, before and after. */
export type PruneModulesView = {
  readonly selection: ModuleSelection;
  /** tiles are the kept answers of the checksum database, where they go too. */
  readonly tiles: { readonly bytes: number } | undefined;
  readonly roots: readonly string[];
  readonly keepMs: number | undefined;
  readonly isSi: boolean;
};

/** pruneModulesJson is the object of `prune --modules --json`, `gocachetop.prune/1`; an entry is a version. */
export function pruneModulesJson(
  { selection, tiles, roots }: PruneModulesView,
  result: ModuleRemovalResult | undefined,
  isDryRun: boolean,
  problems: readonly Problem[],
): Readonly<Record<string, unknown>> {
  const { targets, download } = selection;
  return {
    schema: 'gocachetop.prune/1',
    dryRun: isDryRun,
    selected: {
      entries: targets.length + (tiles === undefined ? 0 : 1),
      bytes: selection.bytes + (tiles?.bytes ?? 0),
    },
    modules: targets.map(({ version, takesZip, takesFolder, takesMetadata, bytes }) => ({
      path: version.path,
      version: version.version,
      bytes,
      takes: { zip: takesZip, folder: takesFolder, goMod: takesMetadata },
    })),
    sumdb: tiles ?? null,
    roots,
    neededByRoots: selection.needed,
    notKnownWhenUsed: selection.unknownUse,
    download: download satisfies DownloadPrice,
    removed: result?.removed ?? { entries: 0, bytes: 0 },
    kept: result?.kept ?? [],
    undo: result?.batch ?? null,
    stopped: result?.wasStopped ?? false,
    problems: problems.map((problem) => ({ ...problem, line: formatProblem(problem) })),
  };
}

// More names are in --json.
const versionsShown = 8;

/** pruneModulesQuestion says what goes and what it costs, before anything happens. */
export function pruneModulesQuestion(view: PruneModulesView): string {
  const { selection, tiles, roots, keepMs, isSi } = view;
  const { targets } = selection;
  const size = (bytes: number): string => formatBytes(bytes, { si: isSi });
  const largest = targets.toSorted((one, other) => other.bytes - one.bytes);
  const more = targets.length - versionsShown;
  return lines([
    `${formatCountOf(targets.length, 'version')}, ${size(selection.bytes)}, of GOMODCACHE${tiles === undefined ? '' : `, and the kept answers of the checksum database, ${size(tiles.bytes)}`}`,
    ...largest
      .slice(0, versionsShown)
      .map(({ version, bytes }) => `  ${size(bytes).padStart(9)}  ${version.path}@${version.version}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  to download again: ${downloadWords(selection.download, { si: isSi })}`,
    ...(roots.length === 0
      ? []
      : [`  needed is what ${rootWords(roots)} needs: other main modules were not asked`]),
    ...(selection.needed > 0
      ? [`  ${formatCountOf(selection.needed, 'version')} of them a main module builds with`]
      : []),
    ...(selection.unknownUse > 0
      ? [`  ${formatCountOf(selection.unknownUse, 'version')} stay: when they were used last is not known`]
      : []),
    '  Go made the folders read-only, so that nobody changes what go.sum vouches for; they are moved as they are',
    keepMs === undefined
      ? '  deleted at once: no undo'
      : `  kept for ${formatAge(keepMs)}: gocachetop undo puts it back; freed then`,
  ]);
}

function rootWords(roots: readonly string[]): string {
  const [first = ''] = roots;
  return roots.length === 1 ? first : `one of ${roots.length} main modules`;
}

/** pruneModulesText is one line of what was done; what would go, where nothing was. */
export function pruneModulesText(view: PruneModulesView, result: ModuleRemovalResult | undefined): string {
  const { selection, tiles, keepMs, isSi } = view;
  if (result === undefined)
    return selection.targets.length === 0 && tiles === undefined
      ? `nothing to remove${selection.unknownUse === 0 ? '' : `; of ${formatCountOf(selection.unknownUse, 'version')} it is not known when they were used`}\n`
      : pruneModulesQuestion(view);
  const { removed, kept, batch } = result;
  const what = `${formatCountOf(removed.entries, 'version')}, ${formatBytes(removed.bytes, { si: isSi })}`;
  return lines([
    batch === undefined
      ? `removed ${what}`
      : `moved ${what} to the trash: freed after ${formatAge(keepMs ?? 0)}, or put back with gocachetop undo`,
    ...kept.map(({ reason, entries }) => `kept ${formatCountOf(entries, 'version')}: ${reason}`),
    ...(result.wasStopped ? ['stopped: what was done so far stays done'] : []),
  ]);
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
