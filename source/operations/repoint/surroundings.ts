import { existsSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GoEnv } from '../../go/env.ts';
import type { Environment } from '../../go/settings.ts';
import type { Surrounding } from './facts.ts';

/** findSurroundings finds the folders with a meaning of their own that a real path lies in. */
export function findSurroundings(
  path: string,
  env: Pick<GoEnv, 'gocache' | 'gomodcache' | 'goroot' | 'gopath' | 'gomod'>,
  environment: Environment,
): readonly Surrounding[] {
  const mainModule = env.gomod === '' || env.gomod === '/dev/null' ? '' : dirname(env.gomod);
  const named: readonly (readonly [Surrounding['what'], string])[] = [
    ['GOCACHE', env.gocache],
    ['GOMODCACHE', env.gomodcache],
    ['GOROOT', env.goroot],
    // Patterns as `...` walk through src only: cmd/go/internal/search: (*Match).MatchPackages, go1.26.
    ...env.gopath.split(':').map((folder) => ['GOPATH', folder === '' ? '' : join(folder, 'src')] as const),
    ['main module', mainModule],
    ...[environment.TMPDIR ?? '', tmpdir(), '/tmp', '/var/tmp'].map((each) => ['temporary', each] as const),
  ];
  const found: Surrounding[] = [];
  for (const [what, folder] of named) {
    const real = realPathOrSame(folder);
    if (folder === '' || !isBelow(path, real)) continue;
    if (!found.some((known) => known.what === what)) found.push({ what, folder });
  }
  const module = found.some(({ what }) => what === 'main module') ? undefined : moduleAbove(path);
  return module === undefined ? found : [...found, { what: 'module', folder: module }];
}

function moduleAbove(path: string): string | undefined {
  for (let folder = path; dirname(folder) !== folder; folder = dirname(folder)) {
    if (existsSync(join(folder, 'go.mod'))) return folder;
  }
  return undefined;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

function realPathOrSame(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // it does not exist
  }
}
