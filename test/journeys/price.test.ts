import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ShellTerminal } from '../pty/shell.ts';
import { type Dock, openDock } from './dock.ts';

let dock: Dock;
let screen: ShellTerminal;

beforeAll(() => {
  dock = openDock();
});

afterAll(async () => {
  await screen.close();
  await dock[Symbol.asyncDispose]();
});

const took = String.raw`(?:\d+ m?s|\d+\.\d s)`;

test('what was built under gocachetop has a price, in the list, in the question and in the diagnosis', async () => {
  screen = dock.open({ args: ['--', 'go', 'build', './...'], cols: 120, rows: 40 });
  await screen.until(/\d:\d\d +ok/, { timeoutMs: 60_000 });
  screen.type('2');
  screen.key('enter');
  await screen.until(new RegExp(`example\\.com/dock/delta .* ${took}`), { timeoutMs: 20_000 });
  // Another go command compiled it again: that has no record.
  dock.edit('delta');
  dock.run('go', 'build', './...');
  screen.type('r');
  await screen.until(new RegExp(`example\\.com/dock/delta .* ${took} \\+`), { timeoutMs: 20_000 });
  screen.type('/delta');
  screen.key('enter');
  await screen.until(/1 of \d+/);
  screen.type('p');
  await screen.until(new RegExp(`Remove example\\.com/dock/delta[^]*to rebuild: ${took}, 1 unknown`));
  screen.key('escape');
  screen.type(']]]]');
  await screen.until(/written and hit/, { timeoutMs: 20_000 });
  expect(screen.text()).toMatch(/1 build recorded; 4 packages compiled, .* written; 0 hits/);
  screen.type('q');
  await screen.exited;
}, 120_000);
