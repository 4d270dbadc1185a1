/** Figure is one measured value beside its limit. */
export type Figure = {
  readonly what: string;
  /** measured is the median of the samples, or what the row says it is (a 95th percentile). */
  readonly measured: number;
  readonly unit: string;
  /** limit is undefined for a figure that only explains another one. */
  readonly limit: Limit | undefined;
  readonly samples: readonly number[];
};

export type Limit = { readonly atMost: number } | { readonly atLeast: number };

/** figureOf makes the figure of samples: their median. */
export function figureOf(
  what: string,
  samples: readonly number[],
  unit: string,
  limit: Limit | undefined,
): Figure {
  return { what, measured: median(samples), unit, limit, samples };
}

/** isOver says whether a limit is broken; what could not be measured (NaN) breaks it too. */
export function isOver({ measured, limit }: Figure): boolean {
  if (limit === undefined) return false;
  return 'atMost' in limit ? !(measured <= limit.atMost) : !(measured >= limit.atLeast);
}

/** formatFigure gives the cells of the figure's row: what, measured, limit, verdict, runs, spread. */
export function formatFigure(figure: Figure): readonly string[] {
  const { what, measured, unit, limit, samples } = figure;
  const bound =
    limit === undefined ? '' : 'atMost' in limit ? `≤ ${limit.atMost} ${unit}` : `≥ ${limit.atLeast} ${unit}`;
  return [
    what,
    `${formatNumber(measured)} ${unit}`.trim(),
    bound.trim(),
    limit === undefined ? '' : isOver(figure) ? 'over' : 'ok',
    String(samples.length),
    samples.length < 2
      ? ''
      : `${formatNumber(Math.min(...samples))} to ${formatNumber(Math.max(...samples))}`,
  ];
}

export const figureHeader: readonly string[] = ['what', 'measured', 'limit', '', 'runs', 'spread'];

/** median of no samples is NaN. */
function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** percentile is linear between the two nearest samples. */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * part;
  const low = sorted[Math.floor(place)] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  return low + (high - low) * (place - Math.floor(place));
}

function formatNumber(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : 3);
}
