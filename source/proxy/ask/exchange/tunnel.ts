import { isIPv6, type Socket } from 'node:net';
import { brokenAnswer, nameProxyRefusal, nameReadError } from '../../fault/network.ts';
import type { Fault } from '../answer.ts';
import { basicHeaders } from '../credentials/store.ts';
import { RequestFailure } from '../failure.ts';
import type { HttpProxy } from '../http-proxy.ts';
import type { Secrets } from '../secrets.ts';
import { decode } from '../secrets.ts';
import { ByteSource } from './byte-source.ts';
import { brokenConnection, ResponseError, readHead } from './response.ts';
import { openSocksTunnel } from './socks.ts';

/** Tunnel is the server to be reached, and through what. */
export type Tunnel = { readonly host: string; readonly port: number; readonly proxy: HttpProxy };

/** openTunnel has a proxy connect a socket on to a server. `net/http: (*Transport).dialConn, go1.26` */
export async function openTunnel(
  socket: Socket,
  tunnel: Tunnel,
  { signal, secrets }: { readonly signal: AbortSignal; readonly secrets: Secrets },
): Promise<void> {
  const { host, port, proxy } = tunnel;
  const abort = () => socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    if (/^socks5h?:$/.test(proxy.url.protocol)) return await openSocksTunnel(socket, tunnel);
    const target = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
    const authorization = proxyHeader(proxy.url);
    const lines = [
      `CONNECT ${target} HTTP/1.1`,
      `Host: ${target}`,
      'User-Agent: Go-http-client/1.1',
      ...(authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]),
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const head = await readHead(new ByteSource(socket));
    if (head === undefined) throw new ResponseError('unexpected EOF');
    if (head.status !== 200) throw new RequestFailure(nameProxyRefusal(head, tunnel));
  } catch (error) {
    socket.destroy();
    signal.throwIfAborted();
    throw error instanceof RequestFailure ? error : new RequestFailure(nameFailure(error, proxy, secrets));
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function nameFailure(error: unknown, { url }: HttpProxy, secrets: Secrets): Fault {
  const name = `the HTTP proxy ${url.host}`;
  if (!(error instanceof ResponseError)) return nameReadError(error, name);
  const goSays = error.goSays((bytes) => secrets.hideBytes(bytes));
  return brokenAnswer(goSays.replace(brokenConnection, ''), name);
}

/** proxyHeader is what a proxy wants to see; undefined without a name in its URL. `net/http: (*connectMethod).proxyAuth, go1.26` */
export function proxyHeader({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return basicHeaders(decode(username), decode(password))[0]?.[1];
}
