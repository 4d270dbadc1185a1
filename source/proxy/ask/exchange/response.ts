import { type ByteSource, tooLong } from './byte-source.ts';
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

/** ResponseError is an answer that is not HTTP; its message are Go's words, without what they quote of it (latin1). */
export class ResponseError extends Error {
  readonly #quoted: string | undefined;

  constructor(words: string, quoted?: string) {
    super(words);
    this.#quoted = quoted;
  }

  /** goSays are Go's words with what they quote of the answer: `hide` takes secrets out of that before it is cut. */
  goSays(hide: (bytes: Buffer) => Buffer): string {
    return this.#quoted === undefined
      ? this.message
      : `${this.message} ${goQuote(hide(Buffer.from(this.#quoted, 'latin1')))}`;
  }
}

/** Method is what a request asks for: the answers to HEAD and CONNECT have no body. */
export type Method = 'GET' | 'HEAD' | 'CONNECT';

// net/http: (*Transport).maxHeaderResponseSize, go1.26
const maxHeaderBytes = 10 << 20;

// Headers beyond these are read past: no server needs them, and they would fill the memory.
const keptHeaderBytes = 1 << 20;
const keptHeaderLines = 1000;

// Some servers send one or two of them; thousands keep the process busy.
const maxEarlyAnswers = 100;

/**
 * readHead reads the first line and the headers of an answer, as leniently and as strictly as Go; answers before the real one
 * (1xx) are passed over. It gives undefined when the server closed the connection without a word.
 * `net/http: ReadResponse, (*persistConn).readResponse, go1.26`
 */
export async function readHead(source: ByteSource): Promise<ResponseHead | undefined> {
  const left = { bytes: keptHeaderBytes };
  for (let early = 0; ; early += 1) {
    const line = await headLine(source, left);
    if (line === undefined && early === 0) return undefined;
    if (line === undefined) throw broken('unexpected EOF');
    if (line === tooLong) return failPastKept(source);
    if (early > maxEarlyAnswers) throw new ResponseError('too many answers before the answer (1xx)');
    const { status, statusText, isBeforeHttp11 } = parseStatusLine(line);
    const headers = await readHeaders(source, left);
    // 101 ends the conversation in HTTP.
    if (status >= 100 && status < 200 && status !== 101) continue;
    return { status, statusText, isBeforeHttp11, headers };
  }
}

/** parseStatusLine reads `HTTP/1.1 404 Not Found`. */
function parseStatusLine(line: string) {
  const space = line.indexOf(' ');
  if (space < 0) throw broken('malformed HTTP response', line);
  const status = line.slice(space + 1).replace(/^ +/, '');
  const code = status.split(' ', 1)[0] ?? '';
  if (!/^[+]?\d+$/.test(code) || code.length !== 3) throw broken('malformed HTTP status code', code);
  const version = line.slice(0, space);
  const [, major, minor] = /^HTTP\/(\d)\.(\d)$/.exec(version) ?? [];
  if (major === undefined || minor === undefined) throw broken('malformed HTTP version', version);
  return {
    status: Number(code),
    statusText: toText(status.slice(code.length + 1)),
    isBeforeHttp11: Number(major) < 1 || (major === '1' && minor === '0'),
  };
}

/** toText reads bytes as UTF-8. */
function toText(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** readHeaders: `net/textproto: readMIMEHeader, go1.26` */
async function readHeaders(source: ByteSource, left: Left): Promise<Map<string, string[]>> {
  const headers = new Map<string, string[]>();
  let open: string | undefined;
  for (let lines = 0; ; lines += 1) {
    const line = lines === keptHeaderLines ? tooLong : await headLine(source, left);
    if (line === undefined) throw broken('unexpected EOF');
    if (line === tooLong) {
      await skipPastKept(source);
      return headers;
    }
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (open === undefined) throw broken('malformed MIME header initial line:', line);
      open = `${open} ${line.trim()}`;
      continue;
    }
    if (open !== undefined) keepHeader(headers, open);
    if (line === '') return headers;
    if (!line.includes(':')) throw broken('malformed MIME header: missing colon:', line);
    open = line;
  }
}

function keepHeader(headers: Map<string, string[]>, line: string): void {
  const [name, value] = parseHeader(line);
  const values = headers.get(name);
  if (values === undefined) headers.set(name, [value]);
  else values.push(value);
}

function parseHeader(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon);
  const value = line.slice(colon + 1);
  // Go lets a space within a name pass, for servers of long ago. net/textproto: canonicalMIMEHeaderKey, go1.26
  const isFine = /^[!#$%&'*+.^_`|~A-Za-z\d -]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
  if (!isFine) throw broken('malformed MIME header line:', line);
  return [name.toLowerCase(), toText(value).trim()];
}

type Left = { bytes: number };

/** headLine gives a line without its end; spaces at the end of a line do not count, those at its start continue the line before. */
async function headLine(source: ByteSource, left: Left): Promise<string | typeof tooLong | undefined> {
  // Waiting for each of a million lines would take longer than reading them.
  const line = source.takeLine(left.bytes) ?? (await source.readLine(left.bytes));
  if (line === tooLong || line === undefined) return line;
  left.bytes -= line.length;
  return trimEnd(line);
}

/** trimEnd takes the end of a line away, and spaces and tabs before it; a pattern would try a long row of spaces from each of them on. */
function trimEnd(line: string): string {
  let end = line.length;
  if (line[end - 1] === '\n') end -= 1;
  if (line[end - 1] === '\r') end -= 1;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end -= 1;
  return line.slice(0, end);
}

/** skipPastKept reads the headers behind those that are kept. `net/http: (*persistConn).readLoopPeekFailLocked, go1.26` */
async function skipPastKept(source: ByteSource): Promise<void> {
  const end = await source.skipHeaders(maxHeaderBytes - keptHeaderBytes);
  if (end === 'closed') throw broken('unexpected EOF');
  if (end === 'too-long')
    throw broken(`net/http: server response headers exceeded ${maxHeaderBytes} bytes; aborted`);
}

/** failPastKept is an answer whose first line is longer than all headers may be. */
async function failPastKept(source: ByteSource): Promise<never> {
  await skipPastKept(source);
  throw new ResponseError('the first line is longer than 1 MiB');
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
    // What stands there is quoted in a list, whose end Go's words do not reach without it.
    if (values.length > 1) throw broken('too many transfer encodings:');
    throw broken('unsupported transfer encoding:', value);
  }
  return true;
}

function parseLength({ headers }: ResponseHead): number | undefined {
  const values = headers.get('content-length');
  const [value] = values ?? [];
  if (value === undefined) return undefined;
  if (values?.some((each) => each !== value))
    throw broken('http: message cannot contain multiple Content-Length headers');
  if (!/^\d+$/.test(value)) throw broken('bad Content-Length', value);
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

// What a sender may add to the bytes themselves, in all. net/http/internal: (*chunkedReader).beginChunk, go1.26
const mostExcess = 16 << 10;

/**
 * readChunks gives the content of chunks; that of small ones together, as far as it is here: a server may send every byte as a chunk of
 * its own. `net/http/internal: chunkedReader, go1.26`
 */
async function* readChunks(source: ByteSource): AsyncGenerator<Buffer, void, undefined> {
  let gathered = Buffer.allocUnsafe(pieceBytes);
  let filled = 0;
  let excess = 0;
  for (;;) {
    if (filled > 0 && (filled === gathered.length || !source.hasLine())) {
      yield gathered.subarray(0, filled);
      gathered = Buffer.allocUnsafe(pieceBytes);
      filled = 0;
    }
    const line = source.takeLine(maxChunkLine) ?? (await source.readLine(maxChunkLine)) ?? '';
    const size = parseChunkLine(line);
    excess = Math.max(0, excess + String(line).length - (16 + 2 * size));
    if (excess > mostExcess) throw new ResponseError('chunked encoding contains too much non-data');
    if (size === 0) break;
    const copied = source.copyTo(gathered, filled, size);
    filled += copied;
    if (copied < size) {
      yield gathered.subarray(0, filled);
      gathered = Buffer.allocUnsafe(pieceBytes);
      filled = 0;
      yield* readExactly(source, size - copied);
    }
    const end = source.takeLine(2) ?? (await source.readLine(2));
    if (end === undefined) throw new ResponseError('unexpected EOF');
    if (end !== '\r\n') throw new ResponseError('malformed chunked encoding');
  }
  if (filled > 0) yield gathered.subarray(0, filled);
  await passTrailers(source);
}

/** parseChunkLine reads `1a;name=value`. */
function parseChunkLine(line: string | typeof tooLong): number {
  if (line === tooLong) throw new ResponseError('header line too long');
  if (!line.endsWith('\n')) throw new ResponseError('unexpected EOF');
  const firstReturn = line.indexOf('\r');
  if (firstReturn < 0) throw new ResponseError('chunked line ends with bare LF');
  if (firstReturn !== line.length - 2) throw new ResponseError('invalid CR in chunked line');
  const digits = line
    .slice(0, -2)
    .replace(/[ \t]+$/, '')
    .replace(/;.*$/s, '');
  if (digits === '') throw new ResponseError('empty hex number for chunk length');
  if (!/^[\da-fA-F]+$/.test(digits)) throw new ResponseError('invalid byte in chunk length');
  if (digits.length > 16) throw new ResponseError('http chunk length too large');
  return Number.parseInt(digits, 16);
}

/** passTrailers reads past the headers behind the last chunk. `net/http: (*body).readTrailer, go1.26` */
async function passTrailers(source: ByteSource): Promise<void> {
  let left = maxChunkLine;
  for (;;) {
    const line = await source.readLine(left);
    if (line === tooLong) throw new ResponseError('http: suspiciously long trailer after chunked body');
    if (line === undefined) throw new ResponseError('http: unexpected EOF reading trailer');
    if (line.trim() === '') return;
    left -= line.length;
  }
}

/** brokenConnection is how Go begins its words about an answer that it cannot read, but not about that of a proxy to CONNECT. */
export const brokenConnection = 'net/http: HTTP/1.x transport connection broken: ';

/** broken: `net/http: (*persistConn).readLoop, go1.26` */
function broken(words: string, quoted?: string): ResponseError {
  return new ResponseError(`${brokenConnection}${words}`, quoted);
}
