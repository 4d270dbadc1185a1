import { isPseudoVersion } from '../../go/semver.ts';
import type { ModuleVersion } from '../../module-cache/module-version.ts';
import type { Column } from '../define-table.ts';
import { formatAge, unknownText } from '../format.ts';
import type { Span } from '../line.ts';
import { problemMark } from '../marks.ts';
import type { AppState } from '../state.ts';
import { isFaulty } from '../verification.ts';

/** lastUsedColumn is how long ago the last use was, the newest first and what is not known last. */
export function lastUsedColumn<Item>(usedAt: (item: Item) => number | undefined): Column<Item> {
  return {
    id: 'used',
    title: 'used',
    width: 7,
    align: 'right',
    drop: 3,
    text: (item, { now }) => usedWords(usedAt(item), now),
    compare: (one, other) =>
      (usedAt(other) ?? Number.NEGATIVE_INFINITY) - (usedAt(one) ?? Number.NEGATIVE_INFINITY) || 0,
  };
}

/** usedWords is how long ago a use was, or that it is not known. */
export function usedWords(usedAt: number | undefined, now: number): string {
  return usedAt === undefined ? unknownText : formatAge(Math.max(0, now - usedAt));
}

/** versionMark is `*` for what is marked, else a sign of what is wrong. */
export function versionMark(id: string, { state }: ModuleVersion, { screen, verification }: AppState): Span {
  if (screen.moduleMarks.ids.has(id)) return { text: '*', tone: 'accent' };
  if (state === 'partial' || isFaulty(verification, id)) return problemMark;
  return state === 'locked' ? '›' : ' ';
}

/** countingWords says why there are no rows (yet). */
export function countingWords({ moduleCache }: AppState): string {
  return moduleCache.versions === undefined ? 'being counted' : 'no module was downloaded yet';
}

/** moduleInputs change when GOMODCACHE was read again, or it became known who needs what. */
export const moduleInputs = ({ moduleCache }: AppState): readonly unknown[] => [
  moduleCache.versions,
  moduleCache.needs,
];

/** shortName is `path@version` for a list: of a pseudo-version its commit, which tells it from others. */
export function shortName({ path, version }: { readonly path: string; readonly version: string }): string {
  return `${path}@${isPseudoVersion(version) ? `…${/-([^-]+)$/.exec(version)?.[1] ?? version}` : version}`;
}
