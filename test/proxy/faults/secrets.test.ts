import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../../source/go/settings.ts';
import type { Answer } from '../../../source/proxy/ask/answer.ts';
import { type AskContext, ask } from '../../../source/proxy/ask/run.ts';
import { checkContent } from '../../../source/proxy/fault/content.ts';
import { statusFault } from '../../../source/proxy/fault/status.ts';
import { openCertificateOffice } from './certificates.ts';
import { openGoPlace } from './go-download.ts';
import { openHttpProxy, openSocksProxy } from './http-proxies.ts';
import { closedPort, makeRows } from './rows.ts';
import { type Listening, serveHttps, serveRaw, serveTls } from './servers.ts';

const place = openGoPlace();
afterAll(() => place.close());

/** planted are secrets with signs in them that a careless text would escape. */
const planted = {
  url: 'Pl4nted/url"&<é>secret',
  netrc: 'Pl4nted-netrc-"secret&',
  token: 'Pl4nted.t0ken+of/a=helper',
  extra: 'Pl4nted-header-of-a-helper',
  proxy: 'Pl4nted:proxy@secret',
  cookie: 'Pl4nted-cookie-of-the-server',
  redirect: 'Pl4nted-password-of-a-redirect',
};

/** tellsSecret finds a secret in any form that could be read back. */
function tellsSecret(text: string): string | undefined {
  const forms = Object.values(planted).flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('latin1'),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`gopher:${secret}`).toString('base64'),
    Buffer.from(`gopher:${secret}`).toString('base64').slice(0, 24),
  ]);
  // The mark of all of them, for a part of one.
  const marks = ['Pl4nted', Buffer.from('gopher:Pl4').toString('base64').slice(0, 12)];
  return [...forms, ...marks].find((form) => text.includes(form));
}

/** everything is all that others can show of an answer, and all that is judged from it. */
function everything(answer: Answer): string {
  const faults = [
    statusFault(answer),
    ...(['list', 'latest', 'info', 'mod', 'zip'] as const).map((kind) =>
      checkContent(answer, { kind, version: 'v1.0.0', modulePath: 'example.com/m' }),
    ),
  ];
  const shown =
    answer.kind === 'answered' ? { headers: [...answer.headers], body: answer.body.toString('latin1') } : {};
  const texts = faults.flatMap((fault) =>
    fault === undefined ? [] : [fault.detail, fault.goSays ?? '', ...fault.repair],
  );
  // As JSON, and as it is: a sign that JSON escapes must not hide a secret from this test.
  const plain =
    answer.kind === 'answered' ? [answer.statusText, ...[...answer.headers].flat(), shown.body ?? ''] : [];
  return [JSON.stringify({ ...answer, ...shown, faults }), answer.shownUrl, ...texts, ...plain].join('\n');
}

async function expectSilence(url: string, context: Partial<AskContext>): Promise<Answer> {
  const answer = await ask(url, {
    environment: place.environment,
    timeoutMs: 2000,
    maxBytes: 1 << 16,
    ...context,
  });
  const text = everything(answer);
  expect(tellsSecret(text), text.slice(0, 2000)).toBeUndefined();
  return answer;
}

const { root, rows } = makeRows();
const trust = { SSL_CERT_FILE: join(place.folder, 'root.pem'), SSL_CERT_DIR: join(place.folder, 'empty') };
writeFileSync(trust.SSL_CERT_FILE, root.certificate);
mkdirSync(trust.SSL_CERT_DIR);
const userinfo = `gopher:${encodeURIComponent(planted.url)}@`;

const netrc = join(place.folder, 'netrc');
const helper = join(place.folder, 'helper');
const asked = join(place.folder, 'asked-by-helper');
writeFileSync(
  netrc,
  `machine localhost login gopher password ${planted.netrc}\nmachine 127.0.0.1 login gopher password ${planted.netrc}\n`,
);

/** withSecrets are settings full of secrets for a server. */
function withSecrets(at: string): Environment {
  const lines = [
    '#!/bin/sh',
    `echo "$*" >> ${asked}`,
    `printf 'https://${at}\\n\\nAuthorization: Bearer ${planted.token}\\nX-Extra: ${planted.extra}\\n\\n'`,
  ];
  writeFileSync(helper, `${lines.join('\n')}\n`);
  chmodSync(helper, 0o755);
  return { ...place.environment, ...trust, NETRC: netrc, GOAUTH: `${helper}; netrc` };
}

describe('nothing that is told of a request holds a secret', () => {
  test.each(rows)('$name', async ({ open, scheme = 'https', host = '127.0.0.1' }) => {
    const server = await open();
    try {
      const path = `${host}:${server.port}/example.com/m/@v/v1.0.0.info`;
      const environment = withSecrets(`${host}:${server.port}`);
      await expectSilence(`${scheme}://${path}`, { environment });
      // By http a password in the URL goes out under GOINSECURE only.
      await expectSilence(`${scheme}://${userinfo}${path}`, { environment, isInsecure: scheme === 'http' });
      await expectSilence(`${scheme}://${userinfo}${path}`, { environment });
    } finally {
      server.close();
    }
  });
});

const office = openCertificateOffice();
const leaf = office.certify({ subject: '/CN=Lab', names: 'IP:127.0.0.1,DNS:go.example', isAuthority: true });
office.close();
const tls = { cert: leaf.certificate, key: leaf.key };
const echoTrust = { SSL_CERT_FILE: join(place.folder, 'echo.pem'), SSL_CERT_DIR: trust.SSL_CERT_DIR };
writeFileSync(echoTrust.SSL_CERT_FILE, leaf.certificate);

type Echo = (said: {
  readonly all: string;
  readonly decoded: string;
}) => readonly [status: number, headers: Readonly<Record<string, string>>, body: string];

const header = (text: string) =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, ' ');
const echoes: Readonly<Record<string, Echo>> = {
  'plain text': ({ all, decoded }) => [401, { 'content-type': 'text/plain' }, `who is ${decoded}? ${all}`],
  'a title of HTML': ({ all, decoded }) => [
    403,
    { 'content-type': 'text/html' },
    `<html><title>${decoded} ${all}</title>`,
  ],
  'escaped HTML': ({ decoded }) => [
    403,
    { 'content-type': 'text/html' },
    `<html><title>${decoded.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</title>`,
  ],
  'JSON of an error': ({ all, decoded }) => [
    500,
    { 'content-type': 'application/json' },
    JSON.stringify({ all, decoded }),
  ],
  headers: ({ all, decoded }) => [
    200,
    { 'x-echo': header(all), 'www-authenticate': header(`Basic realm="${decoded}"`) },
    '{}',
  ],
  'a page instead of JSON': ({ all, decoded }) => [
    200,
    { 'content-type': 'text/html' },
    `<html><title>${all} ${decoded}</title>${decoded}`,
  ],
  'the version': ({ decoded }) => [200, {}, JSON.stringify({ Version: decoded })],
  'a go.mod': ({ decoded }) => [200, {}, `module ${decoded}\n`],
  'a cookie': () => [404, { 'set-cookie': `session=${planted.cookie}; Path=/` }, ''],
  'a body that is cut within a secret': ({ decoded }) => [
    403,
    { 'content-type': 'text/plain' },
    `${'x'.repeat((1 << 16) - 12)}${decoded}`,
  ],
  'a redirect with a password': () => [
    302,
    { location: `https://gopher:${planted.redirect}@127.0.0.1:1/` },
    '',
  ],
  'a redirect with the same password': ({ all }) => [
    302,
    { location: `/?${encodeURIComponent(all).slice(0, 4000)}` },
    '',
  ],
  'a redirect to http': ({ decoded }) => [
    302,
    { location: `http://127.0.0.1:1/${encodeURIComponent(decoded)}` },
    '',
  ],
};

describe('a server that gives back what it was told', () => {
  test.each(Object.entries(echoes))('as %s', async (_, echo) => {
    const listener: RequestListener = (request, response) => {
      const all = request.rawHeaders.join(' ');
      const token = (request.headers.authorization ?? '').replace(/^\w+ /, '');
      const decoded = `${token} ${Buffer.from(token, 'base64')}`;
      const [status, headers, body] = echo({ all, decoded });
      response.writeHead(status, headers).end(body);
    };
    await askEveryWay(await serveHttps(tls, listener));
  });

  test.each([
    ['instead of HTTP', (said: string) => said],
    ['as the status', (said: string) => `HTTP/1.1 403 ${said}\r\n\r\n`],
    ['as the number of the status', (said: string) => `HTTP/1.1 ${said.replaceAll(' ', '')} x\r\n\r\n`],
    [
      'as a header without a colon',
      (said: string) => `HTTP/1.1 200 OK\r\n${said.replaceAll(':', '')}\r\n\r\n`,
    ],
    ['far into a line', (said: string) => `${'y'.repeat(100)} ${said}\r\n`],
  ])('%s', async (_, answer) => {
    await askEveryWay(
      await serveTls(tls, (socket) =>
        socket.once('data', (chunk: Buffer) => {
          const text = chunk.toString('latin1');
          const token = /^Authorization: \w+ (.*)$/m.exec(text)?.[1]?.trim() ?? '';
          socket.end(
            Buffer.from(
              answer(`${token} ${Buffer.from(token, 'base64').toString('latin1')}`.replace(/[\r\n]/g, ' ')),
              'latin1',
            ),
          );
        }),
      ),
    );
  });

  async function askEveryWay(server: Listening): Promise<void> {
    try {
      const at = `127.0.0.1:${server.port}`;
      const environment = { ...withSecrets(at), ...echoTrust };
      const answers = [
        await expectSilence(`https://${at}/m`, { environment }),
        await expectSilence(`https://${at}/m`, { environment: { ...environment, GOAUTH: 'netrc' } }),
        await expectSilence(`https://${userinfo}${at}/m`, { environment }),
      ];
      // A server that nobody reached would tell nothing either way.
      for (const answer of answers) expect(answer.certificates).toHaveLength(1);
    } finally {
      server.close();
    }
  }
});

describe('a proxy of the network', () => {
  const login = `gopher:${planted.proxy}`;
  const at = (port: number, scheme = 'http') =>
    `${scheme}://gopher:${encodeURIComponent(planted.proxy)}@127.0.0.1:${port}`;

  test.each([
    ['that lets in', () => openHttpProxy(login), 'http'],
    ['that does not', () => openHttpProxy('somebody:else'), 'http'],
    ['by SOCKS', () => openSocksProxy(login), 'socks5'],
    ['by SOCKS that does not let in', () => openSocksProxy('somebody:else'), 'socks5'],
    ['that is not there', closedPort, 'http'],
    [
      'that says what it was told',
      () =>
        serveRaw((socket) =>
          socket.once('data', (chunk: Buffer) => {
            const token = /Basic (\S+)/.exec(chunk.toString())?.[1] ?? '';
            socket.end(`HTTP/1.1 407 ${Buffer.from(token, 'base64')} ${token}\r\n\r\n`);
          }),
        ),
      'http',
    ],
    [
      'that says it instead of HTTP',
      () =>
        serveRaw((socket) =>
          socket.once('data', (chunk: Buffer) => {
            const token = /Basic (\S+)/.exec(chunk.toString())?.[1] ?? '';
            socket.end(`${Buffer.from(token, 'base64')}\r\n\r\n`);
          }),
        ),
      'http',
    ],
    ['that says nothing', () => serveRaw(() => {}), 'http'],
  ] as const)('%s', async (_, open, scheme) => {
    const proxy = await open();
    const environment = {
      ...place.environment,
      HTTPS_PROXY: at(proxy.port, scheme),
      HTTP_PROXY: at(proxy.port, scheme),
    };
    try {
      await expectSilence('https://go.example/m', { environment, timeoutMs: 500 });
      await expectSilence('http://go.example/m', { environment, timeoutMs: 500 });
    } finally {
      proxy.close();
    }
  });
});

test('helpers see no password in their arguments: those stand in the list of processes', () => {
  const text = readFileSync(asked, 'utf8');
  expect(text).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/m$/m);
  expect(tellsSecret(text)).toBeUndefined();
});

test('a GOAUTH that cannot be is told without what it holds', async () => {
  for (const GOAUTH of [
    `off; helper ${planted.token}`,
    `helper ${planted.token};;`,
    `git ./${planted.token}`,
    `'${planted.token}`,
  ])
    await expectSilence('https://127.0.0.1:1/m', { environment: { ...place.environment, GOAUTH } });
});
