/** HeldLock is a flock that somebody holds. */
type HeldLock = {
  /** pid of its holder; undefined for one outside of our namespace of processes, which counts as -1 or 0 there. */
  readonly pid: number | undefined;
  /** key is the file as lockKeyOf names it. */
  readonly key: string;
  readonly inode: number;
};

/**
 * parseLocks reads /proc/locks, proc(5), and gives what is held with flock(2); Go locks a version so, by its `.lock` file.
 * cmd/go/internal/lockedfile/internal/filelock, go1.26
 *
 *     1: FLOCK  ADVISORY  WRITE 708 00:13:11457 0 EOF
 *     1: -> FLOCK  ADVISORY  WRITE 740 00:13:11457 0 EOF
 *
 * A line with `->` is of one that waits.
 */
export function parseLocks(text: string): readonly HeldLock[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\d+: FLOCK\s+\S+\s+\S+\s+(-?\d+)\s+([0-9a-f]+):([0-9a-f]+):(\d+) /.exec(line);
    if (match === null) return [];
    const [, holder = '', major = '', minor = '', inode = ''] = match;
    const pid = Number(holder) > 0 ? Number(holder) : undefined;
    const key = lockKey(Number.parseInt(major, 16), Number.parseInt(minor, 16), inode);
    return [{ pid, key, inode: Number(inode) }];
  });
}

/** parseHeldLocks are the keys of all files that are locked. */
export function parseHeldLocks(text: string): ReadonlySet<string> {
  return new Set(parseLocks(text).map(({ key }) => key));
}

/** lockKeyOf names a file as parseLocks does; `device` is st_dev of Linux, makedev(3). */
export function lockKeyOf(device: number, inode: number): string {
  const wide = BigInt(device);
  const major = ((wide >> 8n) & 0xfffn) | ((wide >> 32n) & 0xfffff000n);
  const minor = (wide & 0xffn) | ((wide >> 12n) & 0xffffff00n);
  return lockKey(Number(major), Number(minor), String(inode));
}

function lockKey(major: number, minor: number, inode: string): string {
  return `${major}:${minor}:${inode}`;
}
