import { X509Certificate } from 'node:crypto';
import { connect, isIP, type Socket } from 'node:net';
import { connect as startTls, type TLSSocket } from 'node:tls';
import { judgeChain } from '../../fault/chain.ts';
import { nameConnectError } from '../../fault/network.ts';
import type { ServerCertificate } from '../answer.ts';
import { describeCertificate } from '../certificate.ts';
import { RequestFailure } from '../failure.ts';
import type { TrustedRoots } from '../roots/scan.ts';

/** Connecting is what a connection needs to know. */
export type Connecting = {
  readonly roots: TrustedRoots;
  /** isInsecure lets every certificate pass, as Go does under GOINSECURE. */
  readonly isInsecure: boolean;
  /** signal ends it: the time is over, or nobody wants it any more. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** seen is told the chain of each server over TLS, before it is judged. */
  readonly seen: (certificates: readonly ServerCertificate[]) => void;
};

/** openConnection connects to the server of a URL, over TLS for https. */
export async function openConnection(url: URL, connecting: Connecting): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isTls = url.protocol === 'https:';
  const socket = await openSocket(host, Number(url.port || (isTls ? 443 : 80)), connecting);
  return isTls ? secure(socket, host, connecting) : socket;
}

async function openSocket(host: string, port: number, { signal }: Connecting): Promise<Socket> {
  const socket = connect({ host, port });
  return settle(socket, 'connect', signal).catch((error: unknown) => {
    throw signal.aborted ? error : new RequestFailure(nameConnectError(error, host));
  });
}

async function secure(socket: Socket, host: string, connecting: Connecting): Promise<TLSSocket> {
  const tls = startTls({
    socket,
    servername: isIP(host) === 0 ? host : '',
    ALPNProtocols: ['http/1.1'],
    ca: connecting.roots.certificates.map(String),
    allowPartialTrustChain: true,
    // The chain is judged below, by Go's rules: an answer is more telling than a closed socket.
    rejectUnauthorized: false,
    // Go's own. crypto/tls: supportedVersions, go1.26
    minVersion: 'TLSv1.2',
  });
  await settle(tls, 'secureConnect', connecting.signal).catch((error: unknown) => {
    throw connecting.signal.aborted ? error : new RequestFailure(nameConnectError(error, host));
  });
  const chain = chainOf(tls);
  connecting.seen(chain.map((certificate) => describeCertificate(certificate, 'sent')));
  if (connecting.isInsecure) return tls;
  const code = tls.authorized ? undefined : String(tls.authorizationError ?? '');
  const fault = judgeChain(chain, { code, host, roots: connecting.roots, now: connecting.now() });
  if (fault === undefined) return tls;
  tls.destroy();
  throw new RequestFailure(fault);
}

/** chainOf are the certificates that the server sent, from its own on, as far as one names the next as its issuer. */
function chainOf(tls: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let detailed = tls.getPeerCertificate(true);
  const known = new Set<string>();
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
      // What comes later has nobody to tell it to, and must not end the process.
      socket.on('error', () => {});
      if (error !== undefined) {
        socket.destroy();
        reject(error);
      } else resolve(socket);
    };
    const done = () => end();
    const closed = () => end(Object.assign(new Error('EOF'), { code: 'EOF' }));
    const abort = () => end(signal.reason);
    socket.once(event, done).once('error', end).once('close', closed);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
