import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { escapePath } from '../../source/go/module-path.ts';
import { makeZip } from '../checksums/zip-writer.ts';
import { type Ended, ours, run } from '../plain/sandbox.ts';

/** ModuleLab is a folder with caches and a file:// proxy of its own, where a real go works. */
export type ModuleLab = {
  readonly folder: string;
  readonly gomodcache: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** publish offers a version of a module: its files, by name. */
  publish(path: string, version: string, files: Readonly<Record<string, string>>): void;
  /** main makes a main module in a folder of that name and gives the folder. */
  main(name: string, files: Readonly<Record<string, string>>): string;
  go(cwd: string, ...args: readonly string[]): string;
  /** cli runs gocachetop with these caches. */
  cli(cwd: string, ...words: readonly string[]): Promise<Ended>;
  /** remove takes all away, read-only folders too. */
  remove(): void;
};

/** makeModuleLab makes an empty one. Extracted folders are read-only, as they are for users. */
function makeModuleLab(): ModuleLab {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-modules-')));
  const gomodcache = join(folder, 'mod');
  const environment = {
    PATH: process.env.PATH,
    HOME: join(folder, 'home'),
    XDG_CACHE_HOME: join(folder, 'caches'),
    XDG_STATE_HOME: join(folder, 'state'),
    GOENV: 'off',
    GOFLAGS: '',
    GOWORK: '',
    GOTOOLCHAIN: 'local',
    GOTELEMETRY: 'off',
    GOPROXY: pathToFileURL(join(folder, 'proxy')).href,
    GOSUMDB: 'off',
    GOMODCACHE: gomodcache,
    GOCACHE: join(folder, 'gocache'),
    GOPATH: join(folder, 'gopath'),
    LANG: 'C.UTF-8',
  };
  mkdirSync(environment.HOME, { recursive: true });
  return {
    folder,
    gomodcache,
    environment,
    publish(path, version, files) {
      const at = join(folder, 'proxy', escapePath(path) ?? '', '@v');
      const name = escapePath(version) ?? version;
      const all = { 'go.mod': `module ${path}\n\ngo 1.21\n`, ...files };
      write(join(at, `${name}.mod`), all['go.mod']);
      write(join(at, `${name}.info`), JSON.stringify({ Version: version, Time: '2026-01-05T09:00:00Z' }));
      const entries = Object.entries(all).map(([file, content]) => ({
        name: `${path}@${version}/${file}`,
        content,
      }));
      writeFileSync(join(at, `${name}.zip`), makeZip(entries));
    },
    main(name, files) {
      const at = join(folder, name);
      for (const [file, text] of Object.entries(files)) write(join(at, file), text);
      return at;
    },
    go: (cwd, ...args) =>
      execFileSync('go', args, {
        cwd,
        env: environment,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 60_000,
      }),
    cli: (cwd, ...words) => run(ours(...words), { cwd, environment }),
    remove: () => removeReadOnly(folder),
  };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** removeReadOnly removes a tree whose folders Go has made read-only. */
export function removeReadOnly(folder: string): void {
  makeWritable(folder);
  rmSync(folder, { recursive: true, force: true });
}

function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
}

/** usedLab has two main modules on different versions of a, and what each of them left behind. */
export function usedLab(): ModuleLab & { readonly one: string; readonly two: string } {
  const lab = makeModuleLab();
  const code = { 'a.go': 'package a\n\nfunc A() int { return 1 }\n', LICENSE: 'free\n' };
  for (const version of ['v1.0.0', 'v1.1.0', 'v1.2.0', 'v1.3.0-rc.1'])
    lab.publish('example.com/Team/a', version, code);
  lab.publish('example.com/b', 'v1.0.0', {
    'go.mod': 'module example.com/b\n\ngo 1.21\n\nrequire example.com/Team/a v1.0.0\n',
    'b.go': 'package b\n\nimport "example.com/Team/a"\n\nfunc B() int { return a.A() }\n',
  });
  lab.publish('example.com/old', 'v2.0.0+incompatible', {
    'go.mod': 'module example.com/old\n',
    'old.go': 'package old\n',
  });
  const program = (imports: readonly string[], body: string) =>
    `package main\n\nimport (\n${imports.map((each) => `\t"${each}"\n`).join('')})\n\nfunc main() { println(${body}) }\n`;
  const one = lab.main('src/one', {
    'go.mod':
      'module example.org/one\n\ngo 1.21\n\nrequire (\n\texample.com/Team/a v1.1.0\n\texample.com/b v1.0.0\n)\n',
    'main.go': program(['example.com/Team/a', 'example.com/b'], 'a.A() + b.B()'),
  });
  const two = lab.main('src/two', {
    'go.mod': 'module example.org/two\n\ngo 1.21\n\nrequire example.com/Team/a v1.2.0\n',
    'main.go': program(['example.com/Team/a'], 'a.A()'),
  });
  for (const main of [one, two]) {
    lab.go(main, 'mod', 'tidy');
    lab.go(main, 'build', './...');
  }
  for (const name of [
    'example.com/Team/a@v1.0.0',
    'example.com/Team/a@v1.3.0-rc.1',
    'example.com/old@v2.0.0+incompatible',
  ])
    lab.go(lab.folder, 'mod', 'download', name);
  return { ...lab, one, two };
}

/** sizeOfTree sums a folder up without any knowledge of module caches. */
export function sizeOfTree(folder: string): { readonly files: number; readonly bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    files += 1;
    bytes += lstatSync(join(entry.parentPath, entry.name)).size;
  }
  return { files, bytes };
}
