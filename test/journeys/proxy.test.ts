import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Terminal } from '../pty/terminal.ts';
import { openProxyLab, type ProxyLab, secret } from './proxy-lab.ts';

let lab: ProxyLab;
let screen: Terminal;

beforeAll(async () => {
  lab = await openProxyLab();
}, 60_000);

/** Whatever a journey showed, the password of GOPROXY was no part of it, not even of a frame that was gone at once. */
afterEach(async () => {
  await screen.close();
  expect(screen.written().includes(secret)).toBe(false);
  expect((screen.clipboard() ?? '').includes(secret)).toBe(false);
});

afterAll(() => lab?.close());

/** openRoute opens the route of a module in the proxy pane. */
async function openRoute(module: string): Promise<void> {
  await screen.until('4 proxy chain');
  screen.type('4');
  await screen.until(/127\.0\.0\.1/);
  screen.type('R');
  await screen.until('Which module?');
  screen.type(module);
  screen.key('enter');
  await screen.until(`route of ${module}`);
}

test('the missing intermediate is found, go fails for it, and once the server sends it the module is served', async () => {
  const env = { GOPROXY: `${lab.tls.url},${lab.http.url}` };
  screen = lab.open({ env, cols: 110, rows: 40 });
  await openRoute('example.org/clockwork@v0.3.1');
  await screen.until(/1 https:\/\/user:xxxxx@127\.0\.0\.1:\d+ +not asked yet/);
  expect([lab.tls.requests, lab.http.requests]).toEqual([[], []]);

  screen.type('r');
  await screen.until(/x 1 https.* tls-missing-intermediate/);
  await screen.until(/= leaf +CN=go\.corp\.example +until \d{4}-\d\d-\d\d +sent/);
  await screen.until(/\? inter +CN=Corp Issuing CA 2 +missing/);
  await screen.until(/Go says: x509: certificate signed by unknown authority/);
  await screen.until(/2 http.* not asked/);
  expect(await lab.go(env, 'mod', 'download')).toContain('x509: certificate signed by unknown authority');
  expect(lab.http.requests).toEqual([]);

  screen.type('y');
  await screen.until(/copied: /);
  expect(screen.clipboard()).toMatch(/intermediate/);
  // The certificate itself, in full.
  screen.key('down', 'down', 'enter');
  await screen.until(/SHA-256 +[0-9a-f:]{64}/i);
  await screen.until(/key +ECDSA P-256/);
  screen.key('escape');

  lab.tls.mend();
  screen.type('r');
  await screen.until(/\+ 1 https.* answers/);
  await screen.until(/served by +https:\/\/user:xxxxx@127\.0\.0\.1:\d+, v0\.3\.1/);
  expect(await lab.go(env, 'mod', 'download')).not.toContain('x509');
}, 60_000);

test('what if: the modules of the go.mod here follow a pattern as it is typed, and nothing is changed', async () => {
  const env = { GOPROXY: `${lab.empty.url},${lab.http.url}` };
  const asked = lab.http.requests.length;
  screen = lab.open({ env, cols: 80, rows: 24 });
  await screen.until('4 proxy chain');
  screen.type('4W');
  await screen.until(/2 modules of go\.mod/, { timeoutMs: 20_000 });
  screen.key('down', 'down', 'enter');
  screen.type('example.org/clock*');
  await screen.until(/2 modules of go\.mod +1 would change/);
  await screen.until(/\* .*clockwork@v0\.3\.1 +127\.0\.0\.1:\d+ +› direct/);
  screen.type(',example.org/*');
  await screen.until(/2 would change/);
  screen.key('escape');
  await screen.until(/0 would change|enter on a setting types another value/);
  expect(existsSync(join(lab.folder, 'goenv'))).toBe(false);
  expect(lab.http.requests.length).toBe(asked);
}, 60_000);

test('apply writes it with go env -w, z and gocachetop undo take it back, --read-only refuses', async () => {
  const env = { GOPROXY: `${lab.empty.url},${lab.http.url}` };
  const value = (): Promise<string> => lab.go(env, 'env', 'GONOPROXY');
  screen = lab.open({ env });
  await tryPattern();
  screen.key('enter');
  await screen.gone('Write these settings');
  expect(await value()).toBe('');
  screen.type('A');
  await screen.until('Write these settings');
  screen.key('right', 'enter');
  await screen.until('GONOPROXY written: z undoes it', { timeoutMs: 20_000 });
  expect(await value()).toBe('corp.example/*');
  await screen.until(/GONOPROXY +corp\.example\/\*/);
  screen.type('z');
  await screen.until('GONOPROXY as before', { timeoutMs: 20_000 });
  expect(await value()).toBe('');

  await screen.until(/GONOPROXY +\(GOPRIVATE\)/);
  screen.key('enter');
  screen.type('corp.example/*\r');
  screen.type('A');
  await screen.until('Write these settings');
  screen.key('right', 'enter');
  await screen.until('GONOPROXY written', { timeoutMs: 20_000 });
  screen.type('q');
  await screen.until('gocachetop: wrote GONOPROXY with go env -w: gocachetop undo puts it back', {
    timeoutMs: 20_000,
  });
  await screen.close();

  const undo = lab.open({ env, args: ['undo', '--yes'] });
  await undo.exited;
  expect([await value(), undo.written()]).toEqual(['', expect.stringContaining('GONOPROXY is as it was')]);
  await undo.close();

  screen = lab.open({ env, args: ['--read-only'] });
  await tryPattern();
  screen.key('right', 'enter');
  await screen.until('go env -w is refused: --read-only');
  expect(await value()).toBe('');
  // What is written: no password, and nothing that another setting has.
  expect(readFileSync(join(lab.folder, 'goenv'), 'utf8').trim()).toBe('');

  async function tryPattern(): Promise<void> {
    await screen.until('4 proxy chain');
    screen.type('4W');
    await screen.until(/GONOPROXY +\(GOPRIVATE\)/);
    screen.key('down', 'down', 'enter');
    screen.type('corp.example/*\r');
    screen.type('A');
    await screen.until('Write these settings');
  }
}, 90_000);

test('go mod download under us: each request with its hop, its answer, its size, and what fell through', async () => {
  const env = {
    GOPROXY: `${lab.empty.url},${lab.http.url}`,
    GOMODCACHE: join(lab.folder, 'fresh'),
  };
  screen = lab.open({ env, args: ['--', 'go', 'mod', 'download'], cols: 120, rows: 40 });
  await screen.until(/0:\d\d +ok\b/, { timeoutMs: 60_000 });
  screen.type('4');
  // Both zips, go.mods and infos were asked for at the first hop, which has none.
  await screen.until(/hop 1 +\d+ asked +\d+ next/);
  await screen.until(/hop 2 +\d+ asked/);
  await screen.until(/slowest/);
  screen.key('enter');
  await screen.until(/clockwork@v0\.3\.1 +\.zip +.*127\.0\.0\.1:\d+ +200 +862 B/);
  await screen.until(/clockwork@v0\.3\.1 +\.zip +.*127\.0\.0\.1:\d+ +404/);
  screen.type('/clockwork');
  screen.key('enter');
  await screen.until(/\/clockwork +6 of 12/);
  screen.key('enter');
  await screen.until('route of example.org/clockwork@v0.3.1');
  await screen.until('asked by this build');
  screen.type('q');
  await screen.exited;
  expect(screen.scrollback()).toMatch(/127\.0\.0\.1:\d+ +\d+ requests .* went on to the next/);
}, 120_000);

test('r asks every hop at once: what answers is there at once, esc stops what does not', async () => {
  const env = { GOPROXY: `${lab.empty.url},${lab.silent},${lab.http.url},http://127.0.0.1:1` };
  screen = lab.open({ env, cols: 40, rows: 12 });
  await screen.until(/4 proxy/);
  screen.type('4');
  await screen.until(/404, 410: next/);
  screen.type('r');
  await screen.until(/1 .* ok +[\d.]+ m?s/);
  await screen.until(/2 .* asking/);
  await screen.until(/3 .* ok/);
  await screen.until(/x .* refused/);
  screen.key('escape');
  await screen.until(/2 .* stopped/);
  // Asked again, it is waited for no longer than the time for all of them together.
  const before = Date.now();
  screen.resize(80, 24);
  screen.type('r');
  await screen.until(/x .* timeout/, { timeoutMs: 20_000 });
  expect(Date.now() - before).toBeLessThan(10_000);
}, 60_000);

test('what others download shows as it comes, also from a file:// proxy, which prints no lines', async () => {
  const env = { GOPROXY: `${lab.http.url},direct`, GOMODCACHE: join(lab.folder, 'others') };
  screen = lab.open({ env, cols: 120, rows: 40 });
  await screen.until(/downloads of others +none seen/, { timeoutMs: 20_000 });
  const proxy = `file://${join(import.meta.dirname, '..', '..', 'sample', 'proxy')}`;
  expect(await lab.go({ ...env, GOPROXY: proxy }, 'mod', 'download')).toBe('');
  await screen.until(/downloads of others +6 files, 2\.3 KiB/, { timeoutMs: 20_000 });
  await screen.until(/\+ .*clockwork@v0\.3\.1 \.zip +862 B/);
  await screen.until(/the hop and the\s/);
}, 60_000);
