import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** makeFastFolder makes a folder in memory, where the system has one: a disk would not be the thing measured. */
export function makeFastFolder(name: string): string {
  let base = '/dev/shm';
  try {
    accessSync(base, constants.W_OK);
  } catch {
    base = tmpdir();
  }
  return mkdtempSync(join(base, `${name}-`));
}

/** fillCache makes a GOCACHE with that many entries, each an empty file with the name that Go would give it. */
export async function fillCache(gocache: string, entries: number): Promise<void> {
  const halves = [0, 1].map((half) => run(filler, [gocache, String(entries), String(half)]));
  await Promise.all(halves);
}

/**
 * fillWithPairs makes a GOCACHE with that many entries as Go would write them: action entries that name their outputs,
 * which are lists of source files. Those of `agedShare` were last used six days ago.
 */
export async function fillWithPairs(gocache: string, entries: number, agedShare = 0): Promise<void> {
  const halves = [0, 1].map((half) =>
    run(pairs, [gocache, String(entries), String(half), String(agedShare)]),
  );
  await Promise.all(halves);
  // What Go puts into every GOCACHE: (*DiskCache).Open, go1.26. A trim was just now.
  writeFileSync(
    join(gocache, 'README'),
    'This directory holds cached build artifacts from the Go build system.\n',
  );
  writeFileSync(join(gocache, 'trim.txt'), String(Math.floor(Date.now() / 1000)));
}

/** writeEntries writes as Go does, at a rate, and resolves with what it really did. */
export async function writeEntries(
  gocache: string,
  load: { readonly seconds: number; readonly rate: number },
): Promise<{ readonly written: number; readonly tookMs: number }> {
  const answer: unknown = JSON.parse(await run(writer, [gocache, String(load.seconds), String(load.rate)]));
  if (typeof answer !== 'object' || answer === null || !('written' in answer) || !('tookMs' in answer))
    throw new Error('the writer gave no answer');
  return { written: Number(answer.written), tookMs: Number(answer.tookMs) };
}

/** run runs a program of ours in a process of its own and gives what it printed. */
function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['-e', program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`a helper process ended with ${code}`)),
    );
  });
}

const filler = `
  const { randomBytes } = require('node:crypto');
  const [, gocache, count, half] = process.argv;
  const entries = Number(count) / 2;
  // Every folder belongs to one of the two processes: they do not wait for each other.
  for (let folder = Number(half); folder < 256; folder += 2) {
    const name = folder.toString(16).padStart(2, '0');
    fs.mkdirSync(gocache + '/' + name, { recursive: true });
    const ids = randomBytes(31 * Math.ceil(entries / 128));
    for (let at = 0; at < ids.length; at += 31) {
      const path = gocache + '/' + name + '/' + name + ids.toString('hex', at, at + 31);
      fs.closeSync(fs.openSync(path + (at / 31 % 2 ? '-a' : '-d'), 'w'));
    }
  }`;

const pairs = `
  const { createHash } = require('node:crypto');
  const [, gocache, count, half, agedShare] = process.argv;
  for (let i = 0; i < 256; i++) fs.mkdirSync(gocache + '/' + i.toString(16).padStart(2, '0'), { recursive: true });
  const sha = (text) => createHash('sha256').update(text).digest('hex');
  const path = (id, letter) => gocache + '/' + id.slice(0, 2) + '/' + id + '-' + letter;
  const now = Date.now();
  const aged = now / 1000 - 6 * 86400;
  for (let i = Number(half); i < Number(count) / 2; i += 2) {
    const text = './file' + i + '.go\\n';
    const [output, action] = [sha(text), sha('action ' + i)];
    const size = String(text.length).padStart(20);
    const time = String(BigInt(now) * 1000000n).padStart(20);
    fs.writeFileSync(path(output, 'd'), text);
    fs.writeFileSync(path(action, 'a'), 'v1 ' + action + ' ' + output + ' ' + size + ' ' + time + '\\n');
    if ((i / 2) % 100 >= agedShare * 100) continue;
    for (const file of [path(output, 'd'), path(action, 'a')]) fs.utimesSync(file, aged, aged);
  }`;

const writer = `
  const { createHash } = require('node:crypto');
  const [, gocache, seconds, rate] = process.argv;
  const sha = (text) => createHash('sha256').update(text).digest('hex');
  const path = (id, letter) => gocache + '/' + id.slice(0, 2) + '/' + id + '-' + letter;
  const put = (name, text) => {
    const file = fs.openSync(name, 'w');
    fs.writeSync(file, text);
    fs.closeSync(file);
    fs.utimesSync(name, Date.now() / 1000, Date.now() / 1000);
  };
  for (let i = 0; i < 256; i++) fs.mkdirSync(gocache + '/' + i.toString(16).padStart(2, '0'), { recursive: true });
  let written = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const age = performance.now() - startedAt;
    while (written < Math.min(age, seconds * 1000) / 1000 * rate) {
      const text = 'output ' + written;
      const output = sha(text);
      const action = sha('action ' + written);
      put(path(output, 'd'), text);
      const size = String(text.length).padStart(20);
      const time = String(BigInt(Date.now()) * 1000000n).padStart(20);
      put(path(action, 'a'), 'v1 ' + action + ' ' + output + ' ' + size + ' ' + time + '\\n');
      written += 2;
    }
    if (age < seconds * 1000) return;
    clearInterval(timer);
    console.log(JSON.stringify({ written, tookMs: performance.now() - startedAt }));
  }, 2);`;
