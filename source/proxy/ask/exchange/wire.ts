import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

// The header of a TLS record, and enough of an alert or of text in its place.
const firstBytes = 64;

/**
 * Wire passes the bytes of a connection through to TLS and remembers what Go's messages depend on: what the server said first, how
 * it ended, and whether it asked for a certificate of the client.
 */
export class Wire extends Duplex {
  readonly #inner: Socket;
  readonly #handshake = new HandshakeReader();
  #first: Buffer = Buffer.alloc(0);
  #hasEnded = false;

  constructor(inner: Socket) {
    super();
    this.#inner = inner;
    inner.on('data', (chunk: Buffer) => {
      if (this.#first.length < firstBytes)
        this.#first = Buffer.concat([this.#first, chunk]).subarray(0, firstBytes);
      this.#handshake.push(chunk);
      if (!this.push(chunk)) inner.pause();
    });
    inner.once('end', () => {
      this.#hasEnded = true;
      this.push(null);
    });
    inner.once('error', (error) => this.destroy(error));
    inner.once('close', () => this.destroy());
    inner.resume();
  }

  /** first is what the server said first. */
  get first(): Buffer {
    return this.#first;
  }

  /** hasEnded says that the server closed its side in order. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** asksForCertificate says that the server wants a certificate of the client; before TLS 1.3 that can be read along. */
  get asksForCertificate(): boolean {
    return this.#handshake.asksForCertificate;
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#inner.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#inner.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#inner.destroy();
    done(error);
  }
}

// Record and message types of TLS. RFC 5246, sections 6.2.1 and 7.4
const handshakeRecord = 22;
const certificateRequest = 13;

// More than the first messages of any server; past it nothing is looked for.
const longestFlight = 1 << 18;

/** HandshakeReader finds the messages of a server that are not encrypted, and keeps nothing of them. */
class HandshakeReader {
  asksForCertificate = false;
  readonly #record = new Header(5);
  readonly #message = new Header(4);
  #isOver = false;
  #seen = 0;
  #recordLeft = 0;
  #messageLeft = 0;

  push(chunk: Buffer): void {
    this.#seen += chunk.length;
    this.#isOver ||= this.#seen > longestFlight;
    let at = 0;
    while (at < chunk.length && !this.#isOver) {
      if (this.#recordLeft === 0) {
        if (!this.#record.take(chunk[at++] ?? 0)) continue;
        this.#isOver = this.#record.bytes[0] !== handshakeRecord;
        this.#recordLeft = this.#record.bytes.readUInt16BE(3);
      } else {
        const end = Math.min(chunk.length, at + this.#recordLeft);
        this.#recordLeft -= end - at;
        this.#readMessages(chunk.subarray(at, end));
        at = end;
      }
    }
  }

  #readMessages(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      const skipped = Math.min(this.#messageLeft, bytes.length - at);
      this.#messageLeft -= skipped;
      at += skipped;
      if (at === bytes.length || !this.#message.take(bytes[at++] ?? 0)) continue;
      this.asksForCertificate ||= this.#message.bytes[0] === certificateRequest;
      this.#messageLeft = this.#message.bytes.readUIntBE(1, 3);
    }
  }
}

/** Header collects the few bytes that stand before a record or a message. */
class Header {
  readonly bytes: Buffer;
  #count = 0;

  constructor(length: number) {
    this.bytes = Buffer.alloc(length);
  }

  /** take says whether the header is whole with this byte; the next begins a new one. */
  take(byte: number): boolean {
    this.bytes[this.#count] = byte;
    this.#count = (this.#count + 1) % this.bytes.length;
    return this.#count === 0;
  }
}
