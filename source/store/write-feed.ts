/** WriteFeed is what the GOCACHE watcher saw: the newest writes, sums, and a rate. */
export type WriteFeed = {
  /** entries are the files written since we started, `-a` and `-d` each for itself; bytes is what they hold. */
  readonly entries: number;
  readonly bytes: number;
  /** newest writes of outputs, newest first, a bounded number. */
  readonly newest: readonly CacheWrite[];
  /** perSecond holds one bucket per second, the present one last, at most 60. */
  readonly perSecond: readonly WriteBucket[];
  /** lost is how many writes the watcher lost for good; undefined when some were lost and nobody knows how many. */
  readonly lost: number | undefined;
  /** mode of the watcher; `missing` while there is no GOCACHE; `counted` once afterwards, without a watch. */
  readonly mode: 'starting' | 'events' | 'polling' | 'missing' | 'counted' | 'off';
};

export type CacheWrite = {
  readonly outputId: string;
  /** importPath of the package it was written for; undefined when that is not known. */
  readonly importPath: string | undefined;
  /** kind is `archive`, `test`, `vet`, ... as the contract names kinds; undefined when not looked at. */
  readonly kind: string | undefined;
  readonly bytes: number;
  readonly at: number;
};

export type WriteBucket = { readonly second: number; readonly entries: number; readonly bytes: number };

/** emptyWriteFeed is the feed of a watcher that has not begun. */
export const emptyWriteFeed: WriteFeed = {
  entries: 0,
  bytes: 0,
  newest: [],
  perSecond: [],
  lost: 0,
  mode: 'starting',
};

// newestLimit is more than the rows of any pane; perSecondLimit is one minute.
const newestLimit = 100;
const perSecondLimit = 60;

/** Written is one file that was written, with what is known of it. */
export type Written = {
  readonly bytes: number;
  readonly at: number;
  readonly output: CacheWrite | undefined;
};

/** applyWrites adds a batch of writes to the feed. */
export function applyWrites(feed: WriteFeed, written: readonly Written[]): WriteFeed {
  if (written.length === 0) return feed;
  const perSecond = [...feed.perSecond];
  let { entries, bytes } = feed;
  const outputs: CacheWrite[] = [];
  for (const each of written) {
    entries += 1;
    bytes += each.bytes;
    if (each.output !== undefined) outputs.push(each.output);
    addToBucket(perSecond, each);
  }
  const newest = [...outputs.slice(-newestLimit).reverse(), ...feed.newest].slice(0, newestLimit);
  return { ...feed, entries, bytes, newest, perSecond: perSecond.slice(-perSecondLimit) };
}

function addToBucket(perSecond: WriteBucket[], write: Written): void {
  const second = Math.floor(write.at / 1000);
  const last = perSecond.at(-1);
  if (last === undefined || second > last.second) {
    perSecond.push({ second, entries: 1, bytes: write.bytes });
    return;
  }
  // A write that comes late counts for the newest second: a rate is about now.
  perSecond[perSecond.length - 1] = {
    second: last.second,
    entries: last.entries + 1,
    bytes: last.bytes + write.bytes,
  };
}

/** writeRate is what was written per second, over the last full seconds before `now`; 0 when nothing was. */
export function writeRate(
  feed: WriteFeed,
  now: number,
): { readonly entries: number; readonly bytes: number } {
  const second = Math.floor(now / 1000);
  const recent = feed.perSecond.filter(
    (bucket) => bucket.second < second && bucket.second >= second - rateSeconds,
  );
  const sum = recent.reduce(
    (total, bucket) => ({ entries: total.entries + bucket.entries, bytes: total.bytes + bucket.bytes }),
    { entries: 0, bytes: 0 },
  );
  return { entries: sum.entries / rateSeconds, bytes: sum.bytes / rateSeconds };
}

// rateSeconds is long enough to be read and short enough to be about now.
const rateSeconds = 3;
