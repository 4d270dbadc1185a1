/** parseSize reads `500MB`, `10GiB`, `10%` (of `wholeBytes`, the file system) as bytes; undefined when it is none of these. */
export function parseSize(text: string, wholeBytes: number | undefined): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([A-Za-z%]*)$/.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  if (unit === '%')
    return wholeBytes === undefined || Number(number) > 100 ? undefined : (Number(number) / 100) * wholeBytes;
  const factor = sizeUnits.get(unit.toUpperCase());
  return factor === undefined ? undefined : Math.round(Number(number) * factor);
}

/** parseAge reads `36h`, `14d`, also `90m`, `45s`, `2w`, as milliseconds; undefined when it is none of these. */
export function parseAge(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : ageUnits.get(unit);
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}

const sizeUnits: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['B', 1],
  ...['K', 'M', 'G', 'T'].flatMap((letter, index): [string, number][] => [
    [`${letter}B`, 1000 ** (index + 1)],
    [`${letter}IB`, 1024 ** (index + 1)],
    // As du and Go's GOMEMLIMIT would have it, a letter alone is binary.
    [letter, 1024 ** (index + 1)],
  ]),
]);

const ageUnits: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 7 * 86_400_000],
]);
