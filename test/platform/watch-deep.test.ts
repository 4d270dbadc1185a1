import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { canUnshare, fewWatches, runLimited } from './few-watches.ts';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'watch-deep-test-')));
  for (let index = 0; index < folders; index++) mkdirSync(join(root, `m${index}`, '@v'), { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true, maxRetries: 5 });
});

const folders = 100;

// What events tell is held by test/module-cache/arrivals, with a real go.
test.skipIf(!canUnshare).each(fewWatches)(
  '%s of %d: says what to raise, and looks every few seconds',
  (limit, value, sysctl, code) => {
    const watchFile = pathToFileURL(join(import.meta.dirname, '../../source/platform/watch-deep.ts')).href;
    const program = `
    import { writeFileSync } from 'node:fs';
    import { watchDeep } from ${JSON.stringify(watchFile)};
    const root = ${JSON.stringify(root)};
    const alive = setInterval(() => {}, 1000);
    const options = { isFolder: () => true, isLeaf: (name) => name.endsWith('/@v'), isFile: () => true, since: Date.now() };
    const watch = watchDeep(root, options, (event) => {
      console.log(JSON.stringify(event));
      if (event.type === 'watching') writeFileSync(root + '/m7/@v/polled', 'four');
      if (event.type !== 'files') return;
      watch.close();
      clearInterval(alive);
    });`;
    const { status, events } = runLimited(limit, value, program);
    expect(events).toEqual([
      {
        type: 'problem',
        problem: expect.objectContaining({ where: root, why: expect.stringContaining(code) }),
      },
      { type: 'watching', mode: 'polling', folders: 2 * folders + 1 },
      { type: 'files', files: [expect.objectContaining({ name: 'm7/@v/polled', bytes: 4 })] },
    ]);
    expect(events[0].problem.repair).toContain(sysctl);
    expect(status).toBe(0);
  },
  30_000,
);
