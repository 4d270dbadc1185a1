import { readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { isRunning, listProcesses } from './processes.ts';
import { openInShell } from './shell.ts';
import { openTerminal } from './terminal.ts';

/** bash runs a script in a terminal. */
function bash(script: string, size: { cols?: number; rows?: number } = {}) {
  return openTerminal({ command: 'bash', args: ['--norc', '-c', script], ...size });
}

describe('screen', () => {
  test('shows what was written, and what is typed comes back', async () => {
    await using terminal = openTerminal({ command: 'cat' });
    terminal.type('hello');
    terminal.key('enter');
    await terminal.until(/^hello\nhello$/);
    terminal.key('ctrl+d');
    expect(await terminal.exited).toEqual({ code: 0, signal: undefined });
  });

  test('gives a CJK character and an emoji two cells each, a mark none', async () => {
    await using terminal = bash("printf '日本語|\\n😀|\\ne\\u0301|\\n🦀🦀X\\n'; read");
    await terminal.until('X');
    expect(terminal.screen().slice(0, 4)).toEqual(['日本語|', '😀|', 'e\u0301|', '🦀🦀X']);
    expect(terminal.find('|')).toEqual({ x: 6, y: 0 });
    expect(terminal.cell(2, 1).char).toBe('|');
    expect(terminal.cell(1, 2).char).toBe('|');
    expect(terminal.find('X')).toEqual({ x: 4, y: 3 });
    expect(terminal.cell(0, 0)).toMatchObject({ char: '日', width: 2 });
    expect(terminal.cell(1, 0)).toMatchObject({ char: '', width: 0 });
  });

  test('tells style and colours of a cell', async () => {
    await using terminal = bash(
      "printf 'plain \\e[1;31mbold\\e[0m \\e[2mdim\\e[0m \\e[7minverse\\e[0m \\e[38;5;208mpalette\\e[0m \\e[48;2;1;2;3mrgb\\e[0m'; read",
    );
    await terminal.until('rgb');
    expect(terminal.cellOf('plain')).toMatchObject({
      bold: false,
      dim: false,
      inverse: false,
      color: undefined,
    });
    expect(terminal.cellOf('bold')).toMatchObject({ bold: true, color: 'red' });
    expect(terminal.cellOf('dim')).toMatchObject({ dim: true });
    expect(terminal.cellOf('inverse')).toMatchObject({ inverse: true });
    expect(terminal.cellOf('palette')).toMatchObject({ color: '#ff8700' });
    expect(terminal.cellOf('rgb')).toMatchObject({ background: '#010203' });
    expect(() => terminal.cellOf('absent')).toThrow(/"absent" is not on the screen[\s\S]*plain bold/);
  });

  test('keeps what scrolled away', async () => {
    await using terminal = bash('seq 1 100', { rows: 10 });
    await terminal.exited;
    expect(terminal.screen()).not.toContain('1');
    expect(terminal.scrollback().split('\n').slice(0, 3)).toEqual(['1', '2', '3']);
  });

  test('has an alternate buffer, which leaves the normal one alone', async () => {
    await using terminal = bash(
      "echo before; printf '\\e[?1049h\\e[Hinside'; read; printf '\\e[?1049l'; echo after; read",
    );
    await terminal.until('inside');
    expect(terminal.isAlternate()).toBe(true);
    expect(terminal.text()).not.toContain('before');
    expect(terminal.scrollback()).toContain('before');
    terminal.key('enter');
    await terminal.until('after');
    expect(terminal.isAlternate()).toBe(false);
    expect(terminal.screen().slice(0, 2)).toEqual(['before', 'after']);
  });

  test('answers a question for the cursor', async () => {
    await using terminal = bash(
      "stty -echo -icanon; printf 'abc\\e[6n'; IFS='[;' read -rd R _ row col; echo \"<$row,$col>\"",
    );
    await terminal.until('<1,4>');
  });

  test('takes what is copied by OSC 52', async () => {
    await using terminal = bash(
      "printf '\\e]52;c;%s\\a' \"$(printf 'go build' | base64)\"; echo copied; read",
    );
    await terminal.until('copied');
    expect(terminal.clipboard()).toBe('go build');
  });
});

describe('wait', () => {
  test('gives the match, with its groups', async () => {
    await using terminal = bash('sleep 0.1; echo "hits 401 misses 207"; read');
    const [, hits, misses] = await terminal.until(/^hits (\d+) misses (\d+)$/);
    expect([hits, misses]).toEqual(['401', '207']);
  });

  test('fails in time with the whole screen, at the line of the test', async () => {
    await using terminal = bash('echo something else; read', { cols: 20, rows: 3 });
    await terminal.until('else');
    const error = await terminal.until('never', { timeoutMs: 50 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe(
      [
        'Error: "never": not there within 50 ms',
        '20x3, normal buffer, 16 bytes, running',
        '+--------------------',
        '|something else',
        '|',
        '|',
        '+--------------------',
      ].join('\n'),
    );
    expect((error as Error).stack).toContain('terminal.test.ts');
  });

  test('fails at once when the program ends without the text', async () => {
    await using terminal = bash('echo bye; exit 3');
    const before = performance.now();
    await expect(terminal.until('never')).rejects.toThrow(
      /"never": not there when the program had ended[\s\S]*ended: code 3/,
    );
    expect(performance.now() - before).toBeLessThan(8_000);
    await terminal.until('bye');
  });

  test('waits for text to go', async () => {
    await using terminal = bash("printf busy; sleep 0.1; printf '\\r\\e[Kdone'; read");
    await terminal.until('busy');
    await terminal.gone('busy');
    expect(terminal.text()).toContain('done');
    await expect(terminal.gone('done', { timeoutMs: 50 })).rejects.toThrow(
      'the end of "done": not there within 50 ms',
    );
  });

  test('does not look at a half-drawn frame', async () => {
    await using terminal = bash("printf '\\e[?2026hnew'; sleep 0.2; printf ' and whole\\e[?2026l'; read");
    const [line] = await terminal.until(/new.*/);
    expect(line).toBe('new and whole');
    expect(terminal.frames()).toBe(1);
  });

  test('waits for any condition', async () => {
    await using terminal = bash('sleep 0.1; tput civis; read');
    await terminal.when(() => !terminal.cursor().visible);
    await expect(terminal.when(() => false, { timeoutMs: 20, what: 'the impossible' })).rejects.toThrow(
      'the impossible',
    );
  });
});

describe('program', () => {
  test('sees the size of its terminal, and each new one', async () => {
    await using terminal = bash(
      "trap 'echo now $(stty size)' WINCH; echo first $(stty size); while :; do sleep 0.05; done",
      { cols: 120, rows: 40 },
    );
    await terminal.until('first 40 120');
    terminal.resize(40, 12);
    await terminal.until('now 12 40');
    expect([terminal.cols(), terminal.rows(), terminal.screen().length]).toEqual([40, 12, 12]);
  });

  test('ends with its exit code', async () => {
    await using terminal = bash('echo last words; exit 42');
    expect(await terminal.exited).toEqual({ code: 42, signal: undefined });
    expect(terminal.text()).toContain('last words');
    expect(() => terminal.signal('SIGTERM')).toThrow('bash has ended');
  });

  test('ends by a signal', async () => {
    await using terminal = openTerminal({ command: 'cat' });
    terminal.type('ready');
    await terminal.until('ready');
    terminal.signal('SIGKILL');
    expect(await terminal.exited).toEqual({ code: undefined, signal: 'SIGKILL' });
  });

  test('gets Ctrl-C as SIGINT', async () => {
    await using terminal = bash(
      "trap 'echo interrupted; exit 5' INT; echo ready; while :; do sleep 0.05; done",
    );
    await terminal.until('ready');
    terminal.key('ctrl+c');
    await terminal.until('interrupted');
    expect((await terminal.exited).code).toBe(5);
  });

  test('gets one SIGHUP when the window closes', async () => {
    await using terminal = openTerminal({ command: process.execPath, args: ['-e', hangUpCounter] });
    const [, path = ''] = await terminal.until(/counts in (\S+)/);
    terminal.hangUp();
    expect(await terminal.exited).toEqual({ code: 9, signal: undefined });
    expect(await readFile(path, 'utf8')).toBe('1');
    await rm(path);
  });

  test('finds no CI, no colour wish and no test runner in its environment', async () => {
    process.env.CI = 'true';
    process.env.NO_COLOR = '1';
    await using terminal = openTerminal({
      command: 'bash',
      args: [
        '--norc',
        '-c',
        'env | sort | grep -E "^(CI|NO_COLOR|TERM|LANG|VITEST|NODE_ENV|ADDED|HOME)="; read',
      ],
      env: { ADDED: 'yes', HOME: undefined },
    });
    delete process.env.CI;
    delete process.env.NO_COLOR;
    await terminal.until('TERM=');
    expect(terminal.text().trim().split('\n')).toEqual(['ADDED=yes', 'LANG=C.UTF-8', 'TERM=xterm-256color']);
  });

  test('gets the sequence of each key', async () => {
    await using terminal = openTerminal({ command: process.execPath, args: ['-e', keyPrinter] });
    await terminal.until('ready');
    terminal.key('up');
    await terminal.until('"\\u001b[A"');
    terminal.key('shift+tab');
    await terminal.until('"\\u001b[Z"');
    terminal.key('ctrl+c');
    await terminal.until('"\\u0003"');
    terminal.key('alt+x');
    await terminal.until('"\\u001bx"');
    terminal.type('jjj');
    await terminal.until('"jjj"');
    terminal.type('日本');
    await terminal.until('"日本"');
  });

  test('is counted: bytes and frames since a mark', async () => {
    await using terminal = bash(
      "stty -echo; printf ready; read; printf '\\e[?2026h12345\\e[?2026l'; read; printf '\\e[?2026h1\\e[?2026l.'; read",
    );
    await terminal.until('ready');
    const mark = terminal.mark();
    expect([mark.bytes(), mark.frames()]).toEqual([0, 0]);
    terminal.key('enter');
    await terminal.until('12345');
    expect([mark.bytes(), mark.frames()]).toEqual([21, 1]);
    terminal.key('enter');
    await terminal.until('1.');
    expect([mark.bytes(), mark.frames(), terminal.frames()]).toEqual([39, 2, 2]);
    expect(mark.milliseconds()).toBeGreaterThan(0);
  });

  test('is gone after close, with all that it started, also what ignores SIGHUP', async () => {
    const terminal = bash("trap '' HUP; sleep 1000 & setsid sleep 1000 & echo started; wait");
    await terminal.until('started');
    await expect.poll(() => childrenOf(terminal.pid)).toHaveLength(2);
    const children = childrenOf(terminal.pid);
    await terminal.close();
    expect([terminal.pid, ...children].filter(isRunning)).toEqual([]);
    await terminal.close();
  });

  test('can be suspended by a shell and resumed', async () => {
    await using terminal = openTerminal({
      command: 'bash',
      args: ['--norc', '--noprofile', '-i'],
      env: { PS1: 'prompt> ' },
    });
    await terminal.until('prompt> ');
    terminal.type('cat\r');
    await expect.poll(() => namesOfChildren(terminal.pid)).toEqual(['cat']);
    terminal.type('line one\r');
    await terminal.until(/^line one\nline one$/);
    terminal.key('ctrl+z');
    await terminal.until(/Stopped/);
    terminal.type('fg\r');
    await terminal.until(/^prompt> fg\ncat$/);
    terminal.type('line two\r');
    await terminal.until(/^line two\nline two$/);
  });
});

describe('in a shell', () => {
  const inShell = (script: string) => openInShell({ command: 'bash', args: ['--norc', '-c', script] });

  test('a program that cleans up leaves the terminal restored', async () => {
    await using terminal = inShell(
      "saved=$(stty -g); stty raw -echo; printf '\\e[?1049h\\e[?25l\\e[?2004h\\e[31m\\e[Hscreen'; read -n1; printf '\\e[0m\\e[?2004l\\e[?25h\\e[?1049l'; stty \"$saved\"; echo summary; exit 7",
    );
    await terminal.until('screen');
    expect(terminal.cursor().visible).toBe(false);
    terminal.type('q');
    expect(await terminal.exited).toEqual({ code: 7, signal: undefined });
    await terminal.restored();
    expect(terminal.screen()[0]).toBe('summary');
  });

  test.each([
    ["printf '\\e[?1049h'", 'still in the alternate buffer'],
    ["printf '\\e[?25l'", 'the cursor is hidden'],
    ['stty -echo', 'stty -echo'],
    ['stty -icanon', 'stty -icanon'],
    ['stty intr ^X', 'stty intr = ^X'],
    ["printf '\\e[?2004h'", 'bracketed paste'],
    ["printf '\\e[?1000h'", 'mouse reports'],
    ["printf '\\e[?2026h'", 'synchronized output'],
    ["printf '\\e[31mred'", 'a style'],
  ])('a program that ends with %s does not', async (script, fault) => {
    await using terminal = inShell(script);
    await expect(terminal.restored()).rejects.toThrow(`the terminal is not restored: ${fault}`);
  });

  test('a signal goes to the program, and the shell tells the code', async () => {
    await using terminal = inShell("trap 'exit 143' TERM; echo ready; while :; do sleep 0.05; done");
    await terminal.until('ready');
    terminal.signal('SIGTERM');
    expect((await terminal.exited).code).toBe(143);
    await terminal.restored();
  });

  test('Ctrl-C ends the program and not the shell', async () => {
    await using terminal = openInShell({ command: 'sleep', args: ['1000'] });
    await expect.poll(() => namesOfChildren(terminal.pid)).toEqual(['sleep']);
    terminal.key('ctrl+c');
    expect((await terminal.exited).code).toBe(130);
    await terminal.restored();
  });
});

function childrenOf(pid: number): number[] {
  return listProcesses().flatMap((process) => (process.parent === pid ? [process.pid] : []));
}

function namesOfChildren(pid: number): string[] {
  return listProcesses().flatMap((process) => (process.parent === pid ? [process.name] : []));
}

/** hangUpCounter writes to a file how many SIGHUPs came within a moment after the first. */
const hangUpCounter = `
const fs = require('node:fs'), path = require('node:path').join(require('node:os').tmpdir(), 'hang-ups-' + process.pid);
let count = 0;
process.on('SIGHUP', () => {
  fs.writeFileSync(path, String(++count));
  if (count === 1) setTimeout(() => process.exit(9), 200);
});
process.stdin.on('error', () => {}).resume();
console.log('counts in ' + path);
setInterval(() => {}, 1000);
`;

/** keyPrinter prints as JSON what each read of the terminal gave. */
const keyPrinter = `
process.stdin.setRawMode(true);
process.stdin.setEncoding('utf8').on('data', (data) => process.stdout.write(JSON.stringify(data) + '\\r\\n'));
process.stdout.write('ready\\r\\n');
`;
