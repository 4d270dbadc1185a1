import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../pty/terminal.ts';
import { type Dock, openDock, program } from './dock.ts';

let dock: Dock;
let shell: Terminal;

beforeAll(() => {
  dock = openDock();
});

afterAll(async () => {
  await shell.close();
  await dock[Symbol.asyncDispose]();
});

test('Ctrl-Z gives the shell back with a sane terminal, and fg comes back to the same screen', async () => {
  dock.hold('gamma');
  shell = openTerminal({
    command: 'bash',
    args: ['--norc', '--noprofile', '-i'],
    cwd: dock.module,
    env: { ...dock.env, PS1: 'prompt> ', HISTFILE: '/dev/null' },
    cols: 100,
    rows: 30,
  });
  await shell.until(/^prompt> $|^prompt>$/);
  const line = [...program, '--', ...dock.build].map((word) => `'${word}'`).join(' ');
  shell.type(`${line}\r`);
  await shell.until(/\/gamma +\d+\.\d s/);

  shell.key('ctrl+z');
  await shell.until(/Stopped/);
  await shell.until(/prompt>$/);
  expect(shell.isAlternate()).toBe(false);
  expect(shell.cursor().visible).toBe(true);
  expect(await shell.leftModes()).toEqual(expect.not.arrayContaining(['a style', 'synchronized output']));
  shell.type('echo the answer is $((6 * 7)); stty -a | grep -ow -e -icanon -e icanon\r');
  await shell.until(/^the answer is 42$/);
  await shell.until(/^icanon$/);

  shell.type('fg\r');
  await shell.until(/\/gamma +\d+\.\d s/);
  expect(shell.isAlternate()).toBe(true);
  expect(shell.screen()[0]).toMatch(/^ gocachetop/);
  expect(shell.screen().at(-1)).toMatch(/q quit/);
});

test('the build ends while we are stopped, and fg shows it', async () => {
  shell.key('ctrl+z');
  await shell.until(/prompt>$/);
  dock.release('gamma');
  await expect
    .poll(() => dock.running().filter((words) => /hold\.sh/.test(words) && !/gocachetop\.js/.test(words)), {
      timeout: 8_000,
    })
    .toEqual([]);
  shell.type('fg\r');
  await shell.until(/0:\d\d {3}ok/);
  shell.key('enter');
  await shell.until(/1 build › packages/);
  shell.type('jj');
  await shell.when(() => /▸example\.com\/dock\/delta|▸example\.com\/dock\/gamma/.test(shell.text()));
  shell.type('q');
  await shell.until(/4 packages/);
  await shell.until(/prompt>$/);
  shell.type('echo left with $?\r');
  await shell.until(/^left with 0$/);
});
