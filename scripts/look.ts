// Runs a command in a terminal of its own, presses keys, and prints the screen: how a developer looks at a screen.
//
//   npx node scripts/look.ts [--size COLSxROWS] [--keys "..."] [--until TEXT] [--svg FILE] -- COMMAND [ARG...]
//
//   npx node scripts/look.ts --size 120x40 -- bin/gocachetop.js -- go build ./...
//   npx node scripts/look.ts --until 'rate' --keys 'tab / n e t enter wait:net/http' -- bin/gocachetop.js
//
// Keys are separated by spaces: names (up, pagedown, shift+tab, ctrl+c, ...), wait:TEXT, resize:COLSxROWS, and
// anything else is typed as it is. Without --until and wait: it looks once nothing has been written for 400 ms.
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isKey } from '../test/pty/keys.ts';
import { drawSvg } from '../test/pty/picture.ts';
import { type Exit, openTerminal, type Terminal } from '../test/pty/terminal.ts';

const usage =
  'usage: node scripts/look.ts [--size 120x40] [--keys "..."] [--until TEXT] [--svg FILE] -- COMMAND [ARG...]';

async function look(): Promise<number> {
  const { values, positionals } = readArguments();
  const [command, ...args] = positionals;
  const size = parseSize(values.size);
  if (command === undefined || size === undefined) return fail(usage, 2);

  await using terminal = openTerminal({ command, args, ...size });
  try {
    if (values.until !== undefined) await terminal.until(values.until, { timeoutMs });
    else await quiet(terminal);
    for (const word of values.keys.split(/\s+/).filter((word) => word !== '')) await press(terminal, word);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 1);
  }
  const exit = await Promise.race([terminal.exited, undefined]);
  print(terminal, exit);
  if (values.svg !== undefined) writeFileSync(values.svg, drawSvg(terminal, [command, ...args].join(' ')));
  return 0;
}

/** timeoutMs is long enough for a build that the screen waits for. */
const timeoutMs = 120_000;

function readArguments() {
  const options = {
    size: { type: 'string', default: '120x40' },
    keys: { type: 'string', default: '' },
    until: { type: 'string' },
    svg: { type: 'string' },
  } as const;
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    process.exit(fail(`${error instanceof Error ? error.message : error}\n${usage}`, 2));
  }
}

async function press(terminal: Terminal, word: string): Promise<void> {
  const [, verb, what = ''] = /^(wait|resize):(.*)$/s.exec(word) ?? [];
  if (verb === 'wait') {
    await terminal.until(what, { timeoutMs });
    return;
  }
  const size = verb === 'resize' ? parseSize(what) : undefined;
  if (size !== undefined) terminal.resize(size.cols, size.rows);
  else if (isKey(word)) terminal.key(word);
  else terminal.type(word);
  await quiet(terminal);
}

/** quiet waits until nothing was written for 400 ms; a screen that always moves is looked at after 5 s. */
async function quiet(terminal: Terminal): Promise<void> {
  const all = terminal.mark();
  for (let mark = terminal.mark(); mark.milliseconds() < 400 && all.milliseconds() < 5_000; await delay(20)) {
    if (mark.bytes() > 0 || terminal.bytes() === 0) mark = terminal.mark();
  }
}

function parseSize(text: string): { cols: number; rows: number } | undefined {
  const [, cols, rows] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  return cols === undefined || rows === undefined ? undefined : { cols: Number(cols), rows: Number(rows) };
}

/** print frames the screen, so that its width and its empty lines are seen. */
function print(terminal: Terminal, exit: Exit | undefined): void {
  const edge = `+${'-'.repeat(terminal.cols())}+`;
  const lines = terminal.screen().map((line) => `|${line}`);
  const buffer = terminal.isAlternate() ? 'alternate' : 'normal';
  const state = exit === undefined ? 'running' : `ended: ${exit.signal ?? `code ${exit.code}`}`;
  const facts = `${terminal.cols()}x${terminal.rows()}, ${buffer} buffer, ${terminal.bytes()} bytes, ${state}`;
  process.stdout.write([edge, ...lines, edge, facts, ''].join('\n'));
}

function fail(message: string, code: number): number {
  process.stderr.write(`${message}\n`);
  return code;
}

process.exitCode = await look();
