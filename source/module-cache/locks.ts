/**
 * parseHeldLocks reads /proc/locks, proc(5), and gives the inodes that somebody holds a flock on, as `device:inode`; Go locks
 * a version by its `.lock` file, with flock(2). cmd/go/internal/lockedfile/internal/filelock, go1.26
 *
 *     1: FLOCK  ADVISORY  WRITE 708 00:13:11457 0 EOF
 *
 * A line with `->` is of one that waits.
 */
export function parseHeldLocks(text: string): ReadonlySet<string> {
  const held = new Set<string>();
  for (const line of text.split('\n')) {
    const match = /^\d+: FLOCK\s+\S+\s+\S+\s+-?\d+\s+([0-9a-f]+):([0-9a-f]+):(\d+) /.exec(line);
    if (match === null) continue;
    const [, major = '', minor = '', inode = ''] = match;
    held.add(lockKey(Number.parseInt(major, 16), Number.parseInt(minor, 16), inode));
  }
  return held;
}

/** lockKeyOf names a file as parseHeldLocks does; `device` is st_dev of Linux, makedev(3). */
export function lockKeyOf(device: number, inode: number): string {
  const wide = BigInt(device);
  const major = ((wide >> 8n) & 0xfffn) | ((wide >> 32n) & 0xfffff000n);
  const minor = (wide & 0xffn) | ((wide >> 12n) & 0xffffff00n);
  return lockKey(Number(major), Number(minor), String(inode));
}

function lockKey(major: number, minor: number, inode: string): string {
  return `${major}:${minor}:${inode}`;
}
