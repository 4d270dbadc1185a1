import { describe, expect, test } from 'vitest';
import {
  findVariable,
  isGoCommand,
  isWorkName,
  parseArguments,
  parseProcessStat,
  parseWorkCommand,
} from '../../../source/build/elsewhere/process.ts';

const compiler = '/usr/local/go/pkg/tool/linux_amd64/compile';
const id = 'jqv2k0COZ0sDNDcI_8XT/jqv2k0COZ0sDNDcI_8XT';

describe('parseWorkCommand', () => {
  test.each([
    [
      'a compile',
      `${compiler} -o /tmp/go-build24/b003/_pkg_.a -trimpath /tmp/go-build24/b003=> -p example.com/m/a -lang=go1.21 -complete -buildid ${id} -goversion go1.26.8 -pack /home/u/m/a/a.go`,
      {
        work: '/tmp/go-build24',
        objdir: 'b003',
        isProgram: false,
        compile: { package: 'example.com/m/a', buildId: id },
      },
    ],
    [
      'a compile below a -toolexec command',
      `sh /home/u/slow.sh ${compiler} -o /tmp/go-build24/b001/_pkg_.a -p main -buildid ${id} ./main.go`,
      {
        work: '/tmp/go-build24',
        objdir: 'b001',
        isProgram: false,
        compile: { package: 'main', buildId: id },
      },
    ],
    [
      'a compile on Windows',
      `C:\\go\\pkg\\tool\\windows_amd64\\compile.exe -o C:\\Temp\\go-build24\\b003\\_pkg_.a -p a -buildid ${id}`,
      {
        work: 'C:\\Temp\\go-build24',
        objdir: 'b003',
        isProgram: false,
        compile: { package: 'a', buildId: id },
      },
    ],
    [
      'a link',
      '/go/pkg/tool/linux_amd64/link -o /tmp/go-build24/b001/exe/a.out -importcfg /tmp/go-build24/b001/importcfg.link -buildmode=pie',
      { work: '/tmp/go-build24', objdir: 'b001', isProgram: false, compile: undefined },
    ],
    [
      'a C compiler, which names the objdir behind a flag only',
      'gcc -I/tmp/go-build24/b057/ -O2 -g -c x.c',
      { work: '/tmp/go-build24', objdir: 'b057', isProgram: false, compile: undefined },
    ],
    [
      'a test that runs',
      '/tmp/go-build24/b001/a.test -test.timeout=10m0s',
      { work: '/tmp/go-build24', objdir: 'b001', isProgram: true, compile: undefined },
    ],
    ['the compiler asked for its version', `${compiler} -V=full`, undefined],
    ['a compile by hand, out of any WORK', `${compiler} -o x.a -p a -buildid ${id} a.go`, undefined],
    ['a folder of a like name', 'ls /tmp/go-builder/b001/', undefined],
    ['WORK itself without an objdir', 'rm -r /tmp/go-build24', undefined],
    ['the go command', 'go build -o app ./cmd/app', undefined],
    ['no words', '', undefined],
  ])('reads %s', (_, line, expected) => {
    expect(parseWorkCommand(line.split(' '))).toEqual(expected);
  });

  test('keeps a temp folder whose name has spaces and an equals sign', () => {
    const words = [compiler, '-o', '/my tmp=1/go-build9/b002/_pkg_.a', '-p', 'a', '-buildid', id];
    expect(parseWorkCommand(words)).toMatchObject({ work: '/my tmp=1/go-build9', objdir: 'b002' });
  });
});

test.each([
  ['go\0build\0', ['go', 'build']],
  ['go\0build\0\0', ['go', 'build', '']],
  ['', []], // a kernel thread, or another user's environ
])('parseArguments splits %j', (text, expected) => {
  expect(parseArguments(text)).toEqual(expected);
});

const rest = '0 -1 4194560 99 0 0 0 1 2 0 0 20 0 9 0 163817 500 600';

test.each([
  [
    `22426 (compile) R 22416 21968 2963 ${rest}`,
    { name: 'compile', hasEnded: false, parent: 22416, startTicks: 163817 },
  ],
  // A name may hold anything.
  [`7 (a) (b c) S 1 7 7 ${rest}`, { name: 'a) (b c', hasEnded: false, parent: 1, startTicks: 163817 }],
  // A killed go command that its parent has not asked for yet.
  [`9 (go) Z 8 7 7 ${rest}`, { name: 'go', hasEnded: true, parent: 8, startTicks: 163817 }],
  ['22426 (compile) R 22416', undefined],
  ['', undefined],
])('parseProcessStat reads %j', (text, expected) => {
  expect(parseProcessStat(text)).toEqual(expected);
});

test.each([
  ['go', true],
  ['go1.26.8', true],
  ['go-1.22', true],
  ['go.exe', true],
  ['gopls', false],
  ['gocachetop', false],
  ['golangci-lint', false],
])('isGoCommand(%j) is %s', (name, expected) => {
  expect(isGoCommand(name)).toBe(expected);
});

test.each([
  ['go-build123', true],
  ['go-build', false],
  ['go-build-cache', false],
  ['go-link-123', false],
])('isWorkName(%j) is %s', (name, expected) => {
  expect(isWorkName(name)).toBe(expected);
});

test('findVariable takes the last of two, and whole names', () => {
  const environ = ['XGOCACHE=/no', 'GOCACHE=/a', 'GOCACHEPROG=/no', 'GOCACHE=/b=c'];
  expect(findVariable(environ, 'GOCACHE')).toBe('/b=c');
  expect(findVariable(environ, 'GOROOT')).toBeUndefined();
});
