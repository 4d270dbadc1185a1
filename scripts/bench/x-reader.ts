import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseGoCommand } from '../../source/build/go-command.ts';
import { listPackageSet } from '../../source/build/list.ts';
import type { PackageSet } from '../../source/build/package-set.ts';
import { createBuildProgress } from '../../source/build/progress.ts';
import { createXParser } from '../../source/build/x-parser.ts';
import { isProblem } from '../../source/go/env.ts';
import { terminalEnvironment } from '../../test/pty/environment.ts';
import type { TruthModule } from '../truth/modules.ts';
import { figureOf } from './figure.ts';
import { type Bench, interleave, pairwise, type Row } from './row.ts';

/**
 * xReader: how fast the log of `-x` is read, on one core: the reader alone, with the progress that it feeds, and for
 * comparison a loop that does no more than cut the same bytes into lines.
 */
export const xReader: Row = {
  name: 'x-reader',
  title: 'reader of real `-x` logs (`go build -a ./...`, `go test ./...` of bubbletea), in chunks of 64 KiB',
  async measure(bench) {
    const log = join(bench.folder, 'x.log');
    await captureLogs(bench, log);
    const megabytes = bench.isQuick ? 40 : 200;
    const peaks: number[] = [];
    const speed = (mode: Mode) => async (): Promise<number> => {
      const answer = await readElsewhere(bench.module(), [log, String(megabytes), mode]);
      if (mode === 'reader') peaks.push(answer.growthMiB);
      return answer.megabytesPerSecond;
    };
    const samples = await interleave(bench.isQuick ? 2 : 5, {
      lines: speed('lines'),
      reader: speed('reader'),
      progress: speed('progress'),
    });
    rmSync(log);
    return [
      figureOf('cutting into lines alone', samples.lines, 'MB/s', undefined),
      figureOf('reader', samples.reader, 'MB/s', { atLeast: 100 }),
      figureOf(
        'reader / cutting into lines',
        pairwise(samples.reader, samples.lines, (a, b) => a / b),
        'x',
        undefined,
      ),
      figureOf('reader and build progress', samples.progress, 'MB/s', undefined),
      figureOf('memory: heap after the last quarter - after the first', peaks, 'MiB', { atMost: 1 }),
    ];
  },
};

type Mode = 'lines' | 'reader' | 'progress';

type Answer = { readonly megabytesPerSecond: number; readonly growthMiB: number };

/** captureLogs writes what go prints under -x; its WORK folders get names of one length, to be renamed in place. */
async function captureLogs(bench: Bench, log: string): Promise<void> {
  const { directory, environment } = bench.module();
  const gocache = join(bench.folder, 'x-gocache');
  const env = { ...environment, GOCACHE: gocache, GOFLAGS: `${environment.GOFLAGS ?? ''} -x`.trim() };
  let text = '';
  for (const command of [
    ['go', 'build', '-a', './...'],
    ['go', 'test', '-run=^$', './...'],
  ]) {
    const child = spawn(command[0] ?? '', command.slice(1), {
      cwd: directory,
      env: terminalEnvironment(env),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    for await (const chunk of child.stderr.setEncoding('latin1')) text += chunk;
  }
  rmSync(gocache, { recursive: true, force: true });
  writeFileSync(log, text.replaceAll(/\bgo-build\d+/g, 'go-build0000000000'), 'latin1');
  if (text.length < 100_000) throw new Error('the captured log is too short to be one');
}

/** readElsewhere reads in a process of its own, so that its memory is its own. */
async function readElsewhere(
  { directory, environment }: TruthModule,
  args: readonly string[],
): Promise<Answer> {
  const child = spawn(process.execPath, ['--expose-gc', import.meta.filename, ...args], {
    cwd: directory,
    env: terminalEnvironment(environment),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) text += chunk;
  const answer: unknown = JSON.parse(text);
  if (!isAnswer(answer)) throw new Error(`no answer: ${text}`);
  return answer;
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'megabytesPerSecond' in value && 'growthMiB' in value;
}

// What a pipe gives at once.
const chunkSize = 65_536;

/** read feeds the log again and again, each time with other WORK folders, as so many builds one after the other. */
async function read(log: string, megabytes: number, mode: Mode): Promise<Answer> {
  const bytes = readFileSync(log);
  const places = findPlaces(bytes);
  const sink = mode === 'lines' ? cutLines() : mode === 'reader' ? readEvents() : await follow();
  let ms = 0;
  let done = 0;
  const heap: number[] = [];
  const rounds = Math.ceil((megabytes * 1e6) / bytes.length);
  for (let round = -1; round < rounds; round += 1) {
    const number = String(1_000_000_000 + round);
    for (const place of places) bytes.write(number, place, 'latin1');
    const startedAt = performance.now();
    for (let at = 0; at < bytes.length; at += chunkSize) sink.push(bytes.subarray(at, at + chunkSize));
    sink.end();
    // The first round is for the compiler of V8.
    if (round >= 0) {
      ms += performance.now() - startedAt;
      done += bytes.length;
    }
    if (round === Math.floor(rounds / 4) || round === rounds - 1) {
      globalThis.gc?.();
      heap.push(process.memoryUsage().heapUsed / 2 ** 20);
    }
  }
  return { megabytesPerSecond: done / 1000 / ms, growthMiB: (heap.at(-1) ?? 0) - (heap[0] ?? 0) };
}

/** findPlaces are where the ten digits of a WORK folder stand. */
function findPlaces(bytes: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf('go-build0'); at !== -1; at = bytes.indexOf('go-build0', at + 1))
    places.push(at + 'go-build'.length);
  return places;
}

type Sink = { push(chunk: Uint8Array): void; end(): void };

function cutLines(): Sink {
  let rest = '';
  let longest = 0;
  return {
    push(chunk) {
      const text = rest + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      let at = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
        const line = text.slice(at, end);
        if (line.charCodeAt(0) === 0x57) longest = Math.max(longest, line.length);
        at = end + 1;
      }
      rest = text.slice(at);
    },
    end() {},
  };
}

function readEvents(): Sink {
  const parser = createXParser({ isWork: () => true, exists: () => false });
  let count = 0;
  return {
    push(chunk) {
      count += parser.push(chunk).length;
    },
    end() {
      // The pipe is empty, and then empty for a while: the go commands have ended.
      parser.settle();
      parser.settle();
      if (count === 0) throw new Error('the reader found nothing');
    },
  };
}

async function follow(): Promise<Sink> {
  const command = parseGoCommand(['go', 'test', './...']);
  const set = command === undefined ? undefined : await listSet(command);
  const parser = createXParser({ isWork: () => true, exists: () => false });
  const begin = () => {
    const progress = createBuildProgress(command);
    if (set !== undefined) progress.apply({ type: 'package-set', set });
    return progress;
  };
  let progress = begin();
  return {
    push(chunk) {
      for (const event of parser.push(chunk)) progress.apply({ type: 'x', at: 0, event });
    },
    end() {
      progress.apply({ type: 'ended', at: 1, exitCode: 0, wasStopped: false });
      if (progress.counts.misses === 0) throw new Error('the progress found nothing');
      parser.settle();
      parser.settle();
      progress = begin();
    },
  };
}

async function listSet(
  command: NonNullable<ReturnType<typeof parseGoCommand>>,
): Promise<PackageSet | undefined> {
  const listed = await listPackageSet({
    program: 'go',
    command,
    cwd: process.cwd(),
    environment: process.env,
  });
  if (isProblem(listed)) throw new Error(listed.why);
  return listed;
}

if (import.meta.main) {
  const [log = '', megabytes = '', mode = ''] = process.argv.slice(2);
  if (mode !== 'lines' && mode !== 'reader' && mode !== 'progress') throw new Error(`no such mode: ${mode}`);
  console.log(JSON.stringify(await read(log, Number(megabytes), mode)));
}
