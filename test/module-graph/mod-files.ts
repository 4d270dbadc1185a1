import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { escapePath } from '../../source/go/module-path.ts';

/** publish writes versions of modules to a file:// proxy: their go.mod files, by `path@version`, and no content. */
export function publish(proxy: string, modFiles: ReadonlyMap<string, string>): void {
  for (const [name, text] of modFiles) {
    const at = name.lastIndexOf('@');
    const version = name.slice(at + 1);
    const folder = join(proxy, escapePath(name.slice(0, at)) ?? '', '@v');
    write(join(folder, `${version}.mod`), text);
    write(
      join(folder, `${version}.info`),
      JSON.stringify({ Version: version, Time: '2026-01-05T09:00:00Z' }),
    );
  }
}

/** write writes a file and makes its folder. */
export function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** goAlone runs go with caches below `dir` and modules from `dir/proxy` only, and gives its stdout. */
export function goAlone(dir: string, cwd: string, args: readonly string[], flags = '-mod=mod'): string {
  return execFileSync('go', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
    env: {
      PATH: process.env.PATH,
      HOME: join(dir, 'home'),
      GOENV: 'off',
      GOFLAGS: flags,
      GOTOOLCHAIN: 'local',
      GOTELEMETRY: 'off',
      GOPROXY: pathToFileURL(join(dir, 'proxy')).href,
      GONOSUMDB: '*',
      GOSUMDB: 'off',
      GOMODCACHE: join(dir, 'mod'),
      GOCACHE: join(dir, 'gocache'),
      GOPATH: join(dir, 'gopath'),
    },
  });
}
