import { hostname, userInfo } from 'node:os';
import type { ModuleFacts } from '../../checksums/facts.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import type { QuarantineRecord } from './quarantine.ts';
import type { Repair } from './repair.ts';

/** recordOf writes down a repair before it is done. */
export function recordOf(
  { path, version }: ModuleVersion,
  { zip, ziphash, folder, goMod }: ModuleFacts,
  goSum: string | undefined,
  { faults, suspicion, sum, checkedBy }: Repair & { readonly sum: string },
  gomodcache: string,
  now: number,
): QuarantineRecord {
  return {
    schema: 'gocachetop.quarantine/1',
    path,
    version,
    at: new Date(now).toISOString(),
    by: { user: userName(), host: hostname(), pid: process.pid },
    gomodcache,
    faults,
    suspicion: suspicion ?? null,
    sums: {
      zip: zip.state === 'hashed' ? zip.h1 : null,
      ziphash: ziphash.state === 'sum' ? ziphash.h1 : ziphash.state === 'malformed' ? ziphash.text : null,
      dir: folder.state === 'hashed' ? (folder.h1 ?? null) : null,
      mod: goMod.state === 'hashed' ? goMod.h1 : null,
      goSum: goSum ?? null,
      repaired: sum,
    },
    checkedBy,
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown'); // a user without a line in /etc/passwd, as in many containers
  }
}
