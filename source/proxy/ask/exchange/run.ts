import { type IncomingMessage, request } from 'node:http';
import { createGunzip } from 'node:zlib';
import { nameConnectError } from '../../fault/network.ts';
import { RequestFailure } from '../failure.ts';
import { type Connecting, openConnection } from './connect.ts';

/** Exchange is one request without its redirects. */
export type Exchange = {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
};

/** Reply is what came back. */
export type Reply = {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  readonly isCut: boolean;
};

// Go's own bound on headers. net/http: (*Transport).maxHeaderResponseSize, go1.26
const maxHeaderBytes = 10 << 20;

/** exchange sends one request and reads the answer, as much of it as is wanted. */
export async function exchange(asked: Exchange, connecting: Connecting): Promise<Reply> {
  const { url, method, headers } = asked;
  const socket = await openConnection(url, connecting);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({
        createConnection: () => socket,
        host: url.hostname,
        port: url.port,
        path: url.pathname + url.search,
        method,
        headers: { Host: url.host, ...headers },
        setHost: false,
        maxHeaderSize: maxHeaderBytes,
        signal: connecting.signal,
      });
      sent.once('response', resolve).once('error', reject).end();
    });
    return await readReply(response, asked);
  } catch (error) {
    if (connecting.signal.aborted || error instanceof RequestFailure) throw error;
    throw new RequestFailure(nameConnectError(error, url.hostname));
  } finally {
    socket.destroy();
  }
}

async function readReply(response: IncomingMessage, asked: Exchange): Promise<Reply> {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const isZipped = asked.headers['Accept-Encoding'] === 'gzip' && headers.get('content-encoding') === 'gzip';
  if (isZipped) {
    headers.delete('content-encoding');
    headers.delete('content-length');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  const stream = isZipped ? response.compose<NodeJS.ReadWriteStream>(createGunzip()) : response;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes.subarray(0, asked.maxBytes - length));
    length += bytes.length;
    if (length > asked.maxBytes) break;
  }
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    headers,
    body: Buffer.concat(chunks),
    isCut: length > asked.maxBytes,
  };
}
