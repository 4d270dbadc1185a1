import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { startWorker, workerUrl } from '../../source/platform/workers.ts';

test.each([
  ['file:///app/source/platform/workers.ts', 'file:///app/source/build-cache/scan-worker.ts'],
  ['file:///app/dist/chunk-workers-ABC.js', 'file:///app/dist/scan-worker.js'],
  ['file:///with%20space/dist/main.js', 'file:///with%20space/dist/scan-worker.js'],
])('from %s the worker is %s', (from, expected) => {
  expect(workerUrl('build-cache/scan-worker', from).href).toBe(expected);
});

test('startWorker runs a TypeScript file from source', async () => {
  const folder = mkdtempSync(`${tmpdir()}/workers-`);
  const worker = startWorker('build-cache/scan-worker', { workerData: { gocache: folder } });
  const [totals] = await once(worker, 'message');
  expect(totals).toMatchObject({ isComplete: true, entries: { action: 0, output: 0 } });
  rmSync(folder, { recursive: true });
});
