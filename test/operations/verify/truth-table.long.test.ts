import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { FaultCode } from '../../../source/checksums/verdict.ts';
import { makeZip } from '../../checksums/zip-writer.ts';
import { clockwork, type ModulePlace, makeModulePlace } from './module-place.ts';

let place: ModulePlace;

beforeAll(() => {
  place = makeModulePlace();
}, 120_000);
afterEach(() => place.restore());
afterAll(() => place?.remove());

type Fault = {
  readonly what: string;
  /** part is what it breaks: two faults of different parts can come together. */
  readonly part: 'zip' | 'ziphash' | 'folder' | 'mod' | 'info' | 'gosum' | 'partial';
  readonly plant: () => void;
  readonly codes: readonly FaultCode[];
  readonly files?: readonly string[];
  readonly sentence: RegExp;
  /** build and modVerify are what Go's own commands say; undefined: not a word, exit code 0. */
  readonly build?: RegExp;
  readonly modVerify?: RegExp;
};

const sumLine = /^example\.org\/clockwork v0\.3\.1 h1:.*\n/m;
const inSum = (change: (text: string) => string): void => {
  const file = join(place.directory, 'go.sum');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
};
/** otherZip is a sound zip of the module with other contents. */
const otherZip = (): Buffer =>
  makeZip([
    { name: `${clockwork}/go.mod`, content: readFileSync(join(place.folder, 'go.mod')) },
    { name: `${clockwork}/LICENSE`, content: readFileSync(join(place.folder, 'LICENSE')) },
    { name: `${clockwork}/clockwork.go`, content: 'package clockwork\n\nfunc init() { panic("evil") }\n' },
  ]);
const otherSum = (letter: string): string => `h1:${letter.repeat(43)}=`;

/** The rows of what was measured on go1.26: what each of Go's commands notices. */
const faults: readonly Fault[] = [
  {
    what: 'bytes of the zip flipped',
    part: 'zip',
    plant: () => {
      const zip = readFileSync(place.file('.zip'));
      const at = zip.indexOf('package clockwork');
      zip[at + 8] = 0x58;
      writeFileSync(place.file('.zip'), zip);
    },
    codes: ['zip-unreadable'],
    files: ['clockwork.go'],
    sentence: /the zip is damaged.*clockwork\.go: zip: checksum error; repair/,
    modVerify: /zip: checksum error/,
  },
  {
    what: 'the zip cut',
    part: 'zip',
    plant: () => truncateSync(place.file('.zip'), 300),
    codes: ['zip-unreadable'],
    sentence: /the zip is damaged.*zip: not a valid zip file; repair/,
    modVerify: /zip: not a valid zip file/,
  },
  {
    what: 'another zip in its place',
    part: 'zip',
    plant: () => writeFileSync(place.file('.zip'), otherZip()),
    codes: ['zip-mismatch'],
    sentence: /the zip is not the one that go\.sum, \.ziphash and the folder know/,
    modVerify: /zip has been modified/,
  },
  {
    what: 'a name in the zip that leaves the folder',
    part: 'zip',
    plant: () =>
      writeFileSync(place.file('.zip'), makeZip([{ name: `${clockwork}/../../evil.go`, content: 'x' }])),
    codes: ['zip-unreadable'],
    files: [`${clockwork}/../../evil.go`],
    sentence: /damaged.*invalid path element "\.\."/,
    modVerify: /zip has been modified/,
  },
  {
    what: 'a zip that tells of terabytes',
    part: 'zip',
    plant: () =>
      writeFileSync(
        place.file('.zip'),
        makeZip([{ name: `${clockwork}/a.go`, content: 'x', bytes: 2 ** 42, isWide: true }]),
      ),
    codes: ['zip-unreadable'],
    sentence: /total uncompressed size of module contents too large/,
    modVerify: /unexpected EOF/,
  },
  {
    what: '.ziphash edited',
    part: 'ziphash',
    plant: () => writeFileSync(place.file('.ziphash'), otherSum('A')),
    codes: ['ziphash-mismatch'],
    sentence: /\.ziphash was changed on this machine: go\.sum, the zip and the folder agree/,
    build: /checksum mismatch/,
    modVerify: /zip has been modified.*\n.*dir has been modified/,
  },
  {
    what: '.ziphash full of NUL, as after a crash',
    part: 'ziphash',
    plant: () => writeFileSync(place.file('.ziphash'), Buffer.alloc(47)),
    codes: ['ziphash-mismatch'],
    sentence: /\.ziphash holds no sum/,
    modVerify: /zip has been modified/,
  },
  {
    what: '.ziphash missing',
    part: 'ziphash',
    plant: () => rmSync(place.file('.ziphash')),
    codes: ['ziphash-missing'],
    sentence: /\.ziphash is missing: the next build hashes the zip again.*repair: go mod download/,
    modVerify: /missing ziphash/,
  },
  {
    what: 'a file edited',
    part: 'folder',
    plant: () =>
      overwrite(
        join(place.folder, 'clockwork.go'),
        'package clockwork\n\nvar _ = 1\n\nfunc Format(int) string { return "" }\n',
      ),
    codes: ['dir-modified'],
    files: ['clockwork.go'],
    sentence:
      /file clockwork\.go of the extracted folder was changed on this machine: go\.sum, \.ziphash and the zip agree; repair/,
    modVerify: /dir has been modified/,
    build: /./,
  },
  {
    what: 'a file added',
    part: 'folder',
    plant: () => writeFileSync(join(place.folder, 'evil.go'), 'package clockwork\n'),
    codes: ['dir-extra-file'],
    files: ['evil.go'],
    sentence: /file evil\.go of the extracted folder was added on this machine: .* agree; repair/,
    modVerify: /dir has been modified/,
  },
  {
    what: 'a file removed',
    part: 'folder',
    plant: () => rmSync(join(place.folder, 'LICENSE')),
    codes: ['dir-missing-file'],
    files: ['LICENSE'],
    sentence: /file LICENSE of the extracted folder was removed on this machine/,
    modVerify: /dir has been modified/,
  },
  {
    what: 'a link in the place of a file',
    part: 'folder',
    plant: () => {
      const file = join(place.folder, 'clockwork.go');
      const elsewhere = join(place.directory, 'elsewhere.txt');
      writeFileSync(elsewhere, readFileSync(file));
      rmSync(file);
      symlinkSync(elsewhere, file);
    },
    codes: ['dir-modified'],
    files: ['clockwork.go'],
    sentence:
      /clockwork\.go of the extracted folder is a symbolic link to .*elsewhere\.txt, which Go never makes/,
  },
  {
    what: 'the folder missing',
    part: 'folder',
    plant: () => rmSync(place.folder, { recursive: true }),
    codes: ['dir-missing'],
    sentence: /the extracted folder is missing: the next build extracts the zip again/,
  },
  {
    what: 'the folder empty',
    part: 'folder',
    plant: () => {
      rmSync(place.folder, { recursive: true });
      mkdirSync(place.folder);
    },
    codes: ['dir-missing-file'],
    files: ['LICENSE', 'clockwork.go', 'go.mod'],
    sentence: /the extracted folder is empty/,
    build: /no such file or directory|no required module|does not contain/,
    modVerify: /dir has been modified/,
  },
  {
    what: '.mod edited',
    part: 'mod',
    plant: () => appendFileSync(place.file('.mod'), '// more\n'),
    codes: ['mod-mismatch'],
    sentence: /the \.mod file was changed on this machine: go\.sum, the zip and the folder agree/,
    build: /checksum mismatch/,
    modVerify: /checksum mismatch/,
  },
  {
    what: '.info broken',
    part: 'info',
    plant: () => writeFileSync(place.file('.info'), '{"Version":"v0.3'),
    codes: ['info-unreadable'],
    sentence: /the \.info file cannot be used: it is no JSON/,
  },
  {
    what: '.info of another version',
    part: 'info',
    plant: () => writeFileSync(place.file('.info'), '{"Version":"v0.3.2"}'),
    codes: ['info-unreadable'],
    sentence: /it is of version v0\.3\.2/,
  },
  {
    what: '.partial left',
    part: 'partial',
    plant: () => writeFileSync(place.file('.partial'), ''),
    codes: ['partial'],
    sentence: /an extraction was interrupted/,
  },
  {
    what: 'the line of go.sum wrong',
    part: 'gosum',
    plant: () => inSum((text) => text.replace(sumLine, `example.org/clockwork v0.3.1 ${otherSum('B')}\n`)),
    codes: ['gosum-mismatch'],
    sentence: /the line of go\.sum says otherwise than \.ziphash, the zip and the folder.*do not build/,
    build: /checksum mismatch/,
  },
  {
    what: 'the line of go.sum missing',
    part: 'gosum',
    plant: () => inSum((text) => text.replace(sumLine, '')),
    codes: ['gosum-missing'],
    sentence:
      /go\.sum has no line for example\.org\/clockwork@v0\.3\.1: .*missing go\.sum entry.*repair: go mod tidy/,
    build: /missing go\.sum entry/,
  },
  {
    what: 'the line of go.sum for go.mod wrong',
    part: 'gosum',
    plant: () => inSum((text) => text.replace(/(clockwork v0\.3\.1\/go\.mod) h1:.*/, `$1 ${otherSum('B')}`)),
    codes: ['gosum-mismatch'],
    sentence: /the line of go\.sum for go\.mod is wrong: the \.mod file, the zip and the folder agree/,
    build: /checksum mismatch/,
    modVerify: /checksum mismatch/,
  },
];

/** quiet are rows where nothing is wrong, only less there. */
const quiet: readonly Pick<Fault, 'what' | 'plant'>[] = [
  { what: 'nothing', plant: () => {} },
  { what: 'the zip missing', plant: () => rmSync(place.file('.zip')) },
  { what: '.mod missing', plant: () => rmSync(place.file('.mod')) },
  { what: '.info missing', plant: () => rmSync(place.file('.info')) },
  { what: 'a lock that nobody holds', plant: () => writeFileSync(place.file('.lock'), '') },
];

function overwrite(file: string, content: string): void {
  rmSync(file);
  writeFileSync(file, content);
}

function changedSince(before: ReadonlyMap<string, string>): string[] {
  const after = place.state();
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
}

async function verdictOf() {
  const found = await place.verify();
  expect(found.problems).toEqual([]);
  expect(found.modules.find(({ path }) => path === 'example.org/Quay/columns')?.verdict).toBe('ok');
  const verdict = found.modules.find(({ path }) => path === 'example.org/clockwork');
  if (verdict === undefined) throw new Error('clockwork was not verified');
  return verdict;
}

function expectGo(words: readonly string[], said: RegExp | undefined): void {
  const { code, text } = place.go(...words);
  if (said === undefined) expect(code, `${words.join(' ')}: ${text}`).toBe(0);
  else expect(text).toMatch(said);
}

test.each(faults)('$what', async ({ plant, codes, files, sentence, build, modVerify }) => {
  plant();
  const before = place.state();
  const verdict = await verdictOf();
  expect(changedSince(before)).toEqual([]);
  expect(verdict).toMatchObject({ verdict: 'faulty' });
  expect(verdict.faults.map(({ code }) => code)).toEqual(codes);
  if (files !== undefined) expect(verdict.faults.flatMap((fault) => fault.files)).toEqual(files);
  expect(verdict.sentence).toMatch(sentence);
  expectGo(['mod', 'verify'], modVerify);
  expectGo(['build', '-o', '/dev/null', './...'], build);
});

test.each(quiet)('fine: $what', async ({ plant }) => {
  plant();
  const before = place.state();
  expect(await verdictOf()).toMatchObject({ verdict: 'ok', faults: [] });
  expect(changedSince(before)).toEqual([]);
  expectGo(['mod', 'verify'], undefined);
});

/** together are the codes of two faults at once: what one is told by may be what the other broke. */
function together(one: Fault, other: Fault): readonly FaultCode[] {
  const codes = new Set([...one.codes, ...other.codes]);
  const isNamed = ![one, other].some(
    ({ part, what }) => part === 'zip' && what !== 'bytes of the zip flipped',
  );
  const byName: readonly FaultCode[] = ['dir-extra-file', 'dir-missing-file'];
  // Without a right zip no file can be named, only the folder.
  if (!isNamed) for (const code of byName) if (codes.delete(code)) codes.add('dir-modified');
  // Where go.sum does not know the zip either, it is .ziphash that differs.
  if (codes.has('gosum-missing') && codes.delete('zip-mismatch')) codes.add('ziphash-mismatch');
  // Go extracts it again before it uses it.
  if (codes.has('partial'))
    for (const code of [...byName, 'dir-modified', 'dir-missing'] as const) codes.delete(code);
  return [...codes];
}

test('in pairs: each is found beside the other', async () => {
  const pairs = faults.flatMap((one, index) =>
    faults.slice(index + 1).flatMap((other) => (other.part === one.part ? [] : [[one, other] as const])),
  );
  const wrong: unknown[] = [];
  for (const [one, other] of pairs) {
    place.restore();
    one.plant();
    other.plant();
    const found = new Set((await verdictOf()).faults.map(({ code }) => code));
    const lost = together(one, other).filter((code) => !found.has(code));
    if (lost.length > 0) wrong.push([one.what, other.what, [...found], lost]);
  }
  expect(wrong).toEqual([]);
}, 300_000);
