import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleDirectory, sampleEnvironment } from '../../../scripts/sample-environment.ts';
import { isProblem, readGoEnv } from '../../../source/go/env.ts';
import { type Verification, type VerifyOptions, verify } from '../../../source/operations/verify/verify.ts';

/** ModulePlace is the sample with a GOMODCACHE of its own, in which a test breaks things. */
export type ModulePlace = {
  readonly directory: string;
  readonly gomodcache: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** file is `.zip`, `.mod` ... of clockwork in the download cache. */
  file(suffix: string): string;
  /** folder is where clockwork is extracted. */
  readonly folder: string;
  go(...words: readonly string[]): { readonly code: number | null; readonly text: string };
  verify(more?: Partial<VerifyOptions> & { readonly asksNetwork?: boolean }): Promise<Verification>;
  /** state tells every file by name, mode, size and times: what a verify must leave as it is. */
  state(): ReadonlyMap<string, string>;
  /** restore makes both folders what they were. */
  restore(): void;
  remove(): void;
};

export const clockwork = 'example.org/clockwork@v0.3.1';

/** makeModulePlace downloads the sample's modules from its file:// proxy; with an empty go.sum when it is to ask for the sums. */
export function makeModulePlace(
  more: Readonly<Record<string, string>> = {},
  asksForSums = false,
): ModulePlace {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'verify-test-')));
  const directory = join(top, 'sample');
  const settings = {
    ...sampleEnvironment(top),
    HOME: join(top, 'home'),
    GOPATH: join(top, 'gopath'),
    ...more,
  };
  const environment = { ...process.env, ...settings };
  const gomodcache = join(top, 'gomodcache');
  const kept = join(top, 'kept');
  const names = ['sample', 'gomodcache', 'gopath'];
  const restore = (): void => {
    for (const name of names) rmSync(join(top, name), { recursive: true, force: true });
    execFileSync('cp', ['-a', ...names.map((name) => join(kept, name)), top]);
  };
  cpSync(sampleDirectory, directory, { recursive: true });
  if (asksForSums) rmSync(join(directory, 'go.sum'));
  const words = asksForSums ? ['mod', 'tidy'] : ['mod', 'download'];
  execFileSync('go', words, { cwd: directory, env: environment, stdio: 'pipe' });
  mkdirSync(kept);
  mkdirSync(join(top, 'gopath'), { recursive: true });
  execFileSync('cp', ['-a', ...names.map((name) => join(top, name)), kept]);
  const asked = readGoEnv({ goCommand: 'go', cwd: directory, environment });
  return {
    directory,
    gomodcache,
    environment,
    file: (suffix) =>
      join(gomodcache, 'cache', 'download', 'example.org', 'clockwork', '@v', `v0.3.1${suffix}`),
    folder: join(gomodcache, 'example.org', 'clockwork@v0.3.1'),
    go(...words) {
      const ran = spawnSync('go', words, { cwd: directory, env: environment, encoding: 'utf8' });
      return { code: ran.status, text: ran.stdout + ran.stderr };
    },
    async verify({ asksNetwork = false, ...options } = {}) {
      const env = await asked;
      if (isProblem(env)) throw new Error(env.why);
      return verify({
        env,
        words: [],
        isAll: false,
        network: asksNetwork ? environment : undefined,
        isPatient: false,
        ...options,
      });
    },
    state: () =>
      new Map(
        [directory, gomodcache].flatMap((folder) =>
          readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
            const path = join(folder, name);
            const status = lstatSync(path, { bigint: true });
            const { mode, size, ino, mtimeNs, ctimeNs } = status;
            // By these one sees when a build last used a module. Listing a folder cannot be hidden.
            const atime = status.isFile() && folder === gomodcache ? status.atimeNs : 0n;
            return [path, [mode, size, ino, mtimeNs, ctimeNs, atime].join(' ')] as const;
          }),
        ),
      ),
    restore,
    remove: () => rmSync(top, { recursive: true, force: true, maxRetries: 5 }),
  };
}
