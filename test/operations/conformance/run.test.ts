import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { answer, at, brokenServers } from './rows.ts';
import { clockwork, failed, openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterEach(() => world.server.change(undefined));
afterAll(() => world?.close());

test('a good server passes all', async () => {
  const found = await world.check();
  expect(failed(found)).toEqual([]);
  expect(found.capital).toEqual({ path: 'example.org/Quay/columns', version: 'v1.2.0' });
  expect(found.checks.filter(({ outcome }) => outcome === 'skipped')).toEqual([]);
  expect(found.checks.find(({ id }) => id === 'sumdb-proven')).toMatchObject({ outcome: 'pass' });
});

test.each(brokenServers)('%s: the checks that it fails', async (_, change, expected) => {
  world.server.change(change);
  expect(failed(await world.check())).toEqual(expected);
});

test('a server that mirrors no checksum database', async () => {
  world.server.change(at('/supported', answer(404, 'text/plain', 'no')));
  const found = await world.check();
  expect(failed(found)).toEqual([]);
  expect(found.checks.at(-1)).toMatchObject({ id: 'sumdb-proven', outcome: 'skipped' });
});

test('a file:// tree: what headers say is skipped', async () => {
  const found = await world.check(clockwork, pathToFileURL(world.tree).href);
  expect(failed(found)).toEqual(['toolchain']);
  const skipped = found.checks.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id);
  expect(skipped).toEqual([
    'unknown-text',
    'head',
    'range',
    'cache-files',
    'cache-list',
    'types',
    'redirects',
    'sumdb-proven',
  ]);
});

test('without a word it takes a small module of go.mod that the server has', async () => {
  const found = await world.check('');
  expect(found.module.path).toMatch(/^example\.org\//);
  world.server.change((path, reply) => {
    if (path.includes('clockwork')) answer(404, 'text/plain', 'no')(reply);
  });
  expect((await world.check('')).module.path).toBe('example.org/Quay/columns');
  world.server.change((_, reply) => answer(404, 'text/plain', 'no')(reply));
  expect(await world.tryCheck('')).toMatchObject({ why: expect.stringContaining('none of the 2 modules') });
});

test('nobody listens there', async () => {
  expect(await world.tryCheck(clockwork, 'http://127.0.0.1:1')).toMatchObject({
    why: expect.stringContaining('nothing listens'),
    fault: { code: 'refused' },
  });
});

test('the name of a private module is not sent to a public server', async () => {
  const settings = { GOPRIVATE: 'example.org' };
  // Not even a name is looked up: nothing of this resolves, and the answer is there at once.
  expect(await world.tryCheck(clockwork, 'https://proxy.example.com', settings)).toMatchObject({
    why: expect.stringContaining('is private and the server is public'),
  });
  expect(await world.tryCheck('', 'https://proxy.example.com', settings)).toMatchObject({
    why: expect.stringContaining('all modules here are private'),
  });
  expect(await world.tryCheck(clockwork, world.server.url, settings)).toMatchObject({
    module: { path: 'example.org/clockwork' },
  });
});
