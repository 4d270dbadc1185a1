// Records what a build does to GOCACHE, for `gocachetop bench`: a program of 81 packages, without a network, cold and then
// again three hours later, under strace. Every call on a file of GOCACHE is kept, without names and contents, in its
// order, in source/cache-bench/trace.json.
//
//   node scripts/capture-cache-trace.ts
//
// It needs Linux and strace.
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Trace } from '../source/cache-bench/trace.ts';
import { condense } from './cache-trace/condense.ts';
import { readStrace, tracedCalls } from './cache-trace/strace.ts';

const program = `package main

import (
	"encoding/json"
	"log/slog"
	"os"
	"text/template"
)

func main() {
	var data any
	if err := json.NewDecoder(os.Stdin).Decode(&data); err != nil {
		slog.Error("reading", "error", err)
	}
	template.Must(template.ParseGlob("*.tmpl")).Execute(os.Stdout, data)
}
`;

const buildWords = ['build', '-o', '/dev/null', '.'];

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-trace-')));
const [module, gocache] = [join(folder, 'module'), join(folder, 'cache')];
const environment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  GOCACHE: gocache,
  GOENV: 'off',
  GOPROXY: 'off',
  GOTOOLCHAIN: 'local',
};

try {
  mkdirSync(module);
  writeFileSync(join(module, 'go.mod'), 'module example.com/tool\n\ngo 1.21\n');
  writeFileSync(join(module, 'main.go'), program);
  const packages = run('go', ['list', '-deps', '.'])
    .trim()
    .split('\n')
    .filter((path) => path !== 'unsafe').length;
  const times = [1, 2, 3].map(timeBuilds);
  const cold = traceBuild();
  // An entry's time is set again by its first use after an hour (cmd/go/internal/cache: markUsed, go1.26).
  age(3 * 3600);
  const warm = traceBuild();
  const made: Trace = {
    about: 'go build of a program with encoding/json, log/slog and text/template',
    go: run('go', ['env', 'GOVERSION']).trim(),
    packages,
    builtIn: {
      cores: availableParallelism(),
      coldMs: middle(times.map(([cold]) => cold)),
      warmMs: middle(times.map(([, warm]) => warm)),
    },
    ...condense({ cold, warm }, sizeOf),
  };
  const file = resolve(import.meta.dirname, '..', 'source', 'cache-bench', 'trace.json');
  writeFileSync(file, `${JSON.stringify(made, undefined, 1)}\n`);
  console.log(`${made.shapes.length} shapes, ${made.sizes.length} files, ${statSync(file).size} bytes`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function timeBuilds(): readonly [number, number] {
  const times = [timeBuild(), timeBuild()] as const;
  rmSync(gocache, { recursive: true });
  return times;
}

function middle(three: readonly number[]): number {
  return three.toSorted((one, other) => one - other)[1] ?? 0;
}

function timeBuild(): number {
  const startedAt = performance.now();
  run('go', buildWords);
  return Math.round(performance.now() - startedAt);
}

function traceBuild() {
  const file = join(folder, 'strace');
  run('strace', [
    '-f',
    '-y',
    '-s',
    '0',
    '-qq',
    '-e',
    'signal=none',
    '-e',
    `trace=${tracedCalls}`,
    '-o',
    file,
    'go',
    ...buildWords,
  ]);
  const { calls, others } = readStrace(readFileSync(file, 'utf8'), gocache);
  for (const other of others) if (!other.includes('/trim.txt')) throw new Error(`not replayed: ${other}`);
  return calls;
}

/** sizeOf is 0 for what was looked for and never made. */
function sizeOf(file: string): number {
  return statSync(join(gocache, file), { throwIfNoEntry: false })?.size ?? 0;
}

function age(seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  for (const name of readdirSync(gocache, { recursive: true, encoding: 'utf8' })) {
    if (/-[ad]$/.test(name)) utimesSync(join(gocache, name), then, then);
  }
}

function run(command: string, words: readonly string[]): string {
  const ran = spawnSync(command, words, { cwd: module, env: environment, encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${command} ${words.join(' ')}: ${ran.stderr || ran.error}`);
  return ran.stdout;
}
