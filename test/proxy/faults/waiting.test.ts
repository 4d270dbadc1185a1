import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { ask } from '../../../source/proxy/ask/run.ts';
import { openGoPlace } from './go-download.ts';
import { type Listening, serveHttp, serveRaw } from './servers.ts';

const place = openGoPlace();
const open: (() => void)[] = [];
afterAll(() => {
  for (const close of open) close();
  place.close();
});

const timeoutMs = 300;
const context = { environment: place.environment, timeoutMs, maxBytes: 1 << 20 };

async function keep(listening: Promise<Listening>): Promise<number> {
  const { port, close } = await listening;
  open.push(close);
  return port;
}

/** openDeafPort listens and never takes a connection: its process is stopped, and its queue is full. */
async function openDeafPort(): Promise<number> {
  const script =
    "const s=require('node:net').createServer().listen(0,'127.0.0.1',1,()=>console.log(s.address().port))";
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (text) => resolve(Number(text))),
  );
  child.kill('SIGSTOP');
  const waiting: Socket[] = [];
  open.push(() => {
    child.kill('SIGKILL');
    for (const socket of waiting) socket.destroy();
  });
  // Those that fit into the queue connect; the first that does not is what a blocked address looks like.
  for (let isDeaf = false; !isDeaf; ) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    waiting.push(socket);
    isDeaf = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(false));
      setTimeout(() => resolve(socket.connecting), 300);
    });
  }
  return port;
}

const slowly = (text: string) => (socket: Socket) =>
  void socket.once('data', () => {
    socket.write(text);
    const timer = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(timer));
  });

describe('when the time is over, what was waited for is told', () => {
  test.each([
    ['a port that takes no connection', 'http', openDeafPort, /did not take the connection within 0\.3 s/],
    [
      'a TLS handshake that does not go on',
      'https',
      () => keep(serveRaw(() => {})),
      /did not finish the TLS handshake/,
    ],
    ['an answer that does not come', 'http', () => keep(serveRaw(() => {})), /did not answer within/],
    [
      'headers that do not end',
      'http',
      () => keep(serveRaw(slowly('HTTP/1.1 200 OK\r\n'))),
      /did not answer within/,
    ],
    [
      'a body that drips',
      'http',
      () => keep(serveRaw(slowly('HTTP/1.1 200 OK\r\n\r\n'))),
      /answers too slowly: \d+ bytes came/,
    ],
  ] as const)('%s', async (_, scheme, listen, detail) => {
    const port = await listen();
    const answer = await ask(`${scheme}://127.0.0.1:${port}/`, context);
    expect(answer).toMatchObject({
      kind: 'failed',
      fault: { code: 'timeout', detail: expect.stringMatching(detail) },
    });
    expect(answer.durationMs).toBeLessThan(timeoutMs + 1000);
  });

  test('a helper of GOAUTH that does not end', async () => {
    const environment = { ...place.environment, GOAUTH: 'sleep 60' };
    const answer = await ask('https://127.0.0.1:1/', { ...context, environment });
    expect(answer).toMatchObject({
      kind: 'failed',
      fault: { code: 'timeout', detail: expect.stringMatching(/GOAUTH/) },
    });
  });

  test('go itself gives a TLS handshake up after 10 s, in the words that are told', async () => {
    const port = await keep(serveRaw(() => {}));
    const proxy = `https://127.0.0.1:${port}`;
    const [answer, { isFine, stderr }] = await Promise.all([
      ask(`${proxy}/`, context),
      place.download({ GOPROXY: proxy }),
    ]);
    expect(isFine).toBe(false);
    expect(stderr).toContain(answer.kind === 'failed' ? answer.fault.goSays : 'answered');
  });
});

test('a request that nobody wants any more ends at once, with the reason', async () => {
  const port = await keep(serveRaw(() => {}));
  const stop = new AbortController();
  const asking = ask(`http://127.0.0.1:${port}/`, { ...context, timeoutMs: 60_000, signal: stop.signal });
  stop.abort(new Error('closed'));
  await expect(asking).rejects.toThrow('closed');
});

test('a body is read as far as is wanted, and no further', async () => {
  const port = await keep(serveHttp((_, response) => response.end('x'.repeat(1000))));
  const part = await ask(`http://127.0.0.1:${port}/`, { ...context, maxBytes: 10 });
  expect(part).toMatchObject({ kind: 'answered', isCut: true, body: Buffer.from('x'.repeat(10)) });
  const whole = await ask(`http://127.0.0.1:${port}/`, { ...context, maxBytes: 1000 });
  expect(whole).toMatchObject({ kind: 'answered', isCut: false });
  const head = await ask(`http://127.0.0.1:${port}/`, { ...context, method: 'HEAD' });
  expect(head).toMatchObject({ kind: 'answered', status: 200, body: Buffer.alloc(0) });
});

test('GOINSECURE lets a host without a scheme be asked by plain HTTP, and no other', async () => {
  const port = await keep(serveHttp((_, response) => response.end('hello')));
  const url = `//127.0.0.1:${port}/m?go-get=1`;
  expect(await ask(url, { ...context, isInsecure: true })).toMatchObject({ kind: 'answered', status: 200 });
  expect(await ask(url, context)).toMatchObject({ kind: 'failed', fault: { code: 'tls-plain-http' } });
  expect(await ask(`https:${url}`, { ...context, isInsecure: true })).toMatchObject({ kind: 'failed' });
});
