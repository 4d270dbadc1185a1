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

// A longer first flight than any chain needs; past it nothing is looked for.
const longestFlight = 1 << 18;

/** HandshakeReader reads the messages of a server that are not encrypted. */
class HandshakeReader {
  asksForCertificate = false;
  #records: Buffer | undefined = Buffer.alloc(0);
  #messages: Buffer = Buffer.alloc(0);
  #seen = 0;

  push(chunk: Buffer): void {
    if (this.#records === undefined) return;
    this.#seen += chunk.length;
    this.#records = this.#seen > longestFlight ? undefined : Buffer.concat([this.#records, chunk]);
    while (this.#records !== undefined && this.#records.length >= 5) {
      const length = this.#records.readUInt16BE(3);
      if (this.#records[0] !== handshakeRecord) this.#records = undefined;
      else if (this.#records.length < 5 + length) return;
      else {
        this.#messages = Buffer.concat([this.#messages, this.#records.subarray(5, 5 + length)]);
        this.#records = this.#records.subarray(5 + length);
        this.#readMessages();
      }
    }
  }

  #readMessages(): void {
    while (this.#messages.length >= 4) {
      const length = this.#messages.readUIntBE(1, 3);
      if (this.#messages.length < 4 + length) return;
      if (this.#messages[0] === certificateRequest) this.asksForCertificate = true;
      this.#messages = this.#messages.subarray(4 + length);
    }
  }
}
