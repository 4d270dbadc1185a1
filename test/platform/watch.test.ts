import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TreeEvent, type TreeWatch, watchTree } from '../../source/platform/watch.ts';
import { canUnshare, fewWatches, runLimited } from './few-watches.ts';

const isFolder = (name: string) => /^[0-9a-f]{2}$/.test(name);
const folderNames = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));

let top: string;
let root: string;
let watches: TreeWatch[];

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'watch-test-')));
  root = join(top, 'tree');
  watches = [];
});

afterEach(async () => {
  await Promise.all(watches.map((watch) => watch.close()));
  rmSync(top, { recursive: true, force: true, maxRetries: 5 });
});

describe('watchTree', () => {
  test('tells what happens in the subfolders, each name once a batch', async () => {
    makeFolders();
    const seen = await watching(root);
    writeFileSync(join(root, '3f', 'new'), 'x');
    appendFileSync(join(root, '3f', 'new'), 'y');
    writeFileSync(join(root, 'trim.txt'), '1');
    await seen.names('3f/new', 'trim.txt');
    expect(seen.changes.get('3f/new')).toBe(true);

    seen.changes.clear();
    appendFileSync(join(root, '3f', 'new'), 'z');
    await seen.names('3f/new');
    expect(seen.changes.get('3f/new')).toBe(false);

    seen.changes.clear();
    rmSync(join(root, '3f', 'new'));
    await seen.names('3f/new');
    expect(seen.changes.get('3f/new')).toBe(true);
  });

  test('takes 257 watches, and leaves foreign folders alone', async () => {
    makeFolders();
    mkdirSync(join(root, 'fuzz', 'corpus'), { recursive: true });
    const before = inotifyWatches();
    const seen = await watching(root);
    expect(inotifyWatches() - before).toBe(257);
    writeFileSync(join(root, 'fuzz', 'corpus', 'a'), 'x');
    writeFileSync(join(root, 'ff', 'end'), 'x');
    await seen.names('ff/end');
    expect([...seen.changes.keys()]).toEqual(['ff/end']);
  });

  test('awaits a folder that does not exist, and misses nothing when it comes', async () => {
    const seen = watch(join(root, 'deeper'));
    await seen.event('missing');
    mkdirSync(join(root, 'deeper', '00'), { recursive: true });
    for (let index = 0; index < 50; index++) writeFileSync(join(root, 'deeper', '00', `a${index}`), 'x');
    await seen.event('watching');
    await seen.names(...Array.from({ length: 50 }, (_, index) => `00/a${index}`));
  });

  test('goes on when the subfolders are removed and made again', async () => {
    makeFolders();
    const seen = await watching(root);
    for (let round = 0; round < 3; round++) {
      for (const folder of folderNames) rmSync(join(root, folder), { recursive: true });
      for (const folder of folderNames) mkdirSync(join(root, folder));
      const names = folderNames.map((folder) => `${folder}/round${round}`);
      for (const name of names) writeFileSync(join(root, name), 'x');
      await seen.names(...names);
    }
  });

  test('goes on when the root itself is removed, or moved away and back', async () => {
    makeFolders();
    const seen = await watching(root);
    rmSync(root, { recursive: true });
    await seen.event('missing');
    seen.events.length = 0;
    makeFolders();
    writeFileSync(join(root, 'a0', 'again'), 'x');
    await seen.event('watching');
    await seen.names('a0/again');

    seen.events.length = 0;
    renameSync(root, `${root}-away`);
    await seen.event('missing');
    renameSync(`${root}-away`, root);
    await seen.event('watching');
    // chokidar watches the folders anew one after the other.
    await vi.waitFor(() => {
      writeFileSync(join(root, 'b0', 'back'), String(Math.random()));
      expect(seen.changes.has('b0/back')).toBe(true);
    }, waitOptions);
  });

  test('follows a symbolic link, also one that points to nothing yet', async () => {
    const link = join(top, 'link');
    symlinkSync('tree', link);
    const seen = watch(link);
    await seen.event('missing');
    makeFolders();
    writeFileSync(join(root, '12', 'through'), 'x');
    await seen.names('12/through');
  });

  test('finds what the kernel threw away when its queue was full', { timeout: 60_000 }, async () => {
    makeFolders();
    const seen = await watching(root);
    const limit = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
    const count = Math.ceil(limit * 0.75); // each file makes two events or more
    // This thread waits for the child, so nobody reads the queue.
    const write = `for (let i = 0; i < ${count}; i++) fs.writeFileSync(process.argv[1] + '/' + (i % 256).toString(16).padStart(2, '0') + '/n' + i, 'x')`;
    execFileSync(process.execPath, ['-e', write, root]);
    const lost = await seen.event('lost');
    expect(lost).toMatchObject({ count: 0 });
    expect(lost.recovered).toBeGreaterThan(0);
    await vi.waitFor(() => expect(seen.changes.size).toBe(count), waitOptions);
  });
});

describe('without inotify', () => {
  test.skipIf(!canUnshare).each(fewWatches)(
    '%s of %d: says what to raise and polls',
    (limit, value, sysctl, code) => {
      makeFolders();
      const watchFile = pathToFileURL(join(import.meta.dirname, '../../source/platform/watch.ts')).href;
      const program = `
      import { writeFileSync } from 'node:fs';
      import { watchTree } from ${JSON.stringify(watchFile)};
      const root = ${JSON.stringify(root)};
      const watch = watchTree(root, { isFolder: (name) => /^[0-9a-f]{2}$/.test(name), pollMs: 50 }, (event) => {
        console.log(JSON.stringify(event));
        if (event.type === 'watching') writeFileSync(root + '/7e/polled', 'x');
        if (event.type === 'changes') watch.close();
      });`;
      const { status, events } = runLimited(limit, value, program);
      expect(events).toEqual([
        {
          type: 'problem',
          problem: expect.objectContaining({ where: sysctl, why: expect.stringContaining(code) }),
        },
        { type: 'watching', mode: 'polling', folders: 256 },
        { type: 'changes', changes: [{ name: '7e/polled', cameOrWent: true }] },
      ]);
      expect(events[0].problem.repair).toContain(`sysctl ${sysctl}=`);
      expect(status).toBe(0);
    },
  );
});

const waitOptions = { timeout: 20_000, interval: 20 };

function makeFolders(): void {
  for (const folder of folderNames) mkdirSync(join(root, folder), { recursive: true });
}

type Seen = {
  readonly events: TreeEvent[];
  /** changes by name, with the last cameOrWent. */
  readonly changes: Map<string, boolean>;
  event<T extends TreeEvent['type']>(type: T): Promise<Extract<TreeEvent, { type: T }>>;
  names(...names: readonly string[]): Promise<void>;
};

function watch(path: string): Seen {
  const events: TreeEvent[] = [];
  const changes = new Map<string, boolean>();
  watches.push(
    watchTree(path, { isFolder }, (event) => {
      events.push(event);
      if (event.type === 'changes')
        for (const { name, cameOrWent } of event.changes) changes.set(name, cameOrWent);
    }),
  );
  return {
    events,
    changes,
    event: (type) =>
      vi.waitFor(() => {
        const found = events.find((event) => event.type === type);
        expect(found, `${type} among ${events.map((event) => event.type)}`).toBeDefined();
        return found as Extract<TreeEvent, { type: typeof type }>;
      }, waitOptions),
    names: (...names) =>
      vi.waitFor(() => expect(names.filter((name) => !changes.has(name))).toEqual([]), waitOptions),
  };
}

async function watching(path: string): Promise<Seen> {
  const seen = watch(path);
  await seen.event('watching');
  return seen;
}

function inotifyWatches(): number {
  return readdirSync('/proc/self/fdinfo').reduce((sum, descriptor) => {
    try {
      return sum + readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8').split('\ninotify ').length - 1;
    } catch {
      return sum; // closed meanwhile
    }
  }, 0);
}
