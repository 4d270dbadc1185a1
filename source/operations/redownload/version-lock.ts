import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf, explain, type Problem } from '../../platform/problem.ts';
import { findLockHolder, type LockHolder } from './lock-holder.ts';

/** VersionLock is held until release, or until this process ends, however it ends. */
export type VersionLock = { release(): void };

export type LockOptions = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** signal gives up waiting. */
  readonly signal?: AbortSignal | undefined;
  /** isWaiting is false to take the lock only when nobody holds it; true waits, as go does. */
  readonly isWaiting: boolean;
  /** onWait is told once who holds it; undefined when that cannot be known. */
  onWait?(holder: LockHolder | undefined): void;
};

/** LockAnswer: `busy` and `stopped` come from not waiting, and from `signal`. */
export type LockAnswer =
  | { readonly type: 'held'; readonly lock: VersionLock }
  | { readonly type: 'busy'; readonly holder: LockHolder | undefined }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly problem: Problem };

/**
 * lockVersion takes the lock file of a module version as go does, which is flock(2) on Linux and macOS; a go command then
 * waits for us, and we for it. Node has no flock, but a program that is given our open file can lock it, and such a lock
 * belongs to the open file, not to the program that took it: it is ours when that has ended, and the system
 * frees it when we are killed. `cmd/go/internal/modfetch: lockVersion; lockedfile/internal/filelock, go1.26`
 */
export async function lockVersion(file: string, options: LockOptions): Promise<LockAnswer> {
  let opened: number;
  try {
    mkdirSync(dirname(file), { recursive: true });
    opened = openSync(file, 'a', 0o666);
  } catch (error) {
    return { type: 'failed', problem: explain(file, 'cannot be locked', error) };
  }
  const answer = await take(file, opened, options);
  if (answer.type !== 'held') closeSync(opened);
  return answer;
}

async function take(file: string, opened: number, options: LockOptions): Promise<LockAnswer> {
  const held: LockAnswer = { type: 'held', lock: { release: () => closeSync(opened) } };
  for (const tool of lockTools) {
    const first = await runTool(tool.now, opened, options);
    if (first === 'missing') continue;
    if (first === 'stopped') return { type: 'stopped' };
    if (first === 0) return held;
    const holder = findLockHolder(opened);
    if (!options.isWaiting) return { type: 'busy', holder };
    options.onWait?.(holder);
    const second = await runTool(tool.wait, opened, options);
    if (second === 'stopped') return { type: 'stopped' };
    if (second === 0) return held;
    const why = `${tool.wait[0]} ended with ${second}`;
    return { type: 'failed', problem: { where: file, what: 'cannot be locked', why, repair: '' } };
  }
  return { type: 'failed', problem: noTool(file) };
}

type LockTool = { readonly now: readonly string[]; readonly wait: readonly string[] };

/** perlLock locks descriptor 3 through perl, which macOS has and flock(1) it has not. */
const perlLock = (how: string): readonly string[] => [
  'perl',
  '-MFcntl=:flock',
  '-e',
  `open(my $file, ">>&=", 3) or exit 2; flock($file, ${how}) or exit 1;`,
];

/** lockTools lock the file that is open as descriptor 3: flock(1) of util-linux and BusyBox, else perl. */
const lockTools: readonly LockTool[] = [
  { now: ['flock', '-x', '-n', '3'], wait: ['flock', '-x', '3'] },
  { now: perlLock('LOCK_EX|LOCK_NB'), wait: perlLock('LOCK_EX') },
];

/** runTool gives its exit code; a signal that ended it counts as one. */
function runTool(
  [program = '', ...args]: readonly string[],
  opened: number,
  { environment, signal }: LockOptions,
): Promise<number | 'missing' | 'stopped'> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...environment },
      stdio: ['ignore', 'ignore', 'ignore', opened],
      ...(signal === undefined ? {} : { signal }),
    });
    child.on('error', (error) => {
      if (signal?.aborted === true) resolve('stopped');
      else resolve(codeOf(error) === 'ENOENT' ? 'missing' : 2);
    });
    child.on('exit', (code) => resolve(signal?.aborted === true ? 'stopped' : (code ?? 2)));
  });
}

function noTool(file: string): Problem {
  return {
    where: file,
    what: 'cannot be locked, and without its lock nothing is changed',
    why: 'neither flock nor perl is on PATH',
    repair: 'install util-linux, which has flock',
  };
}
