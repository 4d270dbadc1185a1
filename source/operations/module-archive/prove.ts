import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Needs } from '../offline/needs.ts';
import { type NeedsOptions, probeNeeds } from '../offline/probe.ts';

/**
 * proveArchive lists all packages with an empty GOMODCACHE and the archive as the only proxy: go takes and unpacks every
 * module from it. What is missing then is missing in the archive.
 */
export async function proveArchive(options: NeedsOptions, directory: string): Promise<Needs> {
  const gomodcache = mkdtempSync(join(tmpdir(), 'gocachetop-archive-'));
  try {
    return await probeNeeds({ ...options, archive: { directory, gomodcache } });
  } finally {
    rmSync(gomodcache, { recursive: true, force: true });
  }
}
