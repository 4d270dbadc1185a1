import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, Skip } from './row.ts';

/** subject is a main module with a few hundred dependencies, large and small. */
export const subject = 'github.com/prometheus/prometheus@v0.304.0';

/** Subject is the main module, in a folder where it can be changed, and its own caches. */
export type Subject = Pick<ReturnType<Bench['module']>, 'directory' | 'environment'> & {
  readonly gomodcache: string;
};

/** prepareSubject downloads the module and all that it needs into a GOMODCACHE of its own. */
export function prepareSubject(folder: string): Subject {
  const gomodcache = join(folder, 'gomodcache');
  const environment = {
    GOMODCACHE: gomodcache,
    GOCACHE: join(folder, 'gocache'),
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
  };
  const env = { ...process.env, ...environment };
  const ran = spawnSync('go', ['mod', 'download', '-json', subject], { encoding: 'utf8', cwd: '/', env });
  const origin: unknown = ran.status === 0 ? JSON.parse(ran.stdout).Dir : undefined;
  if (typeof origin !== 'string' || !existsSync(origin)) throw new Skip(`${subject} could not be downloaded`);
  const directory = join(folder, 'main');
  cpSync(origin, directory, { recursive: true });
  for (const name of ['', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })])
    chmodSync(join(directory, name), 0o755);
  const all = spawnSync('go', ['mod', 'download'], { cwd: directory, env });
  if (all.status !== 0) throw new Skip(`what ${subject} needs could not be downloaded`);
  return { directory, environment, gomodcache };
}
