import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** caddyVersion is the one that docs/private-proxy.md names. */
export const caddyVersion = 'v2.11.9';

/**
 * findCaddy builds Caddy with go install through this machine's GOPROXY, once: the binary is kept in node_modules/.cache. A text
 * is why it cannot be had: say so and skip.
 */
export async function findCaddy(): Promise<{ readonly command: string } | string> {
  const folder = resolve(import.meta.dirname, '..', 'node_modules', '.cache', 'gocachetop');
  const command = join(folder, `caddy-${caddyVersion}`);
  if (existsSync(command)) return { command };
  mkdirSync(folder, { recursive: true });
  const gobin = mkdtempSync(join(tmpdir(), 'gocachetop-caddy-'));
  try {
    // Into caches of its own it would take twice as long, for 600 MB that nothing else needs.
    const env = { ...process.env, GOBIN: gobin, GOFLAGS: '', GOWORK: 'off' };
    const words = ['install', `github.com/caddyserver/caddy/v2/cmd/caddy@${caddyVersion}`];
    await promisify(execFile)('go', words, { env, cwd: gobin, timeout: buildMs });
    execFileSync('cp', [join(gobin, 'caddy'), `${command}.new`]);
    renameSync(`${command}.new`, command);
    return { command };
  } catch (error) {
    return `Caddy cannot be built here: ${String(error).split('\n').slice(0, 2).join(' ')}`;
  } finally {
    rmSync(gobin, { recursive: true, force: true });
  }
}

/** buildMs: it took 100 s on two cores, downloads and all. */
const buildMs = 600_000;
