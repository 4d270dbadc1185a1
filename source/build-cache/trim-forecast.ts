import type { EntryIndex } from './index/entry-index.ts';
import { rowsPerStep, type Steps } from './index/steps.ts';
import type { Sum } from './index/summary.ts';
import { nextTrim, parseTrimTxt, trimCutoff } from './trim.ts';

/** TrimTxt is the file that says when Go trimmed last. Times are Unix milliseconds. */
export type TrimTxt = { readonly text: string; readonly ctime: number };

/** CameHere says of some old entries how many came here long after their own time, as out of an archive or an image. */
export type CameHere = {
  readonly looked: number;
  readonly copied: number;
  /** at is when the newest of them came. */
  readonly at: number | undefined;
};

export type TrimFacts = {
  readonly now: number;
  /** file is undefined when there is none. */
  readonly file: TrimTxt | undefined;
  readonly total: Sum;
  /** takesAt is what a trim would remove at a time, if nothing were used until then. */
  takesAt(at: number): Sum;
  readonly cameHere: CameHere;
};

/** TrimForecast says when Go trims next, why then, and what that takes. */
export type TrimForecast = {
  readonly last: number | undefined;
  /** next is `now` for the next go command that builds. */
  readonly next: number;
  readonly isDue: boolean;
  readonly why: string;
  readonly takes: Sum;
  readonly total: Sum;
  /** days are what a trim takes from now on, if nothing is used: today, in one day, and so on. */
  readonly days: readonly Sum[];
  readonly odd: readonly TrimOddity[];
};

/** TrimOddity is a cache that Go never trims, or trims too early: what it is, how that is known, and what helps. */
export type TrimOddity = {
  readonly kind: 'never' | 'early';
  readonly what: string;
  readonly evidence: readonly string[];
  readonly repair: string;
};

const hour = 3_600_000;
const day = 24 * hour;
const daysShown = 6;

/** forecastTrim works out the next trim by Go's own rules. cmd/go/internal/cache: (*DiskCache).Trim, go1.26 */
export function forecastTrim(facts: TrimFacts): TrimForecast {
  const { now, file, total, takesAt } = facts;
  const last = file === undefined ? undefined : parseTrimTxt(file.text);
  const next = nextTrim({ lastTrim: last, now });
  const isDue = next <= now;
  return {
    last,
    next,
    isDue,
    why: whyThen(file, last, now, isDue),
    takes: takesAt(next),
    total,
    days: Array.from({ length: daysShown }, (_, days) => takesAt(now + days * day)),
    odd: [neverTrims(facts, last, next), trimsEarly(facts, isDue)].filter((each) => each !== undefined),
  };
}

function whyThen(file: TrimTxt | undefined, last: number | undefined, now: number, isDue: boolean): string {
  if (file === undefined) return 'there is no trim.txt';
  if (last === undefined) return 'trim.txt is not a number';
  if (!isDue) return last > now ? 'trim.txt is less than an hour ahead' : 'Go trims at most once a day';
  return last > now ? 'trim.txt lies more than an hour in the future' : 'the last trim is a day ago';
}

/**
 * neverTrims: what the last trim had to take is still there. So that trim was not one of this cache: trim.txt was restored with an archive,
 * as CI does, or written by hand. Where that happens every day, none is ever due.
 */
function neverTrims(facts: TrimFacts, last: number | undefined, next: number): TrimOddity | undefined {
  const { now, file, takesAt } = facts;
  if (last === undefined || next <= now || file === undefined) return undefined;
  const survivors = takesAt(last);
  if (survivors.entries === 0) return undefined;
  const delay = file.ctime - last;
  return {
    kind: 'never',
    what: 'Go does not trim here as long as trim.txt is set anew every day',
    evidence: [
      `${entriesText(survivors.entries)} would have gone with a trim at the time that trim.txt names, and are here`,
      ...(delay > hour
        ? [`trim.txt came here ${hoursText(delay)} after the time in it: it was restored or copied`]
        : []),
    ],
    repair: 'rm trim.txt in GOCACHE: the next go build trims; keep trim.txt out of what CI restores',
  };
}

// A trim that takes less than this is what a trim is for.
const largeShare = 0.5;

/** trimsEarly: files that keep old times in an image or an archive are old to Go, which looks at nothing else. */
function trimsEarly({ now, total, takesAt, cameHere }: TrimFacts, isDue: boolean): TrimOddity | undefined {
  const takes = takesAt(now);
  if (!isDue || takes.entries < total.entries * largeShare || cameHere.looked === 0) return undefined;
  if (cameHere.copied < cameHere.looked * largeShare) return undefined;
  return {
    kind: 'early',
    what: `the next go build removes ${Math.floor((takes.entries / total.entries) * 100)} % of this cache after it has run`,
    evidence: [
      `of ${entriesText(cameHere.looked)} looked at, ${cameHere.copied} came here more than a day after their own time`,
      'that is so with a cache baked into an image, or restored: Go goes by the time of each file alone',
    ],
    repair: "find GOCACHE -name '*-[ad]' -exec touch -c {} +, before the first go build",
  };
}

function entriesText(count: number): string {
  return count === 1 ? '1 entry' : `${count.toLocaleString('en-US')} entries`;
}

function hoursText(ms: number): string {
  return ms < 2 * day ? `${Math.floor(ms / hour)} h` : `${Math.floor(ms / day)} days`;
}

/**
 * countOlder counts the entries that trims at some times would remove, each by its own mtime as Go does, in one pass.
 * The sums stand in the order of `times`.
 */
export function* countOlder(
  { actions, outputs }: EntryIndex,
  times: readonly number[],
): Steps<readonly Sum[]> {
  // A later trim takes what an earlier one does and more: each entry is counted at the first that takes it.
  const cutoffs = [...new Set(times.map(trimCutoff))].sort((one, other) => one - other);
  const sums = cutoffs.map(() => ({ entries: 0, bytes: 0 }));
  const newest = cutoffs.at(-1) ?? 0;
  for (const rows of [actions, outputs])
    for (let row = 0; row < rows.length; row++) {
      if (row % rowsPerStep === 0) yield;
      const mtime = rows.isUsed(row) ? rows.mtime(row) : newest;
      const sum = mtime < newest ? sums[cutoffs.findIndex((cutoff) => mtime < cutoff)] : undefined;
      if (sum === undefined) continue;
      sum.entries += 1;
      sum.bytes += rows.bytes(row);
    }
  return times.map((time) => {
    const last = cutoffs.indexOf(trimCutoff(time));
    const before = sums.slice(0, last + 1);
    return {
      entries: before.reduce((total, { entries }) => total + entries, 0),
      bytes: before.reduce((total, { bytes }) => total + bytes, 0),
    };
  });
}
