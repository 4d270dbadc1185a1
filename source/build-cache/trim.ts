/**
 * Trim is Go's own removal of what was not used for long. cmd/go/internal/cache: (*DiskCache).Trim, go1.26
 */

const hour = 3_600_000;

/** mtimeInterval: a use sets the mtime of an entry only when that is at least an hour old, to spare inode updates. */
export const mtimeInterval = hour;

/** trimInterval: the cache is looked through at most once a day. */
const trimInterval = 24 * hour;

/** trimLimit: entries not used for five days go; nearly all reuse comes sooner (golang.org/issue/22990). */
const trimLimit = 5 * 24 * hour;

/** parseTrimTxt reads trim.txt, Unix seconds of the last trim, as Unix milliseconds; undefined when Go could not read it. */
export function parseTrimTxt(text: string): number | undefined {
  const digits = text.trim();
  return /^[+-]?[0-9]{1,15}$/.test(digits) ? Number(digits) * 1000 : undefined;
}

/**
 * nextTrim is when the next go command that builds will trim, Unix milliseconds. `now` means: with the next one, since
 * the last trim is a day ago, was never, cannot be read, or lies more than an hour in the future.
 */
export function nextTrim(trim: { readonly lastTrim: number | undefined; readonly now: number }): number {
  const { lastTrim, now } = trim;
  if (lastTrim === undefined) return now;
  const sinceLast = now - lastTrim;
  const isSkipped = sinceLast < trimInterval && sinceLast > -mtimeInterval;
  return isSkipped ? lastTrim + trimInterval : now;
}

/** trimCutoff: a trim at `now` removes the entries with an mtime before this, Unix milliseconds. */
export function trimCutoff(now: number): number {
  // One more mtimeInterval, because mtimes tell the last use only to that precision.
  return now - trimLimit - mtimeInterval;
}
