import type { ByteSource } from './byte-source.ts';
import { goQuote } from './go-quote.ts';

/** ResponseHead is an answer without its body. */
export type ResponseHead = {
  readonly status: number;
  /** statusText is what stands behind the number; it may be empty. */
  readonly statusText: string;
  /** headers have small letters, and all their values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly isBeforeHttp11: boolean;
};

/** ResponseError is an answer that is not HTTP; its message are Go's words. */
export class ResponseError extends Error {}

/** Method is what a request asks for: the answers to HEAD and CONNECT have no body. */
export type Method = 'GET' | 'HEAD' | 'CONNECT';

// net/http: (*Transport).maxHeaderResponseSize, go1.26
const maxHeaderBytes = 10 << 20;

// Headers beyond these are read and forgotten: no server needs them, and a million of them would fill the memory.
const maxHeaders = 1000;

/**
 * readHead reads the first line and the headers of an answer, as leniently and as strictly as Go; answers before the real one
 * (1xx) are passed over. It gives undefined when the server closed the connection without a word.
 * `net/http: ReadResponse, (*persistConn).readResponse, go1.26`
 */
export async function readHead(source: ByteSource): Promise<ResponseHead | undefined> {
  const left = { bytes: maxHeaderBytes };
  for (let isFirst = true; ; isFirst = false) {
    const line = await headLine(source, left);
    if (line === undefined) {
      if (isFirst) return undefined;
      throw broken('unexpected EOF');
    }
    const { status, statusText, isBeforeHttp11 } = parseStatusLine(line);
    const headers = await readHeaders(source, left);
    // 101 ends the conversation in HTTP.
    if (status >= 100 && status < 200 && status !== 101) continue;
    return { status, statusText, isBeforeHttp11, headers };
  }
}

/** parseStatusLine reads `HTTP/1.1 404 Not Found`. */
function parseStatusLine(line: Buffer) {
  const text = line.toString('latin1');
  const space = text.indexOf(' ');
  if (space < 0) throw broken(`malformed HTTP response ${goQuote(line)}`);
  const status = text.slice(space + 1).replace(/^ +/, '');
  const code = status.split(' ', 1)[0] ?? '';
  if (!/^[+]?\d+$/.test(code) || code.length !== 3)
    throw broken(`malformed HTTP status code ${goQuote(Buffer.from(code, 'latin1'))}`);
  const version = text.slice(0, space);
  const [, major, minor] = /^HTTP\/(\d)\.(\d)$/.exec(version) ?? [];
  if (major === undefined || minor === undefined)
    throw broken(`malformed HTTP version ${goQuote(Buffer.from(version, 'latin1'))}`);
  return {
    status: Number(code),
    statusText: Buffer.from(status.slice(code.length + 1), 'latin1').toString('utf8'),
    isBeforeHttp11: Number(major) < 1 || (major === '1' && minor === '0'),
  };
}

/** readHeaders: `net/textproto: readMIMEHeader, go1.26` */
async function readHeaders(source: ByteSource, left: Left): Promise<Map<string, string[]>> {
  const headers = new Map<string, string[]>();
  let open: Buffer | undefined;
  const keep = (line: Buffer | undefined): void => {
    if (line === undefined) return;
    const [name, value] = parseHeader(line);
    const values = headers.get(name);
    if (values !== undefined && values.length < maxHeaders) values.push(value);
    else if (values === undefined && headers.size < maxHeaders) headers.set(name, [value]);
  };
  for (;;) {
    const line = await headLine(source, left);
    if (line === undefined) throw broken('unexpected EOF');
    const isContinued = /^[ \t]/.test(line.toString('latin1', 0, 1));
    if (isContinued && open === undefined && headers.size === 0)
      throw broken(`malformed MIME header initial line: ${goQuote(line)}`);
    if (isContinued && open !== undefined) {
      open = Buffer.concat([open, Buffer.from(' '), Buffer.from(line.toString('latin1').trim(), 'latin1')]);
      continue;
    }
    keep(open);
    if (line.length === 0) return headers;
    if (!line.includes(':')) throw broken(`malformed MIME header: missing colon: ${goQuote(line)}`);
    open = line;
  }
}

function parseHeader(line: Buffer): readonly [name: string, value: string] {
  const text = line.toString('latin1');
  const colon = text.indexOf(':');
  const name = text.slice(0, colon);
  const value = text.slice(colon + 1);
  // Go lets a space within a name pass, for servers of long ago. net/textproto: canonicalMIMEHeaderKey, go1.26
  const isFine = /^[!#$%&'*+.^_`|~A-Za-z\d -]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
  if (!isFine) throw broken(`malformed MIME header line: ${goQuote(line)}`);
  return [name.toLowerCase(), Buffer.from(value, 'latin1').toString('utf8').trim()];
}

type Left = { bytes: number };

async function headLine(source: ByteSource, left: Left): Promise<Buffer | undefined> {
  const line = await source.readLine(left.bytes);
  if (line === 'too-long')
    throw broken(`net/http: server response headers exceeded ${maxHeaderBytes} bytes; aborted`);
  left.bytes -= line?.length ?? 0;
  if (line === undefined) return undefined;
  const text = line.toString('latin1');
  // Spaces at the end of a line do not count; those at its start continue the line before.
  return line.subarray(0, text.replace(/[ \t]*\r?\n?$/, '').length);
}

/** readBody gives the body piece by piece, up to its end. `net/http: readTransfer, go1.26` */
export async function* readBody(
  source: ByteSource,
  head: ResponseHead,
  method: Method,
): AsyncGenerator<Buffer, void, undefined> {
  const { status } = head;
  const length = parseLength(head);
  const isChunked = parseChunked(head);
  if (method === 'HEAD' || status === 204 || status === 304 || (status >= 100 && status < 200)) return;
  if (isChunked) yield* readChunks(source);
  else if (length === undefined) yield* readRest(source);
  else yield* readExactly(source, length);
}

function parseChunked({ headers, isBeforeHttp11 }: ResponseHead): boolean {
  const values = headers.get('transfer-encoding');
  if (values === undefined || isBeforeHttp11) return false;
  const [value = ''] = values;
  if (values.length > 1 || value.toLowerCase() !== 'chunked') {
    const shown = values.map((each) => goQuote(Buffer.from(each))).join(' ');
    throw broken(
      values.length > 1
        ? `too many transfer encodings: [${shown}]`
        : `unsupported transfer encoding: ${goQuote(Buffer.from(value))}`,
    );
  }
  return true;
}

function parseLength({ headers }: ResponseHead): number | undefined {
  const values = headers.get('content-length');
  const [value] = values ?? [];
  if (value === undefined) return undefined;
  if (values?.some((each) => each !== value))
    throw broken('http: message cannot contain multiple Content-Length headers');
  if (!/^\d+$/.test(value)) throw broken(`bad Content-Length ${goQuote(Buffer.from(value))}`);
  return Number(value);
}

// Large enough for one read of a socket.
const pieceBytes = 1 << 16;

async function* readRest(source: ByteSource): AsyncGenerator<Buffer, void, undefined> {
  for (let piece = await source.read(pieceBytes); piece !== undefined; piece = await source.read(pieceBytes))
    yield piece;
}

async function* readExactly(source: ByteSource, length: number): AsyncGenerator<Buffer, void, undefined> {
  let left = length;
  while (left > 0) {
    const piece = await source.read(Math.min(left, pieceBytes));
    if (piece === undefined) throw new ResponseError('unexpected EOF');
    left -= piece.length;
    yield piece;
  }
}

// net/http/internal: maxLineLength, go1.26
const maxChunkLine = 4096;

/** readChunks: `net/http/internal: chunkedReader, go1.26` */
async function* readChunks(source: ByteSource): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    const line = await source.readLine(maxChunkLine);
    if (line === 'too-long') throw new ResponseError('header line too long');
    const text = line?.toString('latin1') ?? '';
    if (!text.endsWith('\n')) throw new ResponseError('unexpected EOF');
    const firstReturn = text.indexOf('\r');
    if (firstReturn < 0) throw new ResponseError('chunked line ends with bare LF');
    if (firstReturn !== text.length - 2) throw new ResponseError('invalid CR in chunked line');
    const digits = text
      .slice(0, -2)
      .replace(/[ \t]+$/, '')
      .replace(/;.*$/s, '');
    if (digits === '') throw new ResponseError('empty hex number for chunk length');
    if (!/^[\da-fA-F]+$/.test(digits)) throw new ResponseError('invalid byte in chunk length');
    if (digits.length > 16) throw new ResponseError('http chunk length too large');
    const size = Number.parseInt(digits, 16);
    if (size === 0) {
      await passTrailers(source);
      return;
    }
    yield* readExactly(source, size);
    const end = await source.readLine(2);
    if (end === undefined) throw new ResponseError('unexpected EOF');
    if (end === 'too-long' || end.toString('latin1') !== '\r\n')
      throw new ResponseError('malformed chunked encoding');
  }
}

/** passTrailers reads past the headers behind the last chunk. `net/http: (*body).readTrailer, go1.26` */
async function passTrailers(source: ByteSource): Promise<void> {
  let left = maxChunkLine;
  for (;;) {
    const line = await source.readLine(left);
    if (line === 'too-long') throw new ResponseError('http: suspiciously long trailer after chunked body');
    if (line === undefined) throw new ResponseError('http: unexpected EOF reading trailer');
    if (line.toString('latin1').trim() === '') return;
    left -= line.length;
  }
}

/** broken is how Go begins its words about an answer that it cannot read. `net/http: (*persistConn).readLoop, go1.26` */
function broken(words: string): ResponseError {
  return new ResponseError(`net/http: HTTP/1.x transport connection broken: ${words}`);
}
