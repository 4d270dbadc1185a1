import { readFileSync, statSync } from 'node:fs';
import { lockKeyOf, parseHeldLocks } from '../../module-cache/locks.ts';

/**
 * holderOf says that somebody holds the lock of a version at this moment, in words; undefined when nobody does, or where only
 * Linux would tell. Go holds it while it downloads and while it extracts. `cmd/go/internal/modfetch: lockVersion, go1.26`
 */
export function holderOf(lock: string | undefined): string | undefined {
  if (process.platform !== 'linux' || lock === undefined) return undefined;
  try {
    const { dev, ino } = statSync(lock);
    const held = parseHeldLocks(readFileSync('/proc/locks', 'utf8'));
    return held.has(lockKeyOf(dev, ino)) ? 'a go command is writing it right now' : undefined;
  } catch {
    // No lock file, or no /proc: nobody is known to hold it.
    return undefined;
  }
}
