import { spawnSync } from 'node:child_process';

// A user namespace has limits of its own, so that nobody else feels them.
export const canUnshare = spawnSync('unshare', ['-Ur', 'true']).status === 0;

/** fewWatches are limits under which inotify gives out: which, its value, what to raise, and the system's word for it. */
export const fewWatches = [
  ['max_inotify_watches', 50, 'fs.inotify.max_user_watches', 'ENOSPC'],
  ['max_inotify_instances', 0, 'fs.inotify.max_user_instances', 'EMFILE'],
] as const;

/** runLimited runs a program of Node under a limit, and gives its exit code and the events that it printed, one a line. */
export function runLimited(
  limit: string,
  value: number,
  program: string,
  // biome-ignore lint/suspicious/noExplicitAny: the form of the events is what is tested
): { readonly status: number | null; readonly events: any[] } {
  const shell = `echo ${value} > /proc/sys/user/${limit} && exec "$0" --input-type=module -e "$1"`;
  const run = spawnSync('unshare', ['-Ur', 'sh', '-c', shell, process.execPath, program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  const lines = run.stdout.trim().split('\n');
  return { status: run.status, events: lines.map((line) => JSON.parse(line)) };
}
