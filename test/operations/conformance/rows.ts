import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleDirectory } from '../../../scripts/sample-environment.ts';
import { makeZip } from '../../checksums/zip-writer.ts';
import type { Change, Reply } from './server.ts';
import { clockwork } from './world.ts';

export const at =
  (end: string, how: (reply: Reply, method: string) => void): Change =>
  (path, reply, method) => {
    if (path.endsWith(end) && reply.status === 200) how(reply, method);
  };
const missing = (how: (reply: Reply) => void): Change => {
  return (path, reply) => {
    if (reply.status === 404 && path.includes('gocachetop')) how(reply);
  };
};
export const answer =
  (status: number, type: string, body: string | Buffer) =>
  (reply: Reply): void => {
    reply.status = status;
    reply.headers = { 'content-type': type };
    reply.body = Buffer.from(body);
  };
const html = (status: number) => answer(status, 'text/html', '<!doctype html>\n<title>Welcome</title>\n');

/** brokenServers are servers of which one thing is broken, and the checks that fail then. */
export const brokenServers: readonly (readonly [what: string, change: Change, failing: readonly string[]])[] =
  [
    ['no list', at('/list', answer(404, 'text/plain', 'no')), ['list', 'list-complete']],
    ['HTML as the list', at('clockwork/@v/list', html(200)), ['list', 'list-complete', 'types']],
    ['an empty list', at('/list', (reply) => (reply.body = Buffer.alloc(0))), ['list-complete']],
    [
      'other lines in the list',
      at('clockwork/@v/list', (reply) => (reply.body = Buffer.from('hello\nv0.3.1\n\n  v1.2.3.4\n'))),
      [],
    ],
    ['HTML as .info', at('.info', (reply) => (reply.body = Buffer.from('<html>'))), ['info', 'escaped']],
    [
      '.info of another version',
      at('v0.3.1.info', (reply) => (reply.body = Buffer.from('{"Version":"v0.3.2"}'))),
      ['info', 'info-time'],
    ],
    [
      '.info without a Time',
      at('v0.3.1.info', (reply) => (reply.body = Buffer.from('{"Version":"v0.3.1"}'))),
      ['info-time'],
    ],
    [
      '.info with a Time that is none',
      at('v0.3.1.info', (reply) => (reply.body = Buffer.from('{"Version":"v0.3.1","Time":"today"}'))),
      ['info'],
    ],
    [
      '.mod of another module',
      at('v0.3.1.mod', (reply) => (reply.body = Buffer.from('module example.org/other\n'))),
      ['mod', 'zip-mod', 'sums'],
    ],
    [
      'another .mod of the same module',
      at('v0.3.1.mod', (reply) => (reply.body = Buffer.from('module example.org/clockwork\n'))),
      ['zip-mod', 'sums'],
    ],
    [
      'a zip with another prefix',
      at('v0.3.1.zip', (reply) => {
        reply.body = makeZip([{ name: 'clockwork-0.3.1/go.mod', content: 'module example.org/clockwork\n' }]);
      }),
      ['zip'],
    ],
    ['a zip cut short', at('v0.3.1.zip', (reply) => (reply.body = reply.body.subarray(0, 300))), ['zip']],
    [
      'a zip of something else',
      at('v0.3.1.zip', (reply) => {
        reply.body = makeZip([{ name: `${clockwork}/go.mod`, content: 'module example.org/clockwork\n' }]);
      }),
      ['zip-mod', 'sums'],
    ],
    ['HTML as the zip', at('v0.3.1.zip', html(200)), ['zip', 'range', 'cache-files', 'types']],
    [
      '200 and a page for all that it has not',
      (_, reply) => {
        if (reply.status === 404) html(200)(reply);
      },
      ['latest', 'unknown-module', 'unknown-version', 'unescaped', 'unknown-text'],
    ],
    ['500 for what it has not', missing(html(500)), ['unknown-module', 'unknown-version', 'unknown-text']],
    ['403 for what it has not', missing(html(403)), ['unknown-module', 'unknown-version', 'unknown-text']],
    ['410 for what it has not', missing((reply) => (reply.status = 410)), []],
    ['a page as 404', missing(html(404)), ['unknown-text']],
    [
      'capital letters not escaped',
      (path, reply) => {
        if (path === 'example.org/Quay/columns/@v/v1.2.0.info') answer(200, 'application/json', '{}')(reply);
        else if (path.includes('!quay')) answer(404, 'text/plain', 'no')(reply);
      },
      ['escaped', 'unescaped'],
    ],
    [
      'the same under plain capital letters',
      (path, reply) => {
        if (!path.includes('/Quay/')) return;
        const body = readFileSync(join(sampleDirectory, 'proxy', path.replace('Quay', '!quay')));
        Object.assign(reply, { status: 200, body });
      },
      [],
    ],
    [
      '@latest out of order',
      (path, reply) => {
        if (/^example.*@latest$/.test(path)) html(500)(reply);
      },
      ['latest'],
    ],
    [
      'another @latest',
      (path, reply) => {
        if (path.endsWith('clockwork/@latest'))
          answer(200, 'application/json', '{"Version":"v0.3.1"}')(reply);
      },
      [],
    ],
    [
      'a redirect to another place',
      (path, reply) => {
        if (!path.endsWith('clockwork/@v/v0.3.1.zip')) return;
        reply.status = 302;
        reply.headers.location = `/${path}?again`;
      },
      ['redirects'],
    ],
    ['no HEAD', (_, reply, method) => void (method === 'HEAD' && html(405)(reply)), ['head']],
    ['no Range', (_, reply) => void delete reply.headers['accept-ranges'], ['range']],
    [
      'nothing for caches',
      (_, reply) => {
        delete reply.headers.etag;
        delete reply.headers['cache-control'];
      },
      ['cache-files'],
    ],
    [
      'a list for ever',
      at('/list', (reply) => (reply.headers['cache-control'] = 'max-age=31536000')),
      ['cache-list'],
    ],
    [
      'one type for all',
      (_, reply) => {
        if (reply.status === 200) reply.headers['content-type'] = 'application/octet-stream';
      },
      ['types'],
    ],
    [
      'no toolchains',
      (path, reply) => {
        if (path.includes('toolchain')) answer(404, 'text/plain', 'no')(reply);
      },
      ['toolchain'],
    ],
    ['500 for supported', at('/supported', html(500)), ['sumdb-supported']],
    [
      'a checksum database with another signature',
      (path, reply) => {
        if (!/sumdb\/.*(?:latest|lookup)/.test(path)) return;
        reply.body = Buffer.from(String(reply.body).replace(/(— \S+ .{20})./, (_, start) => `${start}_`));
      },
      ['sumdb-proven'],
    ],
    [
      'a checksum database without tiles',
      (path, reply) => {
        if (path.includes('/tile/')) answer(404, 'text/plain', 'no')(reply);
      },
      ['sumdb-proven'],
    ],
  ];
