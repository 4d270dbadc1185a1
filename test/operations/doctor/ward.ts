import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { type CommandLine, parseCommandLine } from '../../../source/command-line.ts';
import type { Environment } from '../../../source/go/settings.ts';
import { examine } from '../../../source/operations/doctor/checks.ts';
import type { DoctorFacts } from '../../../source/operations/doctor/facts.ts';
import type { Finding } from '../../../source/operations/doctor/finding.ts';
import { type NoGo, probeDoctor } from '../../../source/operations/doctor/probe.ts';
import { openPlace } from '../../../source/place.ts';
import { openCabin } from '../offline/cabin.ts';

/** Ward is a Go set-up of its own, with nothing wrong: a main module, warm caches, a home, one go on PATH. */
export type Ward = {
  readonly folder: string;
  readonly main: string;
  readonly home: string;
  readonly gocache: string;
  readonly gomodcache: string;
  readonly gopath: string;
  /** goenv is the file of go env -w. */
  readonly goenv: string;
  readonly goroot: string;
  /** environment is healthy; a fault is planted in a copy of it, or on the disk. */
  readonly environment: Environment;
  /** facts are what gocachetop doctor goes by there. */
  facts(environment: Environment, cwd?: string): Promise<DoctorFacts | NoGo>;
  /** examine looks under an environment as gocachetop doctor does. */
  examine(environment: Environment, cwd?: string): Promise<readonly Finding[]>;
  /** repair runs commands in a shell, there, and gives the environment that they leave. */
  repair(command: string, environment: Environment, cwd?: string): Environment;
  /** tree makes a second Go tree: all of it links to the real one, but the VERSION says what it is told. */
  tree(name: string, version: string): string;
  dispose(): void;
};

/** ours is the launcher. */
const launcher = resolve(import.meta.dirname, '..', '..', '..', 'bin', 'gocachetop.js');

/** openWard makes one, and lets a real go build and download in it. */
export function openWard(): Ward {
  const cabin = openCabin();
  const { folder, main, gomodcache, environment: given } = cabin;
  const real = realpathSync(execFileSync('sh', ['-c', 'command -v go'], { encoding: 'utf8' }).trim());
  const goroot = resolve(real, '..', '..');
  const [home, gopath, tools, temp] = ['home', 'gopath', 'tools', 'tmp'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  for (const each of [tools, temp, gopath]) mkdirSync(each, { recursive: true });
  writeFileSync(join(tools, 'gocachetop'), `#!/bin/sh\nexec ${process.execPath} ${launcher} "$@"\n`);
  chmodSync(join(tools, 'gocachetop'), 0o755);
  // For root there is nothing to ask for.
  writeFileSync(join(tools, 'sudo'), '#!/bin/sh\nexec "$@"\n');
  chmodSync(join(tools, 'sudo'), 0o755);
  const { GOFLAGS: _, GOSUMDB: __, GOROOT: ___, ...settings } = given as Record<string, string>;
  const environment: Environment = {
    ...withoutProxies(settings),
    GOPATH: gopath,
    // An empty one counts as unset.
    GOSUMDB: '',
    TMPDIR: temp,
    PATH: [join(goroot, 'bin'), tools, ...systemFolders(folder)].join(':'),
  };
  const ward: Ward = {
    folder,
    main,
    home,
    gocache: join(folder, 'gocache'),
    gomodcache,
    gopath,
    goenv: join(home, 'goenv'),
    goroot,
    environment,
    async facts(planted, cwd = main) {
      const { flags } = parseCommandLine(['doctor']) as Extract<CommandLine, { type: 'run' }>;
      const place = openPlace({ ...flags, directory: cwd }, planted, undefined, true);
      if (typeof place === 'string') throw new Error(place);
      return probeDoctor({ ...place, isReadOnly: false, asksNetwork: false, now: Date.now() });
    },
    examine: async (planted, cwd) => examine(await ward.facts(planted, cwd)),
    repair(command, planted, cwd = main) {
      const words = ['-c', `set -e\n${command}\nexec env -0 -u _ -u SHLVL`];
      const out = execFileSync('sh', words, { cwd, env: defined(planted), encoding: 'utf8', stdio: 'pipe' });
      const pairs = out
        .slice(out.indexOf('PATH=') < 0 ? 0 : 0)
        .split('\0')
        .filter((pair) => pair !== '');
      return Object.fromEntries(
        pairs.map((pair) => {
          const line = pair.slice(pair.lastIndexOf('\n', pair.indexOf('=')) + 1);
          return [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)];
        }),
      );
    },
    tree(name, version) {
      const tree = join(folder, name);
      mkdirSync(join(tree, 'bin'), { recursive: true });
      copyFileSync(join(goroot, 'bin', 'go'), join(tree, 'bin', 'go'));
      for (const part of readdirSync(goroot))
        if (part !== 'bin' && part !== 'VERSION') symlinkSync(join(goroot, part), join(tree, part));
      writeFileSync(join(tree, 'VERSION'), version);
      return tree;
    },
    dispose: () => cabin.dispose(),
  };
  cabin.go(['mod', 'download'], { GOFLAGS: '-modcacherw' });
  cabin.go(['build', '-o', '/dev/null', './...'], { GOFLAGS: '-modcacherw -buildvcs=false' });
  return ward;
}

/** versionOf is the VERSION of the Go tree, without the time that it was made. */
export function versionOf(ward: Ward): string {
  return readFileSync(join(ward.goroot, 'VERSION'), 'utf8').split('\n')[0] ?? '';
}

/** clean takes away what a fault left in the ward. */
export function clean(ward: Ward): void {
  writeFileSync(ward.goenv, '');
  for (const name of ['other', '.netrc', 'src', 'bin', 'pem'])
    for (const parent of [ward.folder, ward.home, ward.gopath])
      rmSync(join(parent, name), { recursive: true, force: true });
}

/** systemFolders are the system's own programs, less a go that is among them. */
function systemFolders(folder: string): readonly string[] {
  const folders = ['/usr/local/bin', '/usr/bin', '/bin'].filter((each) => existsSync(each));
  if (!folders.some((each) => existsSync(join(each, 'go')))) return folders;
  const links = join(folder, 'system');
  mkdirSync(links);
  for (const each of folders)
    for (const name of readdirSync(each))
      if (name !== 'go' && !existsSync(join(links, name))) symlinkSync(join(each, name), join(links, name));
  return [links];
}

function withoutProxies(settings: Readonly<Record<string, string>>): Environment {
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name]) => !/^(?:https?_proxy|no_proxy|SSL_CERT_\w+|NETRC|CC|CXX|CGO_\w+|SHLVL|_)$/i.test(name),
    ),
  );
}

/** defined is an environment for a child. */
export function defined(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
