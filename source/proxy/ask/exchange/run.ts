import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { codeOf, reasonOf } from '../../../platform/problem.ts';
import { readAlert } from '../../fault/alert.ts';
import { brokenAnswer, nameReadError, noAnswer } from '../../fault/network.ts';
import { nameTlsError, plainToTls } from '../../fault/tls.ts';
import type { Fault } from '../answer.ts';
import { RequestFailure } from '../failure.ts';
import { hostOf } from '../http-proxy.ts';
import type { Secrets } from '../secrets.ts';
import { ByteSource } from './byte-source.ts';
import { type Connecting, type Connection, openConnection } from './connect.ts';
import { ResponseError, type ResponseHead, readBody, readHead } from './response.ts';

/** Exchange is one request without its redirects. */
export type Exchange = {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD';
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly maxBytes: number;
};

/** Reply is what came back. */
export type Reply = {
  readonly status: number;
  readonly statusText: string;
  /** headers have small letters; several of one name are joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly isCut: boolean;
};

/** exchange sends one request and reads the answer, as much of it as is wanted. */
export async function exchange(asked: Exchange, connecting: Connecting): Promise<Reply> {
  const { url } = asked;
  const { signal, progress } = connecting;
  const connection = await openConnection(url, connecting);
  const { socket } = connection;
  const abort = () => socket.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    progress.stage = 'answer';
    const source = new ByteSource(socket);
    socket.write(requestText(asked, connection));
    const head = await readHead(source);
    if (head === undefined) throw new RequestFailure(noAnswer(hostOf(url)));
    progress.stage = 'body';
    const reply = await readReply(source, head, asked, connecting);
    // A body without a length ends with its connection, also where the time ended that.
    signal.throwIfAborted();
    return reply;
  } catch (error) {
    signal.throwIfAborted();
    const fault = nameExchangeError(error, url, connection, connecting.secrets);
    if (connection.wire === undefined && connection.proxied === undefined && isMaybeTls(fault)) {
      socket.destroy();
      if (await speaksTls(url, connecting))
        throw new RequestFailure(plainToTls(hostOf(url), portOf(url), fault.goSays));
    }
    throw new RequestFailure(fault);
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
    connection.wire?.destroy();
  }
}

function requestText({ url, method, headers }: Exchange, { proxied }: Connection): string {
  const path = `${proxied === undefined ? '' : `http://${url.host}`}${url.pathname}${url.search}`;
  const login = proxied?.authorization;
  const all: Exchange['headers'] = [
    ['Host', url.host],
    ...headers,
    ...(login === undefined ? [] : [['Proxy-Authorization', login] as const]),
  ];
  // A line end within a value would begin a header of its own.
  const lines = all.map(([name, value]) => `${name}: ${value.replace(/[\r\n]/g, ' ')}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

async function readReply(
  source: ByteSource,
  head: ResponseHead,
  { method, headers: asked, maxBytes }: Exchange,
  { progress }: Connecting,
): Promise<Reply> {
  const headers = new Map([...head.headers].map(([name, values]) => [name, values.join(', ')]));
  const body = readBody(source, head, method);
  const isZipped =
    asked.some(([name]) => name === 'Accept-Encoding') &&
    headers.get('content-encoding')?.toLowerCase() === 'gzip' &&
    method === 'GET' &&
    head.status !== 204 &&
    head.status !== 304;
  if (isZipped) {
    // Go unpacks it and forgets these. net/http: (*persistConn).readLoop, go1.26
    headers.delete('content-encoding');
    headers.delete('content-length');
  }
  const pieces = isZipped ? unpack(body) : body;
  const parts: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    // A copy: a piece can be a small part of a large buffer.
    parts.push(Buffer.from(piece.subarray(0, maxBytes - length)));
    length += piece.length;
    progress.bytes = length;
    if (length > maxBytes) break;
  }
  const { status, statusText } = head;
  return { status, statusText, headers, body: Buffer.concat(parts), isCut: length > maxBytes };
}

async function* unpack(
  body: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  const counted = async function* () {
    for await (const piece of body) {
      bytes += piece.length;
      yield piece;
    }
  };
  const packed = Readable.from(counted(), { objectMode: false });
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  try {
    yield* unpacked;
  } catch (error) {
    throw codeOf(error)?.startsWith('Z_') ? new ResponseError(gzipWords(error, bytes)) : error;
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
}

// RFC 1952, section 2.3
const gzipHeaderBytes = 10;

/** gzipWords are Go's words for what zlib says. `compress/gzip, compress/flate, go1.26` */
function gzipWords(error: unknown, bytes: number): string {
  const words = reasonOf(error);
  if (codeOf(error) === 'Z_BUF_ERROR' || bytes < gzipHeaderBytes) return 'unexpected EOF';
  if (words === 'incorrect header check') return 'gzip: invalid header';
  return /^incorrect (?:data|length) check$/.test(words)
    ? 'gzip: invalid checksum'
    : 'flate: corrupt input before offset';
}

function nameExchangeError(error: unknown, url: URL, { wire }: Connection, secrets: Secrets): Fault {
  if (error instanceof RequestFailure) return error.fault;
  const host = hostOf(url);
  if (error instanceof ResponseError)
    return brokenAnswer(
      error.goSays((bytes) => secrets.hideBytes(bytes)),
      host,
    );
  // From TLS 1.3 on a server refuses the client only after the handshake.
  if (wire !== undefined && readAlert(reasonOf(error)) !== undefined)
    return nameTlsError(error, wire, host, portOf(url));
  return nameReadError(error, host);
}

/** isMaybeTls: a server of TLS closes the connection on plain HTTP, or answers with an alert, which begins with these bytes. */
function isMaybeTls({ code, goSays }: Fault): boolean {
  return code === 'reset' || (goSays?.includes('malformed HTTP response "\\x15\\x03') ?? false);
}

// Long enough for a handshake; who does not answer does not speak TLS.
const handshakeMs = 2000;

async function speaksTls(url: URL, connecting: Connecting): Promise<boolean> {
  const secure = new URL(url);
  secure.port = '';
  secure.protocol = 'https:';
  secure.port = `${portOf(url)}`;
  const signal = AbortSignal.any([connecting.signal, AbortSignal.timeout(handshakeMs)]);
  // What is told of the request stays as it is.
  const aside = {
    ...connecting,
    signal,
    isInsecure: true,
    seen: () => {},
    progress: { ...connecting.progress },
  };
  try {
    const { socket } = await openConnection(secure, aside);
    socket.destroy();
    return true;
  } catch {
    return false;
  }
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}
