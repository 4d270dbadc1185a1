import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { moduleFiles } from './go-download.ts';

/** Listening is a server on a port of 127.0.0.1. */
export type Listening = { readonly port: number; close(): void };

/** serveModule answers as a module proxy that has one module. */
export const serveModule: RequestListener = (request, response) => {
  const body = moduleFiles.get(new URL(request.url ?? '/', 'http://proxy.example').pathname);
  if (body === undefined)
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found: no such module\n');
  else response.end(body);
};

/** serveHttp answers by HTTP. */
export function serveHttp(listener: RequestListener): Promise<Listening> {
  const server = createHttpServer(listener);
  return listen(server);
}

/** serveHttps answers by HTTP over TLS with those certificates. */
export function serveHttps(options: TlsOptions, listener: RequestListener = serveModule): Promise<Listening> {
  const http = createHttpServer(listener);
  return serveTls(options, (socket) => http.emit('connection', socket));
}

/** serveTls hands each connection over after its handshake. */
export function serveTls(options: TlsOptions, handle: (socket: Socket) => void): Promise<Listening> {
  const server = createTlsServer(options, (socket) => {
    socket.on('error', () => {});
    handle(socket);
  });
  server.on('tlsClientError', () => {});
  return listen(server);
}

/** serveRaw hands each connection over. */
export function serveRaw(handle: (socket: Socket) => void): Promise<Listening> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => {});
      handle(socket);
    }),
  );
}

/** listen has a server listen on a free port; close ends its connections too. */
export async function listen(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
