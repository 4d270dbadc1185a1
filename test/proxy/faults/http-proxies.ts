import { createServer as createHttpServer, type IncomingMessage, request as startRequest } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type Listening, listen } from './servers.ts';

/** Recorded is a proxy of the network on this machine: it leads every name to 127.0.0.1, and notes what it was asked. */
export type Recorded = Listening & { readonly asked: readonly string[] };

/** openHttpProxy speaks CONNECT and plain HTTP; with a login it lets only that in, and `refusal` is its status for all else. */
export async function openHttpProxy(login?: string, tls?: TlsOptions, refusal = 407): Promise<Recorded> {
  const asked: string[] = [];
  const isWelcome = (request: IncomingMessage): boolean => {
    const headers = request.rawHeaders.map((each, index) => (index % 2 === 0 ? `${each}:` : each)).join(' ');
    asked.push(`${request.method} ${request.url} ${headers}`);
    const expected = `Basic ${Buffer.from(login ?? '').toString('base64')}`;
    return login === undefined || request.headers['proxy-authorization'] === expected;
  };
  const http = createHttpServer((request, response) => {
    if (!isWelcome(request)) {
      response.writeHead(refusal).end();
      return;
    }
    const { port, pathname } = new URL(request.url ?? '');
    const onward = startRequest(
      { host: '127.0.0.1', port, path: pathname, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy()).end();
  });
  http.on('connect', (request, socket) => {
    if (!isWelcome(request)) {
      socket.end(
        `HTTP/1.1 ${refusal} ${refusal === 407 ? 'Proxy Authentication Required' : 'Forbidden by Corp'}\r\n\r\n`,
      );
      return;
    }
    const onward = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  const server =
    tls === undefined
      ? http
      : createTlsServer(tls, (socket) =>
          http.emit(
            'connection',
            socket.on('error', () => {}),
          ),
        );
  return { ...(await listen(server)), asked };
}

/** openSocksProxy speaks SOCKS 5, by name and address; with a login it lets only that in. */
export async function openSocksProxy(login?: string): Promise<Recorded> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    const read = reader(socket);
    const serve = async (): Promise<void> => {
      const [, methods = 0] = await read(2);
      const offered = await read(methods);
      socket.write(Buffer.from([5, login === undefined ? 0 : 2]));
      if (login !== undefined) {
        const name = await readCounted(read, 1);
        const password = await readCounted(read, 0);
        const isFine = `${name}:${password}` === login;
        asked.push(`login ${[...offered]} ${isFine}`);
        socket.write(Buffer.from([1, isFine ? 0 : 1]));
        if (!isFine) return;
      }
      const [, , , kind] = await read(4);
      const host = kind === 3 ? await readCounted(read, 0) : [...(await read(kind === 1 ? 4 : 16))].join('.');
      const port = (await read(2)).readUInt16BE();
      asked.push(`connect ${host}`);
      if (host === 'forbidden.example') {
        socket.end(Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]));
        return;
      }
      const onward = connect(port, '127.0.0.1', () => {
        socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
        socket.pipe(onward).pipe(socket);
        socket.resume();
      });
      onward.on('error', () => socket.destroy());
    };
    serve().catch(() => socket.destroy());
  });
  return { ...(await listen(server)), asked };
}

type Read = (length: number) => Promise<Buffer>;

async function readCounted(read: Read, before: number): Promise<string> {
  await read(before);
  const [length = 0] = await read(1);
  return (await read(length)).toString();
}

/** reader reads exactly so many bytes of a socket. */
function reader(socket: Socket): Read {
  socket.on('error', () => {});
  return async (length) => {
    for (;;) {
      const bytes: Buffer | null = length === 0 ? Buffer.alloc(0) : socket.read(length);
      if (bytes !== null) return bytes;
      await new Promise<void>((resolve, reject) => {
        socket.once('readable', resolve).once('close', () => reject(new Error('closed')));
      });
    }
  };
}
