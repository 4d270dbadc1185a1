import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../random.ts';
import { openCertificateOffice } from './certificates.ts';
import type { Asked } from './fuzz-child.ts';
import { type Listening, serveHttps, serveRaw, serveTls } from './servers.ts';

const timeoutMs = 500;
// One more for the turn of a busy machine.
const mostMs = timeoutMs + 1000;
const mostBytes = 64 << 20;

const office = openCertificateOffice();
const leaf = office.certify({ subject: '/CN=Lab', names: 'IP:127.0.0.1', isAuthority: true });
office.close();
const tls = { cert: leaf.certificate, key: leaf.key };

const listening: Listening[] = [];
afterAll(() => {
  for (const each of listening) each.close();
});

/** Server is a way to misbehave once the client has said something. */
type Server = { readonly name: string; readonly act: (socket: Socket) => void };

/** endless writes a piece again and again, as fast as it is read. */
const endless =
  (start: string, piece: string | Buffer) =>
  (socket: Socket): void => {
    const bytes = Buffer.from(piece);
    const block = Buffer.alloc(Math.ceil((1 << 16) / bytes.length) * bytes.length, bytes);
    const write = (): void => {
      while (socket.writable && socket.write(block)) {}
    };
    socket.on('drain', write).write(start);
    write();
  };

/** drip writes a text byte by byte and never ends. */
const drip =
  (text: string) =>
  (socket: Socket): void => {
    let index = 0;
    const timer = setInterval(() => {
      if (socket.writable) socket.write(text[index % text.length] ?? '');
      index += 1;
    }, 20);
    socket.on('close', () => clearInterval(timer));
  };

const ok = 'HTTP/1.1 200 OK\r\n';
const bomb = gzipSync(Buffer.alloc(64 << 20));

const servers: readonly Server[] = [
  { name: 'says nothing', act: () => {} },
  { name: 'a first line without an end', act: endless('', 'x') },
  { name: 'a status without an end', act: endless('HTTP/1.1 200 ', 'x') },
  { name: 'one header without an end', act: endless(`${ok}X: `, 'y') },
  { name: 'the name of a header without an end', act: endless(ok, 'y') },
  { name: 'headers without an end', act: endless(ok, 'X: y\r\n') },
  { name: 'lines that go on without an end', act: endless(`${ok}X: y\r\n`, ' z\r\n') },
  { name: 'other headers without an end', act: manyHeaders },
  { name: 'answers before the answer without an end', act: endless('', 'HTTP/1.1 100 Continue\r\n\r\n') },
  { name: 'a body without an end', act: endless(`${ok}\r\n`, 'x') },
  { name: 'a body of a petabyte', act: endless(`${ok}Content-Length: 1125899906842624\r\n\r\n`, 'x') },
  {
    name: 'a length beyond all numbers',
    act: endless(`${ok}Content-Length: ${'9'.repeat(400)}\r\n\r\n`, 'x'),
  },
  {
    name: 'small chunks without an end',
    act: endless(`${ok}Transfer-Encoding: chunked\r\n\r\n`, '1\r\nx\r\n'),
  },
  {
    name: 'a chunk of an exabyte',
    act: endless(`${ok}Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n`, 'x'),
  },
  { name: 'a line of a chunk without an end', act: endless(`${ok}Transfer-Encoding: chunked\r\n\r\n`, '0') },
  {
    name: 'trailers without an end',
    act: endless(`${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n`, 'X: y\r\n'),
  },
  { name: 'a long row of spaces', act: (socket) => socket.end(`${ok}X: ${' '.repeat(900_000)}y\r\n\r\n`) },
  ...['&', '\\', '&amp;', 'user:', '"', '<title', '%25'].map((sign): Server => {
    const row = sign.repeat(900_000 / sign.length);
    return {
      name: `a long row of ${sign}`,
      act: (socket) =>
        socket.end(`HTTP/1.1 403 ${row.slice(0, 50_000)}\r\nX: ${row.slice(0, 800_000)}\r\n\r\n${row}`),
    };
  }),
  { name: 'a zip bomb', act: endless(`${ok}Content-Encoding: gzip\r\n\r\n`, bomb) },
  { name: 'a redirect to ever longer URLs', act: longerRedirect },
  { name: 'a slow first line', act: drip('HTTP/1.1 200 OK') },
  { name: 'slow headers', act: drip(`${ok}X: y\r\nX: y\r\nX: y\r\n`) },
  {
    name: 'a slow body',
    act: (socket) => {
      socket.write(`${ok}\r\n`);
      drip('x')(socket);
    },
  },
  {
    name: 'a page of 20 MiB for an error',
    act: endless('HTTP/1.1 500 No\r\nContent-Type: text/plain\r\nContent-Length: 20971520\r\n\r\n', 'x'),
  },
  {
    name: 'bytes of TLS',
    act: endless('', Buffer.from([22, 3, 3, 64, 0, ...Array<number>(0x4000).fill(1)])),
  },
  {
    name: 'a handshake message without an end',
    act: endless('', Buffer.from([22, 3, 3, 0, 4, 11, 255, 255, 255])),
  },
];

function manyHeaders(socket: Socket): void {
  let count = 0;
  const write = (): void => {
    let isOpen = socket.writable;
    while (isOpen) {
      const block = Array.from({ length: 1000 }, () => `X-${(count++).toString(36)}: y\r\n`).join('');
      isOpen = socket.write(block) && socket.writable;
    }
  };
  socket.on('drain', write).write(ok);
  write();
}

function longerRedirect(socket: Socket): void {
  socket.end(`HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /${'x'.repeat(1 << 20)}\r\n\r\n`);
}

describe('a request ends in time and in little memory', () => {
  test.each(['http', 'https'])('whatever a server does that is asked by %s', async (scheme) => {
    const urls = await Promise.all(
      servers.map(({ act }) => open(act).then((port) => `${scheme}://127.0.0.1:${port}/`)),
    );
    holdBounds(
      await askInChild(urls),
      servers.map(({ name }) => name),
    );
  });

  test('whatever a server does after TLS', async () => {
    const urls = await Promise.all(
      servers.map(async ({ act }) => {
        const server = await serveTls(tls, (socket) => socket.once('data', () => act(socket)));
        listening.push(server);
        return `https://127.0.0.1:${server.port}/`;
      }),
    );
    const asked = await askInChild(urls, { certificate: leaf.certificate });
    holdBounds(
      asked,
      servers.map(({ name }) => name),
    );
    // The certificate is trusted, or nothing would be told about what comes behind it.
    expect(asked.filter(({ came }) => came.startsWith('tls-')).length).toBe(0);
  });

  test('whatever random bytes a server sends', async () => {
    const random = createRandom(20_261_125);
    const valid = `${ok}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n{"Version":"v1.0.0","x":1}\r\n0\r\n\r\n`;
    const texts = Array.from({ length: 150 }, (_, index) =>
      index % 3 === 0 ? randomBytes(random, 1 + random(400)) : mutate(Buffer.from(valid), random),
    );
    const urls = await Promise.all(
      texts.map(async (bytes, index) => {
        const port = await open((socket) => socket.end(bytes));
        return `${index % 2 === 0 ? 'http' : 'https'}://127.0.0.1:${port}/`;
      }),
    );
    holdBounds(
      await askInChild(urls),
      texts.map((bytes) => bytes.toString('latin1')),
    );
  });

  test('whatever becomes of a TLS handshake on its way', async () => {
    const server = await serveHttps(tls, (_, response) => response.end('{"Version":"v1.0.0"}'));
    listening.push(server);
    const random = createRandom(7);
    const urls = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const between = await serveRaw((socket) => {
          const onward = connect(server.port, '127.0.0.1');
          socket.on('data', (chunk) => onward.write(chunk)).on('close', () => onward.destroy());
          onward.on('data', (chunk) => socket.write(random(2) === 0 ? mutate(chunk, random) : chunk));
          onward.on('error', () => socket.destroy()).on('end', () => socket.end());
        });
        listening.push(between);
        return `https://127.0.0.1:${between.port}/`;
      }),
    );
    holdBounds(await askInChild(urls), urls);
  });

  test('whatever a proxy of the network does', async () => {
    const urls = servers.map((_, index) => `https://module${index}.example/`);
    const ports = await Promise.all(servers.map(({ act }) => open(act)));
    const proxies = ports.map((port, index) => `${index % 2 === 0 ? 'http' : 'socks5'}://127.0.0.1:${port}`);
    const asked = await askInChild(urls, { proxies });
    holdBounds(
      asked,
      servers.map(({ name }) => name),
    );
  });
});

function holdBounds(asked: readonly Asked[], names: readonly string[]): void {
  expect(asked.length).toBe(names.length);
  for (const [index, { came, durationMs, grownBytes }] of asked.entries()) {
    const what = `${names[index]}: ${came}`;
    expect(durationMs, what).toBeLessThan(mostMs);
    expect(grownBytes, what).toBeLessThan(mostBytes);
  }
}

async function open(act: (socket: Socket) => void): Promise<number> {
  const server = await serveRaw((socket) => socket.once('data', () => act(socket)));
  listening.push(server);
  return server.port;
}

/** askInChild asks one after the other in a process of its own, so that its memory tells of nothing else. */
function askInChild(
  urls: readonly string[],
  { certificate, proxies }: { readonly certificate?: string; readonly proxies?: readonly string[] } = {},
): Promise<readonly Asked[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-fuzz-'));
  const environment = {
    HOME: folder,
    ...(certificate === undefined ? {} : { SSL_CERT_FILE: join(folder, 'root.pem') }),
  };
  if (certificate !== undefined) writeFileSync(join(folder, 'root.pem'), certificate);
  const settings = { timeoutMs, maxBytes: 1 << 20, environment, proxies };
  return new Promise<readonly Asked[]>((done, fail) => {
    execFile(
      process.execPath,
      [resolve(import.meta.dirname, 'fuzz-child.ts'), JSON.stringify(settings), ...urls],
      { maxBuffer: 1 << 26, timeout: 80_000 },
      (error, stdout, stderr) => {
        if (error !== null) fail(new Error(`${error.message}\n${stderr}`));
        else
          done(
            stdout
              .trim()
              .split('\n')
              .map((line): Asked => JSON.parse(line)),
          );
      },
    );
  }).finally(() => rmSync(folder, { recursive: true }));
}

function randomBytes(random: (below: number) => number, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random(256)));
}

/** mutate changes, cuts or doubles a few bytes. */
function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  for (let left = 1 + random(4); left > 0; left -= 1) {
    const at = random(changed.length + 1);
    const kind = random(4);
    if (kind === 0) changed = changed.subarray(0, at);
    else if (kind === 1)
      changed = Buffer.concat([
        changed.subarray(0, at),
        randomBytes(random, 1 + random(8)),
        changed.subarray(at),
      ]);
    else if (kind === 2) changed = Buffer.concat([changed, changed.subarray(at)]);
    else if (at < changed.length) changed[at] = random(256);
  }
  return changed;
}
