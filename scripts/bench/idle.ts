import { setTimeout as delay } from 'node:timers/promises';
import { buildEnd, firstFrame, openApp, timeRun } from './app.ts';
import { type Figure, figureOf } from './figure.ts';
import { exactCpuMs } from './process-cost.ts';
import type { Bench, Row } from './row.ts';

/** idle: what an open screen costs when nothing happens, without a command and after one. */
export const idle: Row = {
  name: 'idle',
  title: 'screen open, nothing happens',
  async measure(bench) {
    const { directory, environment } = bench.module();
    await timeRun(['go', 'build', './...'], { cwd: directory, env: environment });
    return [
      ...(await rest(bench, 'no command', [])),
      ...(await rest(bench, 'after a build', ['--', 'go', 'build', './...'])),
    ];
  },
};

async function rest(bench: Bench, name: string, args: readonly string[]): Promise<readonly Figure[]> {
  const { directory, environment } = bench.module();
  await using terminal = openApp(bench.app, { cwd: directory, env: environment }, args);
  await firstFrame(terminal);
  if (args.length > 0) await buildEnd(terminal);
  await settled(terminal.bytes);
  const ms = bench.isQuick ? 3000 : 10_000;
  const [cpu, bytes] = [exactCpuMs(terminal.pid), terminal.bytes()];
  await delay(ms);
  const used = exactCpuMs(terminal.pid) - cpu;
  return [
    figureOf(`${name}: bytes written`, [terminal.bytes() - bytes], 'B', { atMost: 0 }),
    figureOf(`${name}: CPU`, [(100 * used) / ms], '% of a core', { atMost: 0.5 }),
  ];
}

/** settled resolves when nothing was written for two seconds: the scans of the start have ended. */
async function settled(bytes: () => number): Promise<void> {
  let before = -1;
  while (before !== bytes()) {
    before = bytes();
    await delay(2000);
  }
}
