import { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import { type SecureContext, connect as startTls, type TLSSocket } from 'node:tls';
import type { Environment } from '../../../go/settings.ts';
import { judgeChain } from '../../fault/chain.ts';
import { nameConnectError } from '../../fault/network.ts';
import { nameTlsError } from '../../fault/tls.ts';
import type { ServerCertificate } from '../answer.ts';
import { completeChain, describeChain } from '../certificate.ts';
import { RequestFailure } from '../failure.ts';
import { findHttpProxy, hostOf } from '../http-proxy.ts';
import type { TrustedRoots } from '../roots/scan.ts';
import type { Secrets } from '../secrets.ts';
import { openTunnel, proxyHeader } from './tunnel.ts';
import { Wire } from './wire.ts';

/** Connecting is what a connection needs to know, and what it tells. */
export type Connecting = {
  readonly environment: Environment;
  readonly roots: TrustedRoots;
  readonly context: SecureContext;
  /** isInsecure lets every certificate pass, as Go does under GOINSECURE. */
  readonly isInsecure: boolean;
  /** signal ends it: the time is over, or nobody wants it any more. */
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  /** progress is how far it came, for the words when the time is over. */
  readonly progress: Progress;
  /** seen is told the chain of each server over TLS, before it is judged. */
  readonly seen: (certificates: readonly ServerCertificate[]) => void;
};

/** Progress is how far a request came. */
export type Progress = {
  stage: 'credentials' | 'lookup' | 'connect' | 'proxy' | 'tls' | 'answer' | 'body';
  host: string;
  bytes: number;
};

/** Connection is a socket to a server, or to the proxy that a plain HTTP request is sent to. */
export type Connection = {
  readonly socket: Socket;
  /** proxied says that the request line must have the whole URL, and which header the proxy wants. */
  readonly proxied: { readonly authorization: string | undefined } | undefined;
  /** wire is undefined without TLS. */
  readonly wire: Wire | undefined;
};

/** openConnection connects to the server of a URL, over TLS for https, through the proxy that Go would take. */
export async function openConnection(url: URL, connecting: Connecting): Promise<Connection> {
  const host = hostOf(url);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const proxy = findHttpProxy(url, connecting.environment);
  connecting.progress.host = host;
  if (proxy === undefined) {
    const socket = await openSocket(host, port, connecting);
    return url.protocol === 'https:'
      ? secure(socket, host, port, connecting)
      : { socket, proxied: undefined, wire: undefined };
  }
  connecting.secrets.addUrl(proxy.url);
  connecting.secrets.addHeader(proxyHeader(proxy.url) ?? '');
  const toProxy = await openToProxy(proxy.url, connecting).catch((error: unknown) => {
    if (!(error instanceof RequestFailure)) throw error;
    const { fault } = error;
    const shown = connecting.secrets.hide(proxy.url.host);
    throw new RequestFailure({
      ...fault,
      detail: `the HTTP proxy ${shown} of ${proxy.setting}: ${fault.detail}`,
      repair: [`check ${proxy.setting}; NO_PROXY=${host} goes past it`, ...fault.repair],
    });
  });
  const isSocks = /^socks5h?:$/.test(proxy.url.protocol);
  if (url.protocol === 'http:' && !isSocks)
    return { socket: toProxy, proxied: { authorization: proxyHeader(proxy.url) }, wire: undefined };
  connecting.progress.stage = 'proxy';
  await openTunnel(toProxy, { host, port, proxy }, connecting);
  if (url.protocol === 'http:') return { socket: toProxy, proxied: undefined, wire: undefined };
  return secure(toProxy, host, port, connecting);
}

async function openToProxy(proxy: URL, connecting: Connecting): Promise<Socket> {
  const port = Number(proxy.port || proxyPorts.get(proxy.protocol) || 80);
  const socket = await openSocket(hostOf(proxy), port, connecting);
  if (proxy.protocol !== 'https:') return socket;
  return (await secure(socket, hostOf(proxy), port, { ...connecting, seen: () => {} })).socket;
}

const proxyPorts: ReadonlyMap<string, number> = new Map([
  ['https:', 443],
  ['socks5:', 1080],
  ['socks5h:', 1080],
]);

async function openSocket(host: string, port: number, { signal, progress }: Connecting): Promise<Socket> {
  progress.stage = isIP(host) === 0 ? 'lookup' : 'connect';
  const socket = connect({ host, port });
  socket.once('lookup', () => {
    progress.stage = 'connect';
  });
  return settle(socket, 'connect', signal).catch((error: unknown) => {
    throw signal.aborted ? error : new RequestFailure(nameConnectError(error, host, port));
  });
}

async function secure(
  inner: Socket,
  host: string,
  port: number,
  { roots, context, isInsecure, signal, progress, seen }: Connecting,
): Promise<Connection> {
  progress.stage = 'tls';
  const wire = new Wire(inner);
  const tls = startTls({
    socket: wire,
    servername: isIP(host) === 0 ? host.replace(/\.$/, '') : '',
    ALPNProtocols: ['http/1.1'],
    secureContext: context,
    // The chain is judged below, by Go's rules: why it is refused is what is asked here.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  await settle(tls, 'secureConnect', signal).catch((error: unknown) => {
    wire.destroy();
    throw signal.aborted ? error : new RequestFailure(nameTlsError(error, wire, host, port));
  });
  const chain = completeChain(chainOf(tls), roots);
  seen(describeChain(chain));
  const code = tls.authorized ? undefined : String(tls.authorizationError ?? '');
  const fault = isInsecure ? undefined : judgeChain(chain, { code, host, port, roots, now: new Date() });
  if (fault === undefined) return { socket: tls, proxied: undefined, wire };
  tls.destroy();
  throw new RequestFailure(fault);
}

/** chainOf are the certificates that the server sent, from its own on, as far as one names the next as its issuer. */
function chainOf(tls: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  const known = new Set<string>();
  let detailed = tls.getPeerCertificate(true);
  while (detailed?.raw !== undefined && !known.has(detailed.fingerprint256)) {
    known.add(detailed.fingerprint256);
    chain.push(new X509Certificate(detailed.raw));
    detailed = detailed.issuerCertificate;
  }
  return chain;
}

/** settle waits for an event of a socket; an error, the end of the connection or the signal comes before it as a rejection. */
function settle<S extends Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error): void => {
      socket.off(event, done).off('error', end).off('close', closed);
      signal.removeEventListener('abort', abort);
      // What comes later is told by reading, and must not end the process.
      socket.on('error', () => {});
      if (error !== undefined) {
        socket.destroy();
        reject(error);
      } else resolve(socket);
    };
    const done = () => end();
    const closed = () => end(new Error('closed'));
    const abort = () => end(signal.reason);
    socket.once(event, done).once('error', end).once('close', closed);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
