import { filesize } from 'filesize';

/** SizeFormat is how sizes are written: IEC (`48.1 MiB`) or, with si, SI (`50.4 MB`). */
export type SizeFormat = { readonly si: boolean };

/** unknownText is what stands for a number that could not be measured; it is never 0. */
export const unknownText = 'unknown';

/** formatBytes writes a size in at most eight cells: `175 B`, `48.1 MiB`, `212 MiB`. */
export function formatBytes(bytes: number | undefined, { si }: SizeFormat = { si: false }): string {
  if (bytes === undefined) return unknownText;
  const standard = si ? 'si' : 'iec';
  const exact = filesize(bytes, { standard, round: 1, pad: true });
  // From a hundred on the tenth tells nothing.
  return /^-?\d{3,}\.\d /.test(exact) || exact.endsWith(' B')
    ? filesize(bytes, { standard, round: 0 })
    : exact;
}

/** formatCount writes a number with its thousands set apart: `1,017`. */
export function formatCount(count: number | undefined): string {
  return count === undefined ? unknownText : String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** formatCountOf writes a number of things: `1 link`, `1,017 links`, `2 entries`. */
export function formatCountOf(count: number, thing: string): string {
  const plural = /[^aeiou]y$/.test(thing) ? `${thing.slice(0, -1)}ies` : `${thing}s`;
  return `${formatCount(count)} ${count === 1 ? thing : plural}`;
}

/** formatDuration writes how long something took: `40 ms`, `0.4 s`, `41 s`, `3:05`, `1:02:05`. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined) return unknownText;
  return ms < shortest ? `${Math.round(Math.max(0, ms))} ms` : formatElapsed(ms);
}

// Below this a tenth of a second, which is rounded down, would be 0.0.
const shortest = 100;

/** formatElapsed writes how long something has been running: steps of 0.1 s below 10 s, then of 1 s. */
export function formatElapsed(ms: number, isCoarse = false): string {
  const past = Math.max(0, ms);
  if (past >= 60_000) return formatClock(past);
  if (past >= 10_000 || isCoarse) return `${Math.floor(past / 1000)} s`;
  return `${(Math.floor(past / 100) / 10).toFixed(1)} s`;
}

/** formatClock writes a running time as a clock does: `0:12`, `3:05`, `1:02:05`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** formatRate writes a hit rate: `66 %`. It rounds down, so that 100 % means all. */
export function formatRate(rate: number | undefined): string {
  return rate === undefined ? unknownText : `${Math.floor(rate * 100)} %`;
}

/** formatAge writes how long ago something was, in the largest whole unit: `now`, `2 min`, `3 h`, `6 d`. */
export function formatAge(ms: number): string {
  if (ms < minute) return 'now';
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  // Two days in hours still say more than `1 d`.
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
