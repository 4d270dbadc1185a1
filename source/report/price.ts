import type { RebuildPrice } from '../build-cache/index/price.ts';

/** priceJson is what it takes to compile something again; null is not known. */
export function priceJson({ ms, known, unknown }: RebuildPrice): Readonly<Record<string, unknown>> {
  return { ms: known === 0 && unknown > 0 ? null : Math.round(ms), unknown };
}
