/** AtimeRule is how a file system keeps the time of the last read; undefined when that cannot be told. */
export type AtimeRule = 'relatime' | 'strictatime' | 'noatime' | undefined;

/**
 * parseAtimeRule finds in /proc/self/mountinfo how the file system that a path lies on keeps atimes. A line:
 *
 *     36 35 98:0 /root /mnt rw,noatime master:1 - ext4 /dev/root rw,errors=continue
 */
export function parseAtimeRule(mountinfo: string, path: string): AtimeRule {
  let longest = -1;
  let rule: AtimeRule;
  for (const line of mountinfo.split('\n')) {
    const [, , , , mounted = '', options = ''] = line.split(' ');
    // A space in a path is written \040.
    const point = mounted.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
    const isAbove = point === '/' || path === point || path.startsWith(`${point}/`);
    // Of two mounts on one point the later one is seen.
    if (point === '' || !isAbove || point.length < longest) continue;
    longest = point.length;
    const words = options.split(',');
    rule = words.includes('noatime') ? 'noatime' : words.includes('relatime') ? 'relatime' : 'strictatime';
  }
  return rule;
}

/** EntryTimes are those of an action entry: of its file, and what it says itself. Unix milliseconds. */
export type EntryTimes = { readonly atime: number; readonly mtime: number; readonly addedAt: number };

// Go writes an entry within a millisecond; file systems keep times to a second or finer.
const precision = 1000;

/**
 * wasUsed says whether Go has looked an entry up since it wrote it. Every use reads the file, and the first read after a write moves its
 * atime, under relatime too; a use after an hour moves the mtime (cmd/go/internal/cache: (*DiskCache).markUsed, go1.26).
 * Undefined where no time tells: with noatime.
 */
export function wasUsed({ atime, mtime, addedAt }: EntryTimes, rule: AtimeRule): boolean | undefined {
  if (mtime - addedAt >= precision) return true;
  if (rule === undefined || rule === 'noatime') return undefined;
  return atime - mtime >= precision;
}
