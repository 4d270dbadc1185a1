import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { findVariable, parseArguments } from '../../build/elsewhere/process.ts';
import { parseSettingFile } from '../../go/settings.ts';
import { codeOf } from '../../platform/problem.ts';

/** CacheUse says whether a process works on a GOCACHE; `unknown` when we may not or cannot read that. */
export type CacheUse = 'yes' | 'no' | 'unknown';

/**
 * cacheUseOfGo tells whether a go command is on `gocache`, by what Go goes by: its environment, the file of `go env -w`,
 * `$GOROOT/go.env`, the default. cmd/go/internal/cache: DefaultDir; cfg: Getenv, go1.26
 */
export function cacheUseOfGo(pid: number, gocache: string): CacheUse {
  const environ = readEnviron(pid);
  if (typeof environ === 'string') return environ;
  const folder = findGocache(pid, environ);
  return folder === undefined ? 'unknown' : isSameFolder(pid, folder, gocache);
}

/** cacheUseOfTool asks a tool of Go: its go command has put GOCACHE into its environment (cmd/go: main, go1.26). */
export function cacheUseOfTool(pid: number, gocache: string): CacheUse {
  const environ = readEnviron(pid);
  if (typeof environ === 'string') return environ;
  const folder = findVariable(environ, 'GOCACHE');
  return folder === undefined ? 'no' : isSameFolder(pid, folder, gocache);
}

function readEnviron(pid: number): readonly string[] | CacheUse {
  try {
    for (let looks = 0; looks < 3; looks += 1) {
      const environ = parseArguments(readFileSync(`/proc/${pid}/environ`, 'utf8'));
      if (environ.length > 0) return environ;
      // It is empty at the instant in which a program begins, too, for some microseconds.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
    return 'unknown';
  } catch (error) {
    return hasEnded(error) ? 'no' : 'unknown';
  }
}

function findGocache(pid: number, environ: readonly string[]): string | undefined {
  const fromEnvironment = findVariable(environ, 'GOCACHE');
  if (fromEnvironment) return fromEnvironment;
  const home = findVariable(environ, 'HOME');
  const below = (name: string, ...path: readonly string[]): string | undefined => {
    const top = findVariable(environ, name);
    if (top) return top;
    return home ? join(home, ...path) : undefined;
  };
  // An empty line in the file of `go env -w` hides the one of go.env.
  const written = readGoenv(pid, environ, below('XDG_CONFIG_HOME', '.config')) ?? readGoroot(pid, environ);
  if (written) return written;
  const caches = below('XDG_CACHE_HOME', '.cache');
  return caches === undefined ? undefined : join(caches, 'go-build');
}

function readGoenv(pid: number, environ: readonly string[], configs: string | undefined): string | undefined {
  const goenv =
    findVariable(environ, 'GOENV') || (configs === undefined ? 'off' : join(configs, 'go', 'env'));
  return goenv === 'off' ? undefined : parseSettingFile(readText(pid, goenv), 'go env -w').get('GOCACHE');
}

function readGoroot(pid: number, environ: readonly string[]): string | undefined {
  const goroot = findVariable(environ, 'GOROOT') || dirname(dirname(readProgram(pid)));
  return parseSettingFile(readText(pid, join(goroot, 'go.env')), 'GOROOT').get('GOCACHE');
}

/** isSameFolder compares the folders themselves, as the process sees its path: links, bind mounts and containers count. */
function isSameFolder(pid: number, folder: string, gocache: string): CacheUse {
  if (!isAbsolute(folder)) return 'no'; // `off`, or a path that Go refuses
  try {
    const [theirs, ours] = [statSync(`/proc/${pid}/root${folder}`), statSync(gocache)];
    return theirs.dev === ours.dev && theirs.ino === ours.ino ? 'yes' : 'no';
  } catch (error) {
    return hasEnded(error) ? 'no' : 'unknown';
  }
}

/** hasEnded: the process is gone, or the file that it names is not there (yet). */
function hasEnded(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESRCH';
}

function readText(pid: number, path: string): string {
  try {
    return readFileSync(`/proc/${pid}/root${path}`, 'utf8');
  } catch {
    return ''; // most users have none, and Go passes over one that cannot be read
  }
}

function readProgram(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return ''; // it ended
  }
}
