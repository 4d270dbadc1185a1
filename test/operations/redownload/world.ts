import { type ChildProcess, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { sampleDirectory, sampleEnvironment } from '../../../scripts/sample-environment.ts';
import type { ModuleVersion } from '../../../source/module-cache/paths.ts';
import { type ModuleFiles, moduleFiles } from '../../../source/operations/redownload/module-files.ts';
import { type Ended, type Environment, ours, run } from '../../plain/sandbox.ts';

/** World is a main module with caches of its own, whose modules come from a proxy on disk. */
export type World = {
  readonly folder: string;
  readonly gomodcache: string;
  readonly main: string;
  readonly environment: Environment;
  /** go runs a go command in the main module and gives what it printed; it throws where that fails. */
  go(...words: readonly string[]): string;
  /** cli runs gocachetop there, without a terminal. */
  cli(words: readonly string[], more?: Environment, started?: (child: ChildProcess) => void): Promise<Ended>;
  files(module: ModuleVersion): ModuleFiles;
  dispose(): void;
};

/** clockwork and columns are the modules of the sample; the path of one has a capital letter. */
export const clockwork: ModuleVersion = { path: 'example.org/clockwork', version: 'v0.3.1' };
export const columns: ModuleVersion = { path: 'example.org/Quay/columns', version: 'v1.2.0' };

/** openWorld makes one and downloads its modules, or takes a copy of another's GOMODCACHE. */
export function openWorld(like?: World): World {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-repair-')));
  const main = join(folder, 'main');
  const gomodcache = join(folder, 'gomodcache');
  for (const name of readdirSync(sampleDirectory))
    if (name !== 'deps' && name !== 'proxy')
      cpSync(join(sampleDirectory, name), join(main, name), { recursive: true });
  const environment: Environment = {
    PATH: process.env.PATH,
    HOME: join(folder, 'home'),
    XDG_STATE_HOME: join(folder, 'state'),
    GOPATH: join(folder, 'gopath'),
    ...sampleEnvironment(folder),
    // The standard library is compiled once.
    ...(like === undefined ? {} : { GOCACHE: like.environment.GOCACHE }),
    // Folders are read-only, as for most users.
    GOFLAGS: '-buildvcs=false',
  };
  const world: World = {
    folder,
    gomodcache,
    main,
    environment,
    go: (...words) =>
      execFileSync('go', [...words], {
        cwd: main,
        env: { ...environment } as NodeJS.ProcessEnv,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    cli: (words, more = {}, started = () => undefined) =>
      run(ours(...words), { cwd: main, environment: { ...environment, ...more }, started }),
    files(module) {
      const files = moduleFiles(gomodcache, module);
      if (files === undefined) throw new Error(`${module.path}: no module`);
      return files;
    },
    dispose() {
      execFileSync('chmod', ['-R', 'u+w', folder]);
      execFileSync('rm', ['-r', folder]);
    },
  };
  // Else a process of go's telemetry writes there when all is removed (golang.org/x/telemetry).
  const telemetry = join(folder, 'home', '.config', 'go', 'telemetry');
  mkdirSync(telemetry, { recursive: true });
  writeFileSync(join(telemetry, 'mode'), 'off');
  if (like === undefined) world.go('mod', 'download');
  else execFileSync('cp', ['-a', like.gomodcache, gomodcache]);
  return world;
}

/** giveWorlds gives each test of a file a world of its own: a copy of one that is made, and prepared, once. */
export function giveWorlds(
  give: (world: World, first: World) => void,
  prepare?: (first: World) => void,
): void {
  let first: World;
  let world: World;
  beforeAll(() => {
    first = openWorld();
    prepare?.(first);
  });
  afterAll(() => first?.dispose());
  beforeEach(() => {
    world = openWorld(first);
    give(world, first);
  });
  afterEach(() => world?.dispose());
}

/** shown is `path@version`. */
export function shown({ path, version }: ModuleVersion): string {
  return `${path}@${version}`;
}

/** Snapshot is all that lies below a folder: mode and content by path. */
export type Snapshot = ReadonlyMap<string, string>;

/** snapshot takes one of a GOMODCACHE, without the folders that are ours. */
export function snapshot(folder: string, name = ''): Snapshot {
  const found = new Map<string, string>();
  const path = join(folder, name);
  const stats = lstatSync(path);
  const mode = (stats.mode & 0o7777).toString(8);
  if (stats.isDirectory()) {
    found.set(name, `folder ${mode}`);
    for (const inner of readdirSync(path)) {
      if (inner.startsWith('gocachetop-')) continue;
      for (const [key, value] of snapshot(folder, join(name, inner))) found.set(key, value);
    }
  } else if (stats.isSymbolicLink()) found.set(name, `link ${readlinkSync(path)}`);
  else found.set(name, `${mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`);
  return found;
}

/** differences names what is not the same in two of them. */
export function differences(one: Snapshot, other: Snapshot): string[] {
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => one.get(name) !== other.get(name))
    .map((name) => `${name}: ${one.get(name)} is now ${other.get(name)}`);
}

/** change edits a file that go made read-only, and leaves it and its folder as they were. */
export function inFolder(file: string, change: (file: string) => void): void {
  const folder = dirname(file);
  const mode = lstatSync(folder).mode & 0o7777;
  chmodSync(folder, 0o755);
  const before = lstatSync(file, { throwIfNoEntry: false });
  if (before?.isFile() === true) chmodSync(file, 0o644);
  change(file);
  const after = lstatSync(file, { throwIfNoEntry: false });
  if (after?.isFile() === true) chmodSync(file, 0o444);
  chmodSync(folder, mode);
}

/** leftInStaging names what repairs have left behind. */
export function leftInStaging({ gomodcache }: World): string[] {
  const root = join(gomodcache, 'cache', 'gocachetop-staging');
  return lstatSync(root, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(root);
}
