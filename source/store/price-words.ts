import type { RebuildPrice } from '../build-cache/index/price.ts';
import { formatCount, formatDuration, unknownText } from './format.ts';

/** priceWords says what it would take to compile something again: `14 s`, `14 s, 1 unknown`, `unknown`. */
export function priceWords({ ms, known, unknown }: RebuildPrice): string {
  if (known === 0) return unknown === 0 ? 'nothing to compile' : unknownText;
  return unknown === 0 ? formatDuration(ms) : `${formatDuration(ms)}, ${formatCount(unknown)} unknown`;
}

/** priceCell is the same in the ten cells of a column: a `+` says that some of it is not known. */
export function priceCell({ ms, known, unknown }: RebuildPrice): string {
  if (known === 0) return unknown === 0 ? '' : unknownText;
  return unknown === 0 ? formatDuration(ms) : `${formatDuration(ms)} +`;
}

/** priceOrder sorts by the known part, the largest first; what is not known at all comes last. */
export function priceOrder(one: RebuildPrice, other: RebuildPrice): number {
  return (other.known === 0 ? -1 : other.ms) - (one.known === 0 ? -1 : one.ms);
}
