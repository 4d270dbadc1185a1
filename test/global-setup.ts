import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/** setup bundles once per run, so that tests of bin/gocachetop.js see the present source. */
export function setup(): void {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '..', 'scripts', 'bundle.js')], {
    stdio: 'inherit',
  });
}
