import type { EntryKind } from '../build-cache/output-kind.ts';
import { quote } from '../go/shell-word.ts';
import type { PruneMeasure } from '../operations/prune/select.ts';
import type { PruneSelectors } from '../operations/prune/selectors.ts';

/** Cap is a prune by size and age as it is being chosen: of what, and where the two sliders stand. */
export type Cap = {
  readonly scope: CapScope;
  /** totalBytes is what GOCACHE held when the question was asked: the slider must not slip while others build. */
  readonly totalBytes: number;
  /** sizeStop and ageStop are numbers of stops; 0 is no cap. */
  readonly sizeStop: number;
  readonly ageStop: number;
};

/** CapScope is what a prune is about; without any, all of GOCACHE. */
export type CapScope = {
  readonly kind?: EntryKind;
  readonly variant?: string;
  readonly importPaths?: readonly string[];
};

/** CapMeasured is what a cap would take; `key` says of which it is. */
export type CapMeasured = { readonly key: string; readonly measure: PruneMeasure };

const hour = 3_600_000;
const day = 24 * hour;

/** ageStops from far to near, as people say them. */
export const ageStops: readonly number[] = [90, 60, 30, 21, 14, 10, 7, 5, 4, 3, 2, 1].map(
  (days) => days * day,
);

// A twentieth of GOCACHE is what one step takes.
const sizeSteps = 20;
const mebibyte = 2 ** 20;

/** mostStops is the last stop of each slider. */
export const mostStops = { size: sizeSteps, age: ageStops.length } as const;

/** capBytes is the size that GOCACHE may keep, in whole MiB so that a command can say it; undefined without a cap. */
export function capBytes({ sizeStop, totalBytes }: Cap): number | undefined {
  if (sizeStop === 0) return undefined;
  return Math.ceil((totalBytes * (sizeSteps - sizeStop)) / sizeSteps / mebibyte) * mebibyte;
}

/** capAge is for how long something may be unused, in milliseconds; undefined without a cap. */
export function capAge({ ageStop }: Cap): number | undefined {
  return ageStops[ageStop - 1];
}

/** capSelectors are those of the prune that the cap stands for; undefined when neither slider was moved and nothing narrows it. */
export function capSelectors(cap: Cap): PruneSelectors | undefined {
  const { kind, variant, importPaths } = cap.scope;
  const [maxBytes, unusedForMs] = [capBytes(cap), capAge(cap)];
  const isAll = kind === undefined && variant === undefined && importPaths === undefined;
  if (isAll && maxBytes === undefined && unusedForMs === undefined) return undefined;
  return {
    kind,
    variant,
    importPaths: importPaths === undefined ? undefined : new Set(importPaths),
    maxBytes,
    unusedForMs,
  };
}

/** capKey tells caps apart that take different things. */
export function capKey(cap: Cap): string {
  return JSON.stringify([cap.scope, capBytes(cap), capAge(cap)]);
}

/** capCommand is the same on the command line; undefined where one command cannot say it. */
export function capCommand(cap: Cap): string | undefined {
  const { kind, variant, importPaths = [] } = cap.scope;
  const [bytes, age] = [capBytes(cap), capAge(cap)];
  const [importPath, ...more] = importPaths;
  if (more.length > 0) return undefined;
  const words = [
    ...(importPath === undefined ? [] : ['--package', quote(importPath)]),
    ...(kind === undefined ? [] : ['--kind', kind]),
    ...(variant === undefined ? [] : ['--variant', quote(variant)]),
    ...(bytes === undefined ? [] : ['--max-size', `${bytes / mebibyte}MiB`]),
    ...(age === undefined ? [] : ['--unused-for', `${age / day}d`]),
  ];
  return words.length === 0 ? undefined : `gocachetop prune ${words.join(' ')}`;
}
