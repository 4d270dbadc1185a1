import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBuildCacheFeed } from '../source/build-cache/feed.ts';
import { createContents } from '../source/contents.ts';
import type { AppEvent } from '../source/store/event.ts';
import { changeEntry, contentOf, scanned } from './build-cache/index/go-cache.ts';
import { createRandom } from './random.ts';

let gocache: string;
const random = createRandom(5);

beforeEach(() => {
  gocache = mkdtempSync(join(tmpdir(), 'gocachetop-contents-'));
  for (let folder = 0; folder < 256; folder++) mkdirSync(join(gocache, folder.toString(16).padStart(2, '0')));
});

afterEach(() => rmSync(gocache, { recursive: true, force: true }));

test('with the watcher, the index equals a fresh scan after any writes, touches and removals', async () => {
  const stopping = new AbortController();
  const events: AppEvent[] = [];
  const contents = createContents({
    env: { gocache, gomodcache: '/nowhere', goflags: '' },
    environment: {},
    isReadOnly: true,
    signal: stopping.signal,
    dispatch: (event) => events.push(event),
  });
  const feed = openBuildCacheFeed({ gocache, emit: () => undefined });
  feed.tellTouched(contents.touch);
  try {
    for (let step = 0; step < 200; step++) changeEntry(gocache, random);
    await feed.drain();
    await contents.read();
    for (let round = 0; round < 5; round++) {
      for (let step = 0; step < 60; step++) changeEntry(gocache, random);
      await feed.drain();
      await contents.settled();
      const { index } = contents.opened();
      const fresh = await scanned(gocache);
      expect(contentOf(index)).toEqual(contentOf(fresh.index));
      expect([index.actions.count, index.outputs.count]).toEqual([
        fresh.index.actions.count,
        fresh.index.outputs.count,
      ]);
    }
    const told = events.findLast((event) => event.type === 'build-cache-totals');
    expect(told?.totals.entries).toEqual({
      action: contents.opened().index.actions.count,
      output: contents.opened().index.outputs.count,
    });
    expect(events.filter(({ type }) => type === 'problem')).toEqual([]);
  } finally {
    stopping.abort();
    await feed.close();
    await contents.close();
  }
}, 60_000);
