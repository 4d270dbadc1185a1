import type { IndexSummary } from '../../build-cache/index/summary.ts';
import { quote } from '../../go/shell-word.ts';
import { formatAge, formatCount } from '../format.ts';
import type { AppState } from '../state.ts';

const nothing: readonly never[] = [];

/** itemsOf are rows of what was read; none before that. */
export function itemsOf<Item>(
  state: AppState,
  of: (summary: IndexSummary) => readonly Item[],
): readonly Item[] {
  const { contents } = state.buildCache;
  return contents === undefined ? nothing : of(contents);
}

/** emptyWords says why there is nothing to see yet. */
export function emptyWords({ buildCache }: AppState): string {
  const { reading, contents, path } = buildCache;
  if (path === 'off') return 'GOCACHE is off';
  if (contents !== undefined) return 'GOCACHE is empty';
  if (reading === undefined || reading.folders < 256)
    return `being read: ${reading?.folders ?? 0} of 256 folders`;
  return `being read: ${formatCount(reading.toRead + reading.toName)} entries are still to come`;
}

/** inputs change when GOCACHE was read again. */
export const inputs = ({ buildCache }: AppState): readonly unknown[] => [buildCache.contents];

/** scanCommand says the same on the command line. */
export const scanCommand = ({ buildCache }: AppState): string =>
  `gocachetop scan --gocache ${quote(buildCache.path ?? '')}`;

/** used is how long ago the last use was. */
export function used(lastUsed: number, now: number): string {
  return formatAge(Math.max(0, now - lastUsed));
}
