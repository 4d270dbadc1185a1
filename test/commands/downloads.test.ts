import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program } from '../journeys/dock.ts';
import { openProxyLab, type ProxyLab, secret } from '../journeys/proxy-lab.ts';

let lab: ProxyLab;

beforeAll(async () => {
  lab = await openProxyLab();
}, 60_000);

afterAll(() => lab?.close());

type Report = {
  readonly downloads: readonly Readonly<Record<string, unknown>>[];
  readonly hops: readonly Readonly<Record<string, unknown>>[];
  readonly modules: unknown;
};

/** report runs `report ... -- go mod download` into an empty GOMODCACHE, and gives its stdout and stderr. */
function report(
  name: string,
  goproxy: string,
  ...flags: readonly string[]
): Promise<readonly [string, string]> {
  const env = { ...process.env, ...lab.env, GOPROXY: goproxy, GOMODCACHE: join(lab.folder, name) };
  const defined = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  const words = [program[1], 'report', ...flags, '--', 'go', 'mod', 'download'];
  return new Promise((resolve) => {
    execFile(program[0], words, { cwd: lab.module, env: defined }, (_error, stdout, stderr) =>
      resolve([stdout, stderr]),
    );
  });
}

test('the report tells each request with its hop, its answer and its size, and the sums of each hop', async () => {
  const [stdout, stderr] = await report('json', `${lab.empty.url},${lab.http.url}`, '--json');
  expect((stdout + stderr).includes(secret)).toBe(false);
  const { downloads, hops, modules } = JSON.parse(stdout) as Report;
  const zips = downloads.filter(({ file, module }) => file === 'zip' && module === 'example.org/clockwork');
  expect(zips).toMatchObject([
    { hop: `https://user:xxxxx@127.0.0.1:${lab.empty.port}`, status: '404 Not Found', bytes: null },
    { hop: lab.http.url, status: '200 OK', bytes: 862, version: 'v0.3.1', seenAs: 'line', by: 'command' },
  ]);
  expect(hops).toMatchObject([
    { requests: 6, served: 0, fallThroughs: 6, failures: 0, retries: 0, bytes: null },
    { requests: 6, served: 6, fallThroughs: 0, failures: 0, bytes: 2397, entry: lab.http.url },
  ]);
  // go mod download names no packages: which modules a build needs is not known.
  expect(modules).toBeNull();
}, 60_000);

test('what a file:// proxy gave is known by its files: no times, and its refusals are not seen', async () => {
  const proxy = `file://${join(import.meta.dirname, '..', '..', 'sample', 'proxy')}`;
  const [stdout] = await report('file', proxy, '--json');
  const { downloads, hops } = JSON.parse(stdout) as Report;
  expect(downloads.length).toBe(6);
  expect(
    downloads.every(({ seenAs, durationMs, status }) => seenAs === 'file' && !durationMs && !status),
  ).toBe(true);
  expect(hops).toMatchObject([{ entry: proxy, requests: 0, files: 6, durationMs: null, bytes: 2397 }]);
}, 60_000);

test('the summary in words has a line for each hop', async () => {
  const [, stderr] = await report('text', `${lab.empty.url},${lab.http.url}`);
  expect(stderr.includes(secret)).toBe(false);
  expect(stderr).toMatch(
    /https:\/\/user:xxxxx@127\.0\.0\.1:\d+ +6 requests +0 served +6 went on to the next/,
  );
  expect(stderr).toMatch(/http:\/\/127\.0\.0\.1:\d+ +6 requests +2\.3 KiB/);
}, 60_000);
