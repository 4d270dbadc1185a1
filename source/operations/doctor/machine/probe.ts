import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import type { GoEnv } from '../../../go/env.ts';
import { splitGoFlags } from '../../../go/flags.ts';
import type { Environment } from '../../../go/settings.ts';
import { probeFolder } from '../caches/probe.ts';
import { findProgram } from '../toolchain/probe.ts';
import { probeCertificates } from './certificates.ts';
import type { HereFacts, MachineFacts, NetrcFacts } from './facts.ts';

export type MachineProbeOptions = {
  readonly env: GoEnv;
  readonly cwd: string;
  readonly environment: Environment;
  /** isReadOnly: no file is made to see what time the file system gives it. */
  readonly isReadOnly: boolean;
};

/** probeMachine looks at what lies around Go: folders, programs, files of secrets and certificates, the clock. */
export async function probeMachine(options: MachineProbeOptions): Promise<MachineFacts> {
  const { env, cwd, environment, isReadOnly } = options;
  const temporary = await probeFolder(env.gotmpdir || environment.TMPDIR || tmpdir());
  const [compiler = ''] = splitGoFlags(env.raw.CC ?? '').words;
  const [cacheProgram] = splitGoFlags(env.gocacheprog).words;
  return {
    user: process.getuid?.(),
    temporary: { ...temporary, setting: env.gotmpdir === '' ? 'TMPDIR' : 'GOTMPDIR' },
    binFolder: findBinFolder(env, environment),
    compiler: { program: compiler, found: findProgram(compiler, environment.PATH) },
    cacheProgram:
      cacheProgram === undefined
        ? undefined
        : { program: cacheProgram, found: findProgram(cacheProgram, environment.PATH) },
    here: lookHere(cwd, env),
    netrc: findNetrc(environment),
    certificates: probeCertificates(environment),
    fileAheadMs: isReadOnly ? undefined : compareClocks(env.gocache, temporary.path),
  };
}

/** findBinFolder: GOBIN, else bin in the first folder of GOPATH. `cmd/go/internal/load: InstallTargetDir, go1.26` */
function findBinFolder({ raw, gopath }: GoEnv, { PATH = '' }: Environment): MachineFacts['binFolder'] {
  const gobin = raw.GOBIN ?? '';
  const path = gobin !== '' ? gobin : join(gopath.split(delimiter)[0] ?? '', 'bin');
  const programs = isAbsolute(path) ? programsIn(path) : [];
  const isOnPath = PATH.split(delimiter).some((folder) => isSameFolder(folder, path));
  return { path, setting: gobin !== '' ? 'GOBIN' : 'GOPATH', programs, isOnPath };
}

function programsIn(folder: string): readonly string[] {
  try {
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    return files.map(({ name }) => name).filter((name) => (statSync(join(folder, name)).mode & 0o111) !== 0);
  } catch {
    return []; // it does not exist, or holds nothing for us
  }
}

function isSameFolder(one: string, other: string): boolean {
  if (one === '') return false;
  if (one.replace(/\/+$/, '') === other.replace(/\/+$/, '')) return true;
  const [a, b] = [statOf(one), statOf(other)];
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}

function lookHere(cwd: string, { gopath }: GoEnv): HereFacts {
  let goMod: string | undefined;
  for (let folder = cwd; goMod === undefined; folder = dirname(folder)) {
    if (existsSync(join(folder, 'go.mod'))) goMod = join(folder, 'go.mod');
    else if (dirname(folder) === folder) break;
  }
  const sources = gopath.split(delimiter).map((folder) => join(folder, 'src'));
  const inside = sources
    .map((folder) => relative(folder, cwd))
    .find((path) => !/^(?:\.\.(?:\/|$)|\/|$)/.test(path));
  return { goMod, hasGoFiles: hasGoFiles(cwd), importPath: inside };
}

function hasGoFiles(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.endsWith('.go'));
  } catch {
    return false;
  }
}

/** findNetrc looks at the file that Go takes passwords from. `cmd/go/internal/auth: netrcPath, go1.26` */
function findNetrc({ NETRC: named = '', HOME: home = '' }: Environment): NetrcFacts | undefined {
  const file = named !== '' ? named : isAbsolute(home) ? join(home, '.netrc') : undefined;
  const stats = file === undefined ? undefined : statOf(file);
  if (file === undefined || stats?.isFile() !== true) return undefined;
  try {
    return { file, mode: stats.mode & 0o777, hasPassword: /\bpassword\s/.test(readFileSync(file, 'utf8')) };
  } catch {
    return { file, mode: stats.mode & 0o777, hasPassword: false };
  }
}

/** compareClocks makes a file in GOCACHE, or in the temporary folder where there is none, and looks at its time. */
function compareClocks(gocache: string, temporary: string): number | undefined {
  const folder = isAbsolute(gocache) && existsSync(gocache) ? gocache : temporary;
  const file = join(folder, `.gocachetop-clock-${process.pid}`);
  try {
    const before = Date.now();
    const opened = openSync(file, 'wx', 0o600);
    try {
      return fstatSync(opened).mtimeMs - before;
    } finally {
      closeSync(opened);
      rmSync(file, { force: true });
    }
  } catch {
    return undefined; // it cannot be written: that is told elsewhere
  }
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
