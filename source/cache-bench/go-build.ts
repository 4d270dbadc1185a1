import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { type Problem, reasonOf } from '../platform/problem.ts';
import { readChildCpuMs } from './machine.ts';

/** GoBuild is the build that is run for real. */
export type GoBuild = {
  /** packages are patterns, as `./...`. */
  readonly packages: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** work is where go makes its work folder: one of ours, since go leaves it behind when it is interrupted early. */
  readonly work: string;
};

export type BuildRun =
  | { readonly type: 'done'; readonly wallMs: number; readonly cpuMs: number | undefined }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'stopped' };

/**
 * runGoBuild builds once, with `gocache` as GOCACHE, and keeps no program: cmd/go links to nowhere for `-o /dev/null`
 * (work: runBuild, go1.26). When stopped, go is interrupted and awaited, so that it ends what it has started.
 */
export function runGoBuild(build: GoBuild, gocache: string, signal: AbortSignal): Promise<BuildRun> {
  const words = ['build', '-o', devNull, '--', ...build.packages];
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ type: 'stopped' });
    const cpuBefore = readChildCpuMs();
    const startedAt = performance.now();
    const go = spawn('go', words, {
      cwd: build.cwd,
      env: { ...build.environment, GOCACHE: gocache, GOTMPDIR: build.work },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const interrupt = (): void => void go.kill('SIGINT');
    signal.addEventListener('abort', interrupt, { once: true });
    let said = '';
    let startError: unknown;
    go.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < enoughWords) said += text;
    });
    go.on('error', (error) => {
      startError = error;
    });
    go.on('close', (exitCode) => {
      const wallMs = performance.now() - startedAt;
      signal.removeEventListener('abort', interrupt);
      const cpuAfter = readChildCpuMs();
      if (signal.aborted) resolve({ type: 'stopped' });
      else if (exitCode === 0) {
        const cpuMs = cpuBefore === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpuBefore;
        resolve({ type: 'done', wallMs, cpuMs });
      } else {
        const why = startError === undefined ? firstWords(said) : reasonOf(startError);
        resolve({ type: 'failed', problem: failure(build, why) });
      }
    });
  });
}

// The first complaint stands early.
const enoughWords = 64 * 1024;

/** firstWords is the first line that says something: lines `# path` only tell whose the next ones are. */
function firstWords(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '' && !each.startsWith('# '));
  return line?.trim() ?? 'it failed without a word';
}

function failure({ packages, cwd }: GoBuild, why: string): Problem {
  const repair = why.includes('no space left on device')
    ? 'free some room there, or choose another'
    : 'what is measured must build: see what go build says';
  return { where: `go build ${packages.join(' ')} in ${cwd}`, what: 'failed', why, repair };
}
