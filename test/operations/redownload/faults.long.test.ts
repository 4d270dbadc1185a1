import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ModuleFiles } from '../../../source/operations/redownload/module-files.ts';
import { removeTree } from '../../../source/operations/redownload/stage.ts';
import {
  clockwork,
  columns,
  differences,
  giveWorlds,
  inFolder,
  leftInStaging,
  type Snapshot,
  shown,
  snapshot,
  type World,
} from './world.ts';

let first: World;
let world: World;
let whole: Snapshot;

giveWorlds(
  (made, origin) => {
    [world, first] = [made, origin];
    whole = snapshot(world.gomodcache);
  },
  (origin) => origin.go('build', './...'),
);

// biome-ignore lint/suspicious/noExplicitAny: the form of the answer is what is tested
type Answer = any;

type Row = {
  readonly name: string;
  readonly plant: (files: ModuleFiles) => void;
  readonly done: 'extracted' | 'downloaded' | 'ziphash-written' | 'nothing-wrong';
  readonly codes: readonly string[];
  readonly replaced: readonly string[];
  readonly isSuspicious?: boolean;
};

const source = (files: ModuleFiles): string => {
  const name = readdirSync(files.dir).find((each) => each.endsWith('.go'));
  if (name === undefined) throw new Error('the module has no source');
  return join(files.dir, name);
};

const rows: readonly Row[] = [
  {
    name: 'bytes of the zip flipped',
    plant: ({ zip }) => {
      const content = readFileSync(zip);
      const at = content.length >> 1;
      content[at] = (content[at] ?? 0) ^ 0xff;
      writeFileSync(zip, content);
    },
    done: 'downloaded',
    codes: ['zip-unreadable'],
    replaced: ['zip'],
  },
  {
    name: 'the zip truncated',
    plant: ({ zip }) => truncateSync(zip, 200),
    done: 'downloaded',
    codes: ['zip-unreadable'],
    replaced: ['zip'],
  },
  {
    name: 'the zip missing',
    plant: ({ zip }) => rmSync(zip),
    done: 'downloaded',
    codes: ['zip-missing'],
    replaced: ['zip'],
  },
  {
    name: 'another zip in its place, and the .ziphash of that',
    plant: ({ zip, ziphash }) => {
      const other = first.files(columns);
      writeFileSync(zip, readFileSync(other.zip));
      writeFileSync(ziphash, readFileSync(other.ziphash));
    },
    done: 'downloaded',
    codes: ['zip-unreadable', 'ziphash-mismatch'],
    replaced: ['zip', 'ziphash'],
  },
  {
    name: '.ziphash edited',
    plant: ({ ziphash }) => writeFileSync(ziphash, `h1:${'A'.repeat(43)}=`),
    done: 'ziphash-written',
    codes: ['ziphash-mismatch'],
    replaced: ['ziphash'],
  },
  {
    name: '.ziphash full of zeros, as after a power failure',
    plant: ({ ziphash }) => writeFileSync(ziphash, Buffer.alloc(47)),
    done: 'ziphash-written',
    codes: ['ziphash-mismatch'],
    replaced: ['ziphash'],
  },
  {
    name: '.ziphash missing',
    plant: ({ ziphash }) => rmSync(ziphash),
    done: 'ziphash-written',
    codes: ['ziphash-missing'],
    replaced: ['ziphash'],
  },
  {
    name: 'a file of the folder edited',
    plant: (files) => inFolder(source(files), (file) => appendFileSync(file, '\n// changed\n')),
    done: 'extracted',
    codes: ['dir-modified'],
    replaced: ['dir'],
    isSuspicious: true,
  },
  {
    name: 'a file of the folder missing',
    plant: (files) => inFolder(source(files), (file) => rmSync(file)),
    done: 'extracted',
    codes: ['dir-missing-file'],
    replaced: ['dir'],
  },
  {
    name: 'a file that does not belong there',
    plant: ({ dir }) =>
      inFolder(join(dir, 'evil.go'), (file) => writeFileSync(file, 'package clockwork\n\nvar Evil = 1\n')),
    done: 'extracted',
    codes: ['dir-extra-file'],
    replaced: ['dir'],
    isSuspicious: true,
  },
  {
    name: 'a file replaced by a link',
    plant: (files) =>
      inFolder(source(files), (file) => {
        rmSync(file);
        symlinkSync('/dev/null', file);
      }),
    done: 'extracted',
    codes: ['dir-modified'],
    replaced: ['dir'],
    isSuspicious: true,
  },
  {
    name: 'the folder missing',
    plant: ({ dir }) => removeTree(dir),
    done: 'extracted',
    codes: ['dir-missing'],
    replaced: ['dir'],
  },
  {
    name: 'the folder empty',
    plant: ({ dir }) => {
      chmodSync(dir, 0o755);
      for (const name of readdirSync(dir)) removeTree(join(dir, name));
      chmodSync(dir, 0o555);
    },
    done: 'extracted',
    codes: ['dir-missing-file'],
    replaced: ['dir'],
  },
  {
    name: 'a file in the place of the folder',
    plant: ({ dir }) => {
      removeTree(dir);
      writeFileSync(dir, 'no folder');
    },
    done: 'extracted',
    codes: ['dir-modified'],
    replaced: ['dir'],
    isSuspicious: true,
  },
  {
    name: 'a link in the place of the folder',
    plant: ({ dir }) => {
      renameSync(dir, `${first.folder}/away`);
      symlinkSync(`${first.folder}/away`, dir);
    },
    done: 'extracted',
    codes: ['dir-modified'],
    replaced: ['dir'],
    isSuspicious: true,
  },
  {
    name: '.mod edited',
    plant: ({ mod }) => appendFileSync(mod, '\nretract v0.3.1\n'),
    done: 'extracted',
    codes: ['mod-mismatch'],
    replaced: ['mod'],
    isSuspicious: true,
  },
  {
    name: '.mod missing',
    plant: ({ mod }) => rmSync(mod),
    done: 'extracted',
    codes: ['mod-missing'],
    replaced: ['mod'],
  },
  {
    name: '.info broken',
    plant: ({ info }) => writeFileSync(info, '{"Versio'),
    done: 'downloaded',
    codes: ['info-unreadable'],
    replaced: ['info'],
  },
  {
    name: '.info of another version',
    plant: ({ info }) => writeFileSync(info, '{"Version":"v9.9.9"}'),
    done: 'downloaded',
    codes: ['info-unreadable'],
    replaced: ['info'],
  },
  {
    name: '.partial left, and half of the folder',
    plant: (files) => {
      inFolder(source(files), (file) => truncateSync(file, 10));
      writeFileSync(files.partial, '');
    },
    done: 'extracted',
    codes: ['partial'],
    replaced: ['dir'],
  },
  {
    name: 'all of it at once',
    plant: ({ zip, ziphash, mod, info, dir }) => {
      truncateSync(zip, 100);
      truncateSync(ziphash, 10);
      truncateSync(mod, 5);
      truncateSync(info, 5);
      removeTree(dir);
    },
    done: 'downloaded',
    codes: ['mod-mismatch', 'zip-unreadable', 'ziphash-mismatch', 'info-unreadable', 'dir-missing'],
    replaced: ['mod', 'info', 'zip', 'dir', 'ziphash'],
    isSuspicious: true,
  },
  { name: 'nothing', plant: () => undefined, done: 'nothing-wrong', codes: [], replaced: [] },
];

describe('each fault is repaired, and nothing else is touched', () => {
  test.each(rows)('$name', async ({ plant, done, codes, replaced, isSuspicious = false }) => {
    plant(world.files(clockwork));
    const planted = differences(whole, snapshot(world.gomodcache));
    expect(planted.length > 0).toBe(done !== 'nothing-wrong');

    const preview = await world.cli(['redownload', shown(clockwork), '--dry-run', '--json']);
    expect(differences(whole, snapshot(world.gomodcache)), 'a dry run changes nothing').toEqual(planted);
    const looked: Answer = JSON.parse(preview.stdout.toString());
    expect(looked.modules[0]).toMatchObject({ done: null, would: done });

    const ended = await world.cli(['redownload', shown(clockwork), '--yes', '--json']);
    const answer: Answer = JSON.parse(ended.stdout.toString());
    expect(ended.code, ended.stderr.toString()).toBe(0);
    expect(answer).toMatchObject({ schema: 'gocachetop.redownload/1', dryRun: false, problems: [] });
    const [module] = answer.modules;
    expect(module).toMatchObject({ ...clockwork, done, replaced, checkedBy: ['go.sum'], problems: [] });
    expect(module.faults.map((fault: { code: string }) => fault.code)).toEqual(codes);
    expect(module.suspicion !== null).toBe(isSuspicious);
    if (isSuspicious) expect(ended.stderr.toString()).toContain('--yes repairs it all the same');

    // Byte for byte and mode for mode as it was when go had made it.
    expect(differences(whole, snapshot(world.gomodcache))).toEqual([]);
    expect(leftInStaging(world)).toEqual([]);
    expect(world.go('mod', 'verify')).toBe('all modules verified\n');
    world.go('build', './...');
    const verified = await world.cli(['verify', '--all', '--json']);
    expect(verified.code, verified.stdout.toString()).toBe(0);
    if (done === 'nothing-wrong') expect(module.quarantine).toBeNull();
    else
      expect(JSON.parse(readFileSync(join(module.quarantine, 'record.json'), 'utf8'))).toMatchObject({
        ...clockwork,
        faults: module.faults,
        sums: { goSum: module.sum, repaired: module.sum },
      });

    const again = await world.cli(['redownload', shown(clockwork), '--json']);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout.toString()).modules[0].done).toBe('nothing-wrong');
  });
});

describe('what was there before', () => {
  test('goes to the quarantine as it was, each time to a folder of its own', async () => {
    const files = world.files(clockwork);
    const evil = join(files.dir, 'evil.go');
    const taken: string[] = [];
    for (const content of ['package clockwork // 1\n', 'package clockwork // 2\n']) {
      inFolder(evil, (file) => writeFileSync(file, content));
      const ended = await world.cli(['redownload', shown(clockwork), '--yes', '--json']);
      const [module] = JSON.parse(ended.stdout.toString()).modules;
      const dir = join(module.quarantine, 'clockwork@v0.3.1');
      expect(readFileSync(join(dir, 'evil.go'), 'utf8')).toBe(content);
      expect(statSync(dir).mode & 0o777).toBe(0o555);
      taken.push(module.quarantine);
    }
    expect(new Set(taken).size).toBe(2);
    expect(existsSync(join(taken[0] ?? '', 'clockwork@v0.3.1', 'evil.go'))).toBe(true);

    const list = await world.cli(['redownload', '--quarantine', '--json']);
    const { quarantine } = JSON.parse(list.stdout.toString());
    expect(quarantine.map(({ folder }: { folder: string }) => folder)).toEqual(taken.toReversed());
    expect(quarantine[0].record).toMatchObject({ ...clockwork, suspicion: 'evil.go was added' });
    const text = await world.cli(['redownload', '--quarantine']);
    expect(text.stdout.toString()).toContain('to remove them: chmod -R u+w');
  });

  test('of a zip that went, too', async () => {
    const { zip } = world.files(clockwork);
    writeFileSync(zip, 'PK rubbish');
    const ended = await world.cli(['redownload', shown(clockwork), '--yes', '--json']);
    const [module] = JSON.parse(ended.stdout.toString()).modules;
    expect(readFileSync(join(module.quarantine, 'v0.3.1.zip'), 'utf8')).toBe('PK rubbish');
  });
});

test('with -modcacherw the folder is left writable, as go would', async () => {
  removeTree(world.files(clockwork).dir);
  const ended = await world.cli(['redownload', shown(clockwork), '--yes'], { GOFLAGS: '-modcacherw' });
  expect(ended.code, ended.stderr.toString()).toBe(0);
  expect(statSync(world.files(clockwork).dir).mode & 0o777).toBe(0o755);
});

test('a module whose path has a capital letter, and two at once', async () => {
  truncateSync(world.files(columns).zip, 50);
  removeTree(world.files(clockwork).dir);
  const ended = await world.cli(['redownload', shown(columns), shown(clockwork), '--yes', '--json']);
  expect(ended.code, ended.stderr.toString()).toBe(0);
  const answer: Answer = JSON.parse(ended.stdout.toString());
  expect(answer.modules.map(({ done }: { done: string }) => done)).toEqual(['downloaded', 'extracted']);
  expect(differences(whole, snapshot(world.gomodcache))).toEqual([]);
});
