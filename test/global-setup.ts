import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * setup bundles once per run, so that tests of bin/gocachetop.js see the present source. Their builds are recorded in a
 * folder of this run, not in the developer's own.
 */
export function setup(): () => void {
  const state = mkdtempSync(join(tmpdir(), 'gocachetop-state-'));
  process.env.XDG_STATE_HOME = state;
  execFileSync(process.execPath, [resolve(import.meta.dirname, '..', 'scripts', 'bundle.js')], {
    stdio: 'inherit',
  });
  return () => rmSync(state, { recursive: true, force: true });
}
