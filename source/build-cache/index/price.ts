import type { ActionId } from '../../go/ids.ts';

/**
 * RebuildPrice is what it takes to make outputs again, as it was measured the last time: the sum of the wall times of their
 * compiles, which ran beside others, and so not the time to a finished build.
 */
export type RebuildPrice = {
  /** ms is the sum over `known` archives. */
  readonly ms: number;
  readonly known: number;
  /** unknown is how many archives and executables have no record. */
  readonly unknown: number;
};

/** CompileTimeOf is how long the compile of an action took, in milliseconds; undefined when it was not recorded. */
export type CompileTimeOf = (action: ActionId) => number | undefined;

/** noTimes is the record of somebody who has none. */
export const noTimes: CompileTimeOf = () => undefined;

/** freePrice is that of nothing. */
export const freePrice: RebuildPrice = { ms: 0, known: 0, unknown: 0 };

/** addPrice adds one archive or executable; without a time its price is unknown. */
export function addPrice({ ms, known, unknown }: RebuildPrice, time: number | undefined): RebuildPrice {
  return time === undefined
    ? { ms, known, unknown: unknown + 1 }
    : { ms: ms + time, known: known + 1, unknown };
}

/** sumPrices adds prices up. */
export function sumPrices(prices: Iterable<RebuildPrice>): RebuildPrice {
  let { ms, known, unknown } = freePrice;
  for (const price of prices) {
    ms += price.ms;
    known += price.known;
    unknown += price.unknown;
  }
  return { ms, known, unknown };
}

/** hasPrice says whether making it again takes the compiler or the linker: a list of files does not. */
export function hasPrice(kind: string | undefined): boolean {
  return kind === 'archive' || kind === 'executable';
}
