import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sampleEnvironment } from '../../scripts/sample-environment.ts';
import type { Environment } from '../pty/environment.ts';
import { killProcess } from '../pty/processes.ts';
import { openInShell, type ShellTerminal } from '../pty/shell.ts';

/** Dock is a folder of its own with GOCACHE, GOMODCACHE and TMPDIR in it, and a small Go module that imports nothing. */
export type Dock = AsyncDisposable & {
  readonly folder: string;
  /** module holds example.com/dock: packages alpha, beta, gamma and delta, each of which imports the one before. */
  readonly module: string;
  readonly env: Readonly<Record<string, string>>;
  /** build is a go build of all four that stops at the packages that are held; see hold. */
  readonly build: readonly string[];
  /** hold lets each compile of a package wait until it is released. */
  readonly hold: (...packages: readonly string[]) => void;
  readonly release: (...packages: readonly string[]) => void;
  /** edit changes a package, so that its next build is a miss. */
  readonly edit: (name: string, text?: string) => void;
  readonly open: (options: DockOptions) => ShellTerminal;
  /** run runs a program to its end, without a terminal, and gives its stdout. */
  readonly run: (command: string, ...args: readonly string[]) => string;
  /** compiled is how many packages a build of the module compiles now. */
  readonly compiled: () => number;
  /** running lists what runs with this GOCACHE in its environment: all that we or a build of ours have started. */
  readonly running: () => readonly string[];
  /**
   * leftovers names what lies in TMPDIR, less the work folders of go commands: go build dies of SIGINT, SIGTERM and
   * SIGHUP without removing its own, with us or without (measured, go1.26).
   */
  readonly leftovers: () => readonly string[];
};

export type DockOptions = {
  /** args are those of gocachetop, or of `command` where one is given. */
  readonly args: readonly string[];
  readonly command?: string;
  readonly cwd?: string;
  readonly env?: Environment;
  readonly cols?: number;
  readonly rows?: number;
};

/** program is the executable under test, run under the Node of the tests. */
export const program: readonly [string, string] = [
  process.execPath,
  resolve(import.meta.dirname, '..', '..', 'bin', 'gocachetop.js'),
];

/** openDock makes one; `name` is that of the module's folder. */
export function openDock(name = 'dock'): Dock {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-dock-')));
  const [module, temp, holds] = [join(folder, name), join(folder, 'tmp'), join(folder, 'hold')];
  for (const each of [module, temp, holds]) mkdirSync(each);
  const env: Record<string, string> = {
    ...sampleEnvironment(folder),
    TMPDIR: temp,
    XDG_CACHE_HOME: join(folder, 'xdg'),
    XDG_STATE_HOME: join(folder, 'state'),
    GO111MODULE: 'on',
  };
  const wrapper = join(folder, 'hold.sh');
  writeFileSync(wrapper, waitingWrapper(holds));
  chmodSync(wrapper, 0o755);
  writeFileSync(join(module, 'go.mod'), 'module example.com/dock\n\ngo 1.21\n');

  const dock: Dock = {
    folder,
    module,
    env,
    build: ['go', 'build', '-toolexec', wrapper, './...'],
    hold: (...packages) => {
      for (const each of packages) writeFileSync(join(holds, each), '');
    },
    release: (...packages) => {
      for (const each of packages) rmSync(join(holds, each), { force: true });
    },
    edit: (each, text = sourceOf(each)) => {
      mkdirSync(join(module, each), { recursive: true });
      writeFileSync(join(module, each, `${each}.go`), text);
    },
    open: ({ command = program[0], args, cwd = module, env: more = {}, ...size }) =>
      openInShell({
        ...size,
        command,
        args: command === program[0] ? [program[1], ...args] : args,
        cwd,
        env: { ...env, ...more },
      }),
    run: (command, ...args) =>
      execFileSync(command, args, { cwd: module, env: { ...process.env, ...env }, encoding: 'utf8' }),
    compiled: () => dock.run('sh', '-c', 'go build -x ./... 2>&1').match(/\/compile -o /g)?.length ?? 0,
    running: () => processesWith(`GOCACHE=${env.GOCACHE}`).map(({ words }) => words),
    leftovers: () => readdirSync(temp).filter((name) => !name.startsWith('go-build')),
    [Symbol.asyncDispose]: async () => {
      for (const { pid } of processesWith(`GOCACHE=${env.GOCACHE}`)) killProcess(pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  for (const each of chain) dock.edit(each);
  return dock;
}

const chain = ['alpha', 'beta', 'gamma', 'delta'];
let edits = 0;

function sourceOf(name: string): string {
  edits += 1;
  const before = chain[chain.indexOf(name) - 1];
  const body = before === undefined ? String(edits) : `${before}.Load() + ${edits}`;
  const imports = before === undefined ? '' : `import "example.com/dock/${before}"\n\n`;
  return `package ${name}\n\n${imports}func Load() int { return ${body} }\n`;
}

/** waitingWrapper is a -toolexec program: before it compiles a package it waits while a file of that name is there. */
function waitingWrapper(holds: string): string {
  return `#!/bin/sh
case "$*" in
*-V=full*) ;;
*/compile*) while [ -e "${holds}/\${TOOLEXEC_IMPORTPATH##*/}" ]; do sleep 0.05; done ;;
esac
exec "$@"
`;
}

/** processesWith lists the processes that have a setting in their environment; their own words come first. */
function processesWith(setting: string): readonly { readonly pid: number; readonly words: string }[] {
  const lines = execFileSync('ps', ['axeww', '-o', 'pid=,stat=,args='], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, state = '', words = ''] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z') || !` ${words} `.includes(` ${setting} `)) return [];
    // The environment stands behind them: `go build ./... GOCACHE=/tmp/x HOME=/root ...`.
    return [{ pid: Number(pid), words: words.split(/ [A-Za-z_]\w*=/, 1)[0] ?? '' }];
  });
}
