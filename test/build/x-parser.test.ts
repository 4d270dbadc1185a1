import { describe, expect, test } from 'vitest';
import type { XEvent } from '../../source/build/x-event.ts';
import { createXParser } from '../../source/build/x-parser.ts';
import {
  cutAt,
  fixtureContext,
  parsePieces,
  parseText,
  randomPlaces,
  readFixture,
  readFixtures,
  usersBytes,
  versions,
} from './fixtures.ts';

const work = '/tmp/go-build1234567890';
const other = '/tmp/go-build1234567891';
const id = `a2${'0123456789abcdef'.repeat(4).slice(2)}`;
const stored = `/home/dev/.cache/go-build/a2/${id}-d`;
const compileLine = (objdir: string, path: string, buildId = 'A'): string =>
  `/usr/local/go/pkg/tool/linux_amd64/compile -o $WORK/${objdir}/_pkg_.a -trimpath "$WORK/${objdir}=>" -p ${path} -lang=go1.22 -buildid ${buildId}/${buildId} -goversion go1.26.8 -pack ./a.go\n`;

// Nothing compares with download and script: their runs print in another order each time.
const compared = new Set(['download', 'script']);

describe.each(versions)('output captured from %s', (version) => {
  describe.each(readFixtures(version).map((fixture) => [fixture.name, fixture] as const))(
    '%s',
    (name, fixture) => {
      const whole = parsePieces([fixture.stderr], fixtureContext({ isGoRun: name === 'run' }));

      test('gives the user what the command prints without -x', () => {
        if (!compared.has(name)) expect(usersBytes(whole).toString()).toBe(fixture.users.toString());
        expect(whole.some((event) => event.type === 'session')).toBe(true);
      });

      test('has no line that is not known', () => {
        const parser = createXParser(fixtureContext({ isGoRun: name === 'run' }));
        parser.push(fixture.stderr);
        // What gcc says about the cover copy of a file names it by $WORK, without -x too.
        expect(parser.unrecognized).toBe(name === 'test-cover' ? usersWorkLines(fixture.users) : 0);
      });

      test('gives the same events, cut at random places', () => {
        for (let seed = 1; seed <= 20; seed++) {
          const pieces = cutAt(fixture.stderr, randomPlaces(seed, 1 + seed * 7, fixture.stderr.length));
          expect(parsePieces(pieces, fixtureContext({ isGoRun: name === 'run' }))).toEqual(whole);
        }
      });

      test('gives the same events, in pieces of 1 and of 64 kB', () => {
        for (const size of [1, 65_536]) {
          const places = Array.from(
            { length: Math.floor(fixture.stderr.length / size) },
            (_, index) => index * size,
          );
          expect(
            parsePieces(cutAt(fixture.stderr, places), fixtureContext({ isGoRun: name === 'run' })),
          ).toEqual(whole);
        }
      });
    },
  );
});

function usersWorkLines(users: Buffer): number {
  return users
    .toString()
    .split('\n')
    .filter((line) => line.includes('$WORK/')).length;
}

test('a small capture gives the same events, cut at every place', () => {
  const { stderr } = readFixture('build-cgo-error');
  const whole = parsePieces([stderr]);
  expect(whole.filter((event) => event.type === 'compile')).toHaveLength(1);
  for (let place = 1; place < stderr.length; place++)
    expect(parsePieces(cutAt(stderr, [place]))).toEqual(whole);
});

test('a compile that fails, an event for each line', () => {
  const events = parsePieces([readFixture('build-cgo-error').stderr]);
  expect(events.map((event) => (event.type === 'tool' ? event.tool : event.type))).toEqual([
    'session',
    'objdir',
    'cgo',
    'c-compiler',
    'c-compiler',
    'c-compiler',
    'header',
    'passthrough',
    'c-compiler',
    'c-compiler',
    'c-compiler',
    'cgo',
    'document',
    'compile',
    'header',
    'passthrough',
  ]);
  expect(events.find((event) => event.type === 'compile')).toMatchObject({
    objdir: 'b001',
    packagePath: 'example.com/shop/weigh',
    files: expect.arrayContaining(['$WORK/b001/_cgo_gotypes.go', '$WORK/b001/weigh.cgo1.go']),
  });
});

test('the files of a compile are below the folder of its cd, which goes on for the next', () => {
  const events = parsePieces([readFixture('build-cold').stderr]);
  const files = events.flatMap((event) => (event.type === 'compile' ? [event.files] : []));
  expect(files.slice(0, 3)).toEqual([
    ['/home/dev/src/shop/price/price.go'],
    ['/home/dev/src/shop/cart/cart.go'],
    ['/home/dev/src/shop/main.go'],
  ]);
});

describe('here-documents', () => {
  const begin = `cat >${work}/b002/importcfg << 'EOF' # internal\n`;

  test('a body of lines that look like commands is a body', () => {
    const body =
      '# import config\nmkdir -p $WORK/b009/\nWORK=/tmp/go-build1234567891\ncd /x\n# get https://a.example/b\n';
    const text = `WORK=${work}\nmkdir -p $WORK/b002/\n${begin}${body}EOF\nafter\n`;
    const whole = parseText(text);
    expect(whole).toEqual([
      { type: 'session', work },
      { type: 'objdir', objdir: 'b002' },
      { type: 'document', work, objdir: 'b002', name: 'importcfg', body },
      { type: 'passthrough', text: 'after\n' },
    ]);
    for (let place = 1; place < text.length; place++)
      expect(parsePieces(cutAt(Buffer.from(text), [place]))).toEqual(whole);
  });

  test.each<[string, string, string, string]>([
    ['without a line end, EOF stands on its last line', 'x.c', 'int x;', 'int x;'],
    ['empty', 'x.c', '', ''],
    [
      'a line EOF of an importcfg is only a whole line',
      'importcfg',
      'packagefile aEOF\npackagefile b\n',
      'packagefile aEOF\npackagefile b\n',
    ],
  ])('a body %s', (_, name, body, expected) => {
    const text = `WORK=${work}\nmkdir -p $WORK/b002/\ncat >${work}/b002/${name} << 'EOF' # internal\n${body}EOF\nafter\n`;
    const whole = parseText(text);
    expect(whole.slice(2)).toEqual([
      { type: 'document', work, objdir: 'b002', name, body: expected },
      { type: 'passthrough', text: 'after\n' },
    ]);
    for (let place = 1; place < text.length; place++)
      expect(parsePieces(cutAt(Buffer.from(text), [place]))).toEqual(whole);
  });

  test('of a go command that was killed inside one: its body is not shown', () => {
    expect(parseText(`WORK=${work}\nmkdir -p $WORK/b002/\n${begin}packagefile a=b\npackagefi`)).toEqual([
      { type: 'session', work },
      { type: 'objdir', objdir: 'b002' },
    ]);
  });

  test('of a WORK that does not run is the user’s', () => {
    const users = `cat >/tmp/go-build77/b002/importcfg << 'EOF' # internal\nx\nEOF\n`;
    expect(usersBytes(parseText(`WORK=${work}\n${users}`)).toString()).toBe(users);
  });
});

describe('user lines that resemble ours pass', () => {
  const running = `WORK=${work}\nmkdir -p $WORK/b001/\ncd /home/dev/src/shop\n${compileLine('b001', 'example.com/a')}`;

  test.each<[string, string, string]>([
    ['WORK= of a folder that never was', '', 'WORK=/tmp/go-build1\n'],
    ['mkdir with no go command running', '', 'mkdir -p $WORK/b001/\n'],
    ['a compile with no go command running', '', compileLine('b001', 'example.com/a')],
    ['rm with no go command running', '', 'rm -rf $WORK/b001/\n'],
    ['a second WORK= of the same folder', running, `WORK=${work}\n`],
    ['a second mkdir of the same folder', running, 'mkdir -p $WORK/b001/\n'],
    ['a second compile of the same', running, compileLine('b001', 'example.com/a')],
    ['a compile into a folder that was not made', running, compileLine('b002', 'example.com/b', 'B')],
    ['a folder below one that was not made', running, 'mkdir -p $WORK/b002/exe/\n'],
    ['what follows the removal of a folder', `${running}rm -rf $WORK/b001/\n`, 'rm -rf $WORK/b001/\n'],
    ['cd before nothing of ours', running, 'cd /somewhere\nhello\n'],
    ['cd twice', running, 'cd /somewhere\ncd /elsewhere\nhello\n'],
    ['cd at the end', running, 'cd /somewhere\n'],
    ['mkdir of an own folder, as a Makefile prints it', running, 'mkdir -p bin/\necho done\n'],
    ['a comment', running, '# comment\n# a comment of words\n'],
    ['what the linker of C says', running, '/usr/bin/ld: $WORK/b001/_x001.o: undefined reference to `f`\n'],
    ['a compile without a build ID', running, '/x/compile -o $WORK/b001/_pkg_.a -p a ./a.go\n'],
    ['an empty line', running, '\n\n'],
    ['a program of the user below /', running, '/usr/bin/install -o root app /usr/bin\n'],
    ['no line end', running, 'Password: '],
  ])('%s', (_, before, users) => {
    const text = before + users;
    expect(usersBytes(parseText(text)).toString()).toBe(users);
    for (let place = 1; place < text.length; place++)
      expect(usersBytes(parsePieces(cutAt(Buffer.from(text), [place]))).toString()).toBe(users);
  });

  test('a cd goes with the command behind it, and back to the user with a word of theirs', () => {
    const parser = createXParser(fixtureContext());
    parser.push(Buffer.from(`WORK=${work}\nmkdir -p $WORK/b001/\n`));
    expect(parser.push(Buffer.from('cd /home/dev/src/shop\n'))).toEqual([]);
    expect(parser.holds).toBe('line');
    expect(parser.push(Buffer.from(compileLine('b001', 'example.com/a')))).toMatchObject([
      { type: 'compile', files: ['/home/dev/src/shop/a.go'] },
    ]);
    expect(parser.push(Buffer.from('cd /home/dev\nhello\n'))).toEqual([
      { type: 'passthrough', text: 'cd /home/dev\nhello\n' },
    ]);
  });
});

describe('bytes', () => {
  test('lines that end in CRLF', () => {
    const text = `WORK=${work}\nmkdir -p $WORK/b001/\n`.replaceAll('\n', '\r\n');
    expect(parseText(`${text}hello\r\n`)).toEqual([
      { type: 'session', work },
      { type: 'objdir', objdir: 'b001' },
      { type: 'passthrough', text: 'hello\r\n' },
    ]);
  });

  test('that are no UTF-8 come back as they were, cut anywhere', () => {
    const all = Buffer.from(Array.from({ length: 1024 }, (_, index) => (index * 7) % 256));
    const bytes = Buffer.concat([Buffer.from(`WORK=${work}\n`), all]);
    for (let place = 1; place < bytes.length; place++)
      expect(usersBytes(parsePieces(cutAt(bytes, [place]))).equals(all)).toBe(true);
  });

  test('a path with letters beyond ASCII is read as UTF-8', () => {
    const text = `WORK=${work}\nmkdir -p $WORK/b001/\ncd /home/dev/läden\n${compileLine('b001', 'example.com/läden')}`;
    expect(parseText(text)).toContainEqual(
      expect.objectContaining({ packagePath: 'example.com/läden', files: ['/home/dev/läden/a.go'] }),
    );
  });

  // A line joined anew with each piece would cost a hundred times as much for ten times the pieces.
  test('a line of 2 MB in pieces of 64 kB costs what its bytes cost', () => {
    for (const first of ['x', 'cat ']) {
      const line = Buffer.concat([Buffer.from(first), Buffer.alloc(2 << 20, 0x79), Buffer.from('\n')]);
      const places = Array.from({ length: 32 }, (_, index) => (index + 1) * 65_536);
      const small = best(() => void parsePieces([line]));
      const cut = best(() => expect(usersBytes(parsePieces(cutAt(line, places))).equals(line)).toBe(true));
      expect(cut).toBeLessThan(20 * small + 200);
    }
  });

  test('a here-document of 2 MB in pieces of 1 kB costs what its bytes cost', () => {
    const body = 'packagefile example.com/some/path=/home/dev/.cache/go-build/xx\n'.repeat(32_000);
    const text = Buffer.from(
      `WORK=${work}\nmkdir -p $WORK/b002/\ncat >${work}/b002/importcfg << 'EOF' # internal\n${body}EOF\n`,
    );
    const places = Array.from({ length: Math.floor(text.length / 1024) }, (_, index) => index * 1024);
    const whole = parsePieces([text]);
    expect(whole.at(-1)).toMatchObject({ type: 'document', body });
    const start = performance.now();
    expect(parsePieces(cutAt(text, places))).toEqual(whole);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

function best(run: () => void): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe('several go commands', () => {
  test('at once use the same folders, each its own compile', () => {
    const text =
      `WORK=${work}\nWORK=${other}\nmkdir -p $WORK/b001/\nmkdir -p $WORK/b001/\n` +
      compileLine('b001', 'example.com/a', 'A') +
      compileLine('b001', 'example.com/b', 'B') +
      `go tool buildid -w $WORK/b001/_pkg_.a # internal\n`.repeat(2);
    const events = parseText(text);
    expect(usersBytes(events)).toHaveLength(0);
    expect(events.flatMap((event) => (event.type === 'compile' ? [event.packagePath] : []))).toEqual([
      'example.com/a',
      'example.com/b',
    ]);
  });

  test('captured from a script: three, of which two ran together', () => {
    const events = parsePieces([readFixture('script').stderr]);
    expect(events.filter((event) => event.type === 'session')).toHaveLength(3);
    expect(usersBytes(events).toString()).toBe('');
    expect(
      events.flatMap((event) => (event.type === 'compile' ? [event.packagePath] : [])).toSorted(),
    ).toEqual(['example.com/shop/price', 'example.com/shop/round', 'main']);
  });

  test('a second one, after the first has gone, makes its folders anew', () => {
    let isThere = true;
    const parser = createXParser(fixtureContext({ exists: () => isThere }));
    parser.push(Buffer.from(`WORK=${work}\nmkdir -p $WORK/b001/\n`));
    isThere = false;
    parser.settle();
    // Lines may be on their way still: only the next quiet moment forgets it.
    expect(parser.push(Buffer.from('rm -rf $WORK/b001/\n'))).toMatchObject([{ type: 'other' }]);
    parser.settle();
    expect(parser.push(Buffer.from('mkdir -p $WORK/b001/\n'))).toMatchObject([{ type: 'passthrough' }]);
    expect(parser.push(Buffer.from(`WORK=${work}\nmkdir -p $WORK/b001/\n`))).toEqual([
      { type: 'session', work },
      { type: 'objdir', objdir: 'b001' },
    ]);
  });
});

describe('go run', () => {
  const program = `WORK=${work}\nmkdir -p $WORK/b001/\n$WORK/b001/exe/shop\n`;
  const odd = `WORK=${other}\nmkdir -p $WORK/b002/\ncd /tmp\n# get https://a.example/b\nno line end`;

  test('all that comes behind its program is the program’s', () => {
    const text = program + odd;
    for (let place = 1; place < text.length; place++) {
      const events = parsePieces(cutAt(Buffer.from(text), [place]), fixtureContext({ isGoRun: true }));
      expect(usersBytes(events).toString()).toBe(odd);
      expect(events).toContainEqual({ type: 'program-run', line: '$WORK/b001/exe/shop' });
    }
  });

  test('its words are not kept back', () => {
    const parser = createXParser(fixtureContext({ isGoRun: true }));
    parser.push(Buffer.from(program));
    expect(parser.push(Buffer.from('WORK'))).toEqual([{ type: 'passthrough', text: 'WORK' }]);
    expect(parser.holds).toBe('nothing');
  });

  test('of a script goes on to the next command', () => {
    const events = parseText(`${program}hello\nWORK=${other}\n`);
    expect(events).toContainEqual({ type: 'session', work: other } satisfies XEvent);
    expect(usersBytes(events).toString()).toBe('hello\n');
  });
});

describe('what is kept back', () => {
  test.each<[string, string, 'nothing' | 'line' | 'words']>([
    ['', '', 'nothing'],
    ['', 'Password: ', 'words'],
    ['', 'WORK=/tmp/go-bui', 'line'],
    ['', '# get https://', 'line'],
    ['', '$WORK/b001/', 'words'],
    [`WORK=${work}\n`, '$WORK/b001/', 'line'],
    [`WORK=${work}\n`, 'cd /home', 'line'],
    [`WORK=${work}\n`, 'cd /home/dev\n', 'line'],
    [`WORK=${work}\n`, "TERM='dumb' gc", 'line'],
    [`WORK=${work}\n`, 'gcc -I', 'line'],
    [`WORK=${work}\n`, 'go to', 'words'],
    [`WORK=${work}\n`, '....', 'words'],
    [`WORK=${work}\n`, 'a line\n', 'nothing'],
    [`WORK=${work}\nmkdir -p $WORK/b001/\n`, `cat >${work}/b001/importcfg << 'EOF' # internal\n`, 'line'],
  ])('%j, then %j: %s', (before, text, holds) => {
    const parser = createXParser(fixtureContext());
    parser.push(Buffer.from(before));
    parser.push(Buffer.from(text));
    expect(parser.holds).toBe(holds);
  });

  test('is told from the whole of it, however small its pieces', () => {
    const parser = createXParser(fixtureContext());
    for (const piece of ['', 'W', 'OR', 'K=/', 'tmp']) parser.push(Buffer.from(piece));
    expect(parser.holds).toBe('line');
  });

  test('comes back by release, and its line goes on as the user’s', () => {
    const parser = createXParser(fixtureContext());
    parser.push(Buffer.from(`WORK=${work}\n`));
    expect(parser.push(Buffer.from('mkdir -p '))).toEqual([]);
    expect(parser.release()).toEqual([{ type: 'passthrough', text: 'mkdir -p ' }]);
    expect(parser.push(Buffer.from('$WORK/b001/\nmkdir -p $WORK/b002/\n'))).toEqual([
      { type: 'passthrough', text: '$WORK/b001/\n' },
      { type: 'objdir', objdir: 'b002' },
    ]);
    expect(parser.release()).toEqual([]);
  });

  test('a cd that was held comes back by release', () => {
    const parser = createXParser(fixtureContext());
    parser.push(Buffer.from(`WORK=${work}\ncd /home/dev\n`));
    expect(parser.release()).toEqual([{ type: 'passthrough', text: 'cd /home/dev\n' }]);
  });
});

describe('odd lines of ours', () => {
  test('a compiled form is stored in the cache', () => {
    const text = `WORK=${work}\nmkdir -p $WORK/b001/\ncp $WORK/b001/_pkg_.a ${stored} # internal\n`;
    expect(parseText(text).at(-1)).toEqual({
      type: 'stored',
      objdir: 'b001',
      target: '_pkg_.a',
      path: stored,
      outputId: id,
      line: `cp $WORK/b001/_pkg_.a ${stored} # internal`,
    });
  });

  test('a cached package prints its saved words again', () => {
    const events = parsePieces([readFixture('build-replay').stderr]);
    expect(events.map((event) => event.type)).toEqual([
      'session',
      'replay',
      'header',
      'passthrough',
      'replay',
      'header',
      'passthrough',
    ]);
  });

  test('downloads come before the compiles; what go says of them is the user’s', () => {
    const events = parsePieces([readFixture('download').stderr]);
    expect(events.flatMap((event) => (event.type === 'get' ? [event.line] : []))).toContainEqual(
      expect.stringMatching(
        /^# get https:\/\/proxy\.example\/example\.org\/clockwork\/@v\/v0\.3\.1\.zip: 200 OK \(/,
      ),
    );
    expect(usersBytes(events).toString()).toBe('go: downloading example.org/clockwork v0.3.1\n');
  });

  test.each<[string, string, boolean]>([
    ['# example.com/shop/price', 'example.com/shop/price', false],
    ['# [example.com/shop/price]', 'example.com/shop/price', true],
    [
      '# example.com/shop/cart [example.com/shop/cart.test]',
      'example.com/shop/cart [example.com/shop/cart.test]',
      false,
    ],
    [
      '# example.com/shop/cart_test [example.com/shop/cart.test]',
      'example.com/shop/cart_test [example.com/shop/cart.test]',
      false,
    ],
  ])('header %s', (line, name, isVet) => {
    expect(parseText(`WORK=${work}\n${line}\n`).slice(1)).toEqual([
      { type: 'header', name, isVet },
      { type: 'passthrough', text: `${line}\n` },
    ]);
  });
});
