import { spawn } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { terminalEnvironment } from '../../test/pty/environment.ts';
import { timeRun } from './app.ts';
import { figureOf } from './figure.ts';
import { prepareSubject, subject } from './module-subject.ts';
import { descendantsCpuMs, peakMemory } from './process-cost.ts';
import { interleave, pairwise, type Row } from './row.ts';

/** moduleVerify: all that a large main module needs, zip and folder, beside go mod verify, which compares less. */
export const moduleVerify: Row = {
  name: 'module-verify',
  title: `verify of what ${subject} needs, beside go mod verify`,
  async measure(bench) {
    const folder = join(bench.folder, 'module-verify');
    try {
      const { directory, environment, gomodcache } = prepareSubject(folder);
      const place = { cwd: directory, env: { ...environment, ...bench.app.environment } };
      const ours = [...bench.app.words, 'verify'];
      const goVerify = ['go', 'mod', 'verify'];
      await timeRun(ours, place);
      const cpu = { go: [] as number[], ours: [] as number[] };
      const peaks: number[] = [];
      const samples = await interleave(bench.isQuick ? 1 : 7, {
        go: () => costOf(() => timeRun(goVerify, place), cpu.go),
        ours: () => costOf(() => timeRun(ours, place), cpu.ours),
        memory: async () => {
          peaks.push(await peakOf(ours, place));
          return 0;
        },
      });
      const zips = listFiles(join(gomodcache, 'cache')).filter((file) => file.endsWith('.zip'));
      const files = listFiles(gomodcache).filter((file) => !file.startsWith(join(gomodcache, 'cache')));
      const mebibytes = (paths: readonly string[]): number =>
        paths.reduce((sum, path) => sum + statSync(path).size, 0) / 2 ** 20;
      return [
        figureOf('zips', [zips.length], '', undefined),
        figureOf('zips', [mebibytes(zips)], 'MiB', undefined),
        figureOf('extracted', [files.length], 'files', undefined),
        figureOf('extracted', [mebibytes(files)], 'MiB', undefined),
        figureOf('go mod verify', samples.go, 'ms', undefined),
        figureOf('verify', samples.ours, 'ms', undefined),
        figureOf('verify / go mod verify', pairwise(samples.ours, samples.go, divide), 'x', { atMost: 0.4 }),
        figureOf('the same in CPU time', pairwise(cpu.ours, cpu.go, divide), 'x', undefined),
        figureOf('most memory', peaks, 'MiB', { atMost: 200 }),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function costOf(measure: () => Promise<number>, cpu: number[]): Promise<number> {
  const before = descendantsCpuMs();
  const ms = await measure();
  cpu.push(descendantsCpuMs() - before);
  return ms;
}

// The high-water mark only grows: what is seen shortly before the end is nearly all.
const lookMs = 20;

function peakOf(
  [program = '', ...words]: readonly string[],
  { cwd, env }: Parameters<typeof timeRun>[1],
): Promise<number> {
  const child = spawn(program, words, { cwd, env: terminalEnvironment(env), stdio: 'ignore' });
  let peak = Number.NaN;
  const timer = setInterval(() => {
    try {
      const now = peakMemory(child.pid ?? 0);
      if (!Number.isNaN(now)) peak = now;
    } catch {
      // It has ended.
    }
  }, lookMs);
  return new Promise((resolve) => {
    child.once('exit', () => {
      clearInterval(timer);
      resolve(peak);
    });
  });
}

function divide(one: number, other: number): number {
  return one / other;
}
