import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleDirectory } from '../../scripts/sample-environment.ts';
import { hashFolder } from '../../source/checksums/hash-folder.ts';
import { hashZip } from '../../source/checksums/hash-zip.ts';
import { mostZipBytes } from '../../source/checksums/zip-limits.ts';
import { buildOracle, type Oracle } from '../go/oracle.ts';
import { createRandom } from '../random.ts';
import { makeZip, type ZipEnd, type ZipFile } from './zip-writer.ts';

const prefix = 'example.org/m@v1.0.0/';
let folder: string;
let oracle: Oracle | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hash-zip-'));
  oracle = await buildOracle();
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await oracle?.remove();
});

/** expectAsGo hashes each zip and expects the h1 of Go, or a fault where Go has one. */
async function expectAsGo(zips: readonly (readonly [what: string, zip: Buffer])[]): Promise<void> {
  const paths = zips.map(([, bytes], index) => {
    const path = join(folder, `${index}.zip`);
    writeFileSync(path, bytes);
    return path;
  });
  const ours: { what: string | undefined; h1: string | null; fault: boolean }[] = [];
  for (const [index, path] of paths.entries()) {
    const found = await hashZip(path, prefix);
    ours.push({
      what: zips[index]?.[0],
      h1: 'h1' in found ? found.h1 : null,
      fault: 'fault' in found,
    });
  }
  const calls = paths.map((path) => ({ fn: 'hashZip', args: ['example.org/m', 'v1.0.0', path] }));
  const go = ((await oracle?.ask(calls)) ?? []) as { h1: string | null; fault: string | null }[];
  expect(ours).toEqual(
    go.map(({ h1, fault }, index) => ({
      what: zips[index]?.[0],
      h1: fault === null ? h1 : null,
      fault: fault !== null,
    })),
  );
}

const two: readonly ZipFile[] = [
  { name: `${prefix}go.mod`, content: 'module example.org/m\n' },
  { name: `${prefix}dir/a.go`, content: 'package dir\n'.repeat(500), hasDescriptor: true },
];
const odd = (file: Partial<ZipFile>): ZipFile[] => [
  ...two,
  { name: `${prefix}x.go`, content: 'package m\n', ...file },
];

const zips: readonly (readonly [what: string, files: readonly ZipFile[], end?: ZipEnd])[] = [
  ['two files', two],
  ['no file', []],
  ['stored', odd({ isStored: true })],
  ['an empty file', odd({ content: '' })],
  ['a file of 3 MB, unpacked in pieces', odd({ content: Buffer.alloc(3_000_000, 'abcdefg') })],
  ['a stored one of 3 MB', odd({ content: Buffer.alloc(3_000_000, 'abcdefg'), isStored: true })],
  ['a file of 3 MB that tells 2', odd({ content: Buffer.alloc(3_000_000, 'abcdefg'), bytes: 2_000_000 })],
  ['a file of 3 MB that tells 4', odd({ content: Buffer.alloc(3_000_000, 'abcdefg'), bytes: 4_000_000 })],
  [
    'names sorted by byte, beyond the surrogates too',
    [...odd({ name: `${prefix}ﬀ` }), ...odd({ name: `${prefix}𐐀` }).slice(2)],
  ],
  ['a comment', two, { comment: 'PK comment' }],
  ['a comment of 60,000 bytes', two, { comment: 'c'.repeat(60_000) }],
  ['something before the zip', two, { before: Buffer.from('#!/bin/sh\n') }],
  ['zip64', two.map((file) => ({ ...file, isWide: true })), { isWide: true }],
  ['zip64 in the end alone', two, { isWide: true }],
  ['a folder', odd({ name: `${prefix}sub/`, content: '', isStored: true })],
  ['a folder with content', odd({ name: `${prefix}sub/`, content: 'x', isStored: true })],
  ['a wrong CRC', odd({ crc32: 1 })],
  ['a CRC of 0', odd({ crc32: 0 })],
  ['a CRC of 0 in a descriptor', odd({ crc32: 0, hasDescriptor: true })],
  ['a method of no one', odd({ method: 99 })],
  ['less than told', odd({ bytes: 100_000 })],
  ['more than told: a bomb', odd({ content: Buffer.alloc(900_000), bytes: 10 })],
  ['packed bytes beyond the file', odd({ packedBytes: 4_000_000 })],
  ['an offset beyond the file', odd({ offset: 3_000_000_000 })],
  ['a size of 600 MiB', odd({ bytes: 600 * 2 ** 20 })],
  ['a size of 4 GiB less one', odd({ bytes: 0xffffffff })],
  ['wide sizes of 2 to the 60', odd({ bytes: 2 ** 60, isWide: true })],
  ['a wide offset of 2 to the 60', odd({ offset: 2 ** 60, isWide: true })],
  ['more records than there are', two, { records: 60_000 }],
  ['65536 records too many, which 16 bits do not tell', two, { records: 65_538, isWide: true }],
  ['a directory that begins before the file', two, { bytes: 1_000_000, offset: 1_000_000 }],
  ['a wide directory of 2 to the 60', two, { bytes: 2 ** 60, offset: 0, isWide: true }],
  ['an offset of the directory that is off by ten', two, { offset: 0 }],
  ['../', odd({ name: `${prefix}../x.go` })],
  ['.. in the middle', odd({ name: `${prefix}dir/../../x.go` })],
  ['an absolute name', odd({ name: '/etc/passwd' })],
  ['an absolute name behind the prefix', odd({ name: `${prefix}/etc/passwd` })],
  ['a name of another module', odd({ name: 'example.org/m@v1.0.1/x.go' })],
  ['a backslash', odd({ name: `${prefix}a\\b.go` })],
  ['a drive', odd({ name: `${prefix}c:b.go` })],
  ['a NUL', odd({ name: `${prefix}a\0b.go` })],
  ['a line end', odd({ name: `${prefix}a\nb.go` })],
  ['a device of Windows', odd({ name: `${prefix}con.go` })],
  ['a device of Windows as a folder', odd({ name: `${prefix}aux/a.go` })],
  ['a dot at the end', odd({ name: `${prefix}a.` })],
  ['an empty element', odd({ name: `${prefix}dir//x.go` })],
  ['the same name twice', odd({ name: `${prefix}dir/a.go` })],
  ['names that differ in case', odd({ name: `${prefix}DIR/A.GO` })],
  ['folders that differ in case', odd({ name: `${prefix}Dir/b.go` })],
  ['a file that is a folder too', odd({ name: `${prefix}dir` })],
  [
    'letters that fold to one',
    [...odd({ name: `${prefix}ſ.go` }), ...odd({ name: `${prefix}S.go` }).slice(2)],
  ],
  [
    'the sign of kelvin and a k',
    [...odd({ name: `${prefix}K.go` }), ...odd({ name: `${prefix}k.go` }).slice(2)],
  ],
  [
    'ß and ss, which are two',
    [...odd({ name: `${prefix}ß.go` }), ...odd({ name: `${prefix}ss.go` }).slice(2)],
  ],
  ['ẞ and ß', [...odd({ name: `${prefix}ß.go` }), ...odd({ name: `${prefix}ẞ.go` }).slice(2)]],
  ['dotless i and I', [...odd({ name: `${prefix}ı.go` }), ...odd({ name: `${prefix}I.go` }).slice(2)]],
  ['sigma and final sigma', [...odd({ name: `${prefix}σ.go` }), ...odd({ name: `${prefix}ς.go` }).slice(2)]],
  ['a second go.mod', odd({ name: `${prefix}dir/go.mod` })],
  ['GO.MOD', odd({ name: `${prefix}GO.MOD` })],
  ['a go.mod of 17 MiB', [{ name: `${prefix}go.mod`, content: Buffer.alloc(17 * 2 ** 20) }]],
  ['a LICENSE of 17 MiB', [{ name: `${prefix}LICENSE`, content: Buffer.alloc(17 * 2 ** 20) }]],
  ['an emoji', odd({ name: `${prefix}🙂.go` })],
  ['Chinese letters', odd({ name: `${prefix}模块.go` })],
];

describe('beside golang.org/x/mod', () => {
  test('zips of all kinds give the h1 of Go, or a fault where Go has one', async (context) => {
    if (oracle === undefined) return context.skip('this Go has not got golang.org/x/mod');
    await expectAsGo(zips.map(([what, files, end]) => [what, makeZip(files, end)]));
  });

  test('a zip that is cut, or whose bytes are changed anywhere', async (context) => {
    if (oracle === undefined) return context.skip('this Go has not got golang.org/x/mod');
    const random = createRandom(26);
    const sound = [
      makeZip(odd({ isStored: true })),
      makeZip(two, { comment: 'end' }),
      makeZip(
        two.map((file) => ({ ...file, isWide: true })),
        { isWide: true },
      ),
    ];
    const changed = Array.from({ length: 1500 }, (_, index) => {
      const zip = Buffer.from(sound[index % sound.length] ?? '');
      if (index % 5 === 0) return [`${index}: cut`, zip.subarray(0, random(zip.length))] as const;
      for (let count = random(3); count >= 0; count--) zip[random(zip.length)] = random(256);
      return [`${index}: changed`, zip] as const;
    });
    await expectAsGo(changed);
  }, 120_000);

  test('a folder', async (context) => {
    if (oracle === undefined) return context.skip('this Go has not got golang.org/x/mod');
    const source = join(sampleDirectory, 'deps', 'example.org', 'Quay', 'columns@v1.2.0');
    const [go] = (await oracle.ask([
      { fn: 'hashDir', args: [source, 'example.org/Quay/columns@v1.2.0'] },
    ])) as { h1: string }[];
    expect(hashFolder(source, 'example.org/Quay/columns@v1.2.0/').h1).toBe(go?.h1);
  });
});

test('a link in a zip is refused: Go would write its target as a file', async () => {
  const path = join(folder, 'link.zip');
  writeFileSync(path, makeZip(odd({ content: '../../etc', mode: 0o120777, isStored: true })));
  expect(await hashZip(path, prefix)).toMatchObject({ fault: `${prefix}x.go: a symbolic link` });
});

test('a damaged file is named, and the others are hashed', async () => {
  const path = join(folder, 'damaged.zip');
  writeFileSync(path, makeZip([...odd({ crc32: 1 }), { name: `${prefix}y.go`, content: 'package m\n' }]));
  const found = await hashZip(path, prefix);
  expect(found).toMatchObject({ fault: 'x.go: zip: checksum error', damaged: ['x.go'] });
  expect([...found.files.keys()].sort()).toEqual(['dir/a.go', 'go.mod', 'y.go']);
});

test('a file larger than any module is not read', async () => {
  const path = join(folder, 'large.zip');
  writeFileSync(path, '');
  truncateSync(path, mostZipBytes + 1); // takes no room
  const before = process.memoryUsage.rss();
  expect(await hashZip(path, prefix)).toMatchObject({ fault: expect.stringContaining('too large') });
  expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20);
});

test('what is there and no zip: the reason of the system, or of Go', async () => {
  await expect(hashZip(join(folder, 'nowhere.zip'), prefix)).rejects.toThrow('ENOENT');
  mkdirSync(join(folder, 'folder.zip'));
  await expect(hashZip(join(folder, 'folder.zip'), prefix)).rejects.toThrow(/EISDIR|not a regular file/);
});

test('a link in a folder is told, not followed', () => {
  const module = join(folder, 'module');
  mkdirSync(join(module, 'sub'), { recursive: true });
  writeFileSync(join(module, 'sub', 'a.go'), 'package sub\n');
  symlinkSync('/etc/hostname', join(module, 'sub', 'b.go'));
  const found = hashFolder(module, prefix);
  expect(found.h1).toBeUndefined();
  expect(found.odd).toEqual([{ name: 'sub/b.go', kind: 'link', target: '/etc/hostname' }]);
  expect([...found.files.keys()]).toEqual(['sub/a.go']);
  expect(readFileSync(join(module, 'sub', 'a.go'), 'utf8')).toBe('package sub\n');
});
