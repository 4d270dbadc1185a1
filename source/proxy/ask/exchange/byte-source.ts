import type { Readable } from 'node:stream';

/** tooLong is in the place of a line that is longer than allowed. */
export const tooLong = Symbol('too long');
type TooLong = typeof tooLong;

/** ByteSource reads lines and bytes of a connection as they are wanted, and no more: a sender that is faster waits. */
export class ByteSource {
  readonly #stream: Readable;
  #chunk: Buffer = Buffer.alloc(0);
  /** #at is how much of the chunk was read: cutting it for every line would cost more than reading it. */
  #at = 0;
  #failure: Error | undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
    // TLS tells an alert of the server by an event alone, and then looks as if the connection had ended in order.
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /**
   * readLine gives the next line with its end, as latin1; the end lacks only where the connection ends. It gives undefined when nothing
   * more comes, and tooLong for a line of more than `limit` bytes.
   */
  async readLine(limit: number): Promise<string | TooLong | undefined> {
    const whole = this.takeLine(limit);
    if (whole !== undefined) return whole;
    const parts: string[] = [];
    let length = 0;
    while (await this.#fill()) {
      const end = this.#chunk.indexOf(0x0a, this.#at) + 1;
      const part = this.#take(end === 0 ? this.#chunk.length : end);
      length += part.length;
      if (length > limit) return tooLong;
      parts.push(part);
      if (end !== 0) break;
    }
    return length === 0 ? undefined : parts.join('');
  }

  /** takeLine gives the next line where it is already here, without waiting; undefined where it is not. */
  takeLine(limit: number): string | TooLong | undefined {
    const end = this.#chunk.indexOf(0x0a, this.#at) + 1;
    if (end === 0) return undefined;
    return end - this.#at > limit ? tooLong : this.#take(end);
  }

  /** read gives what there is next, at most `limit` bytes; undefined when nothing more comes. */
  async read(limit: number): Promise<Buffer | undefined> {
    if (!(await this.#fill())) return undefined;
    const piece = this.#chunk.subarray(this.#at, this.#at + limit);
    this.#at += piece.length;
    return piece;
  }

  /** hasLine says whether the next line is already here. */
  hasLine(): boolean {
    return this.#chunk.includes(0x0a, this.#at);
  }

  /** copyTo copies what is already here, at most `limit` bytes and as much as fits; it says how many. */
  copyTo(target: Buffer, at: number, limit: number): number {
    const length = this.#chunk.copy(target, at, this.#at, this.#at + Math.min(limit, this.#chunk.length));
    this.#at += length;
    return length;
  }

  /** skipHeaders reads up to an empty line and keeps nothing; it says whether one came within `limit` bytes. */
  async skipHeaders(limit: number): Promise<'end' | 'too-long' | 'closed'> {
    let left = limit;
    let isLineEmpty = true;
    while (await this.#fill()) {
      const chunk = this.#chunk.subarray(this.#at);
      for (let start = 0; start < chunk.length; ) {
        const end = chunk.indexOf(0x0a, start);
        const stop = end < 0 ? chunk.length : end;
        const length = stop - start - (chunk[stop - 1] === 0x0d ? 1 : 0);
        if (end >= 0 && isLineEmpty && length <= 0) {
          this.#at += end + 1;
          return 'end';
        }
        isLineEmpty = end >= 0;
        start = stop + 1;
      }
      this.#at = this.#chunk.length;
      left -= chunk.length;
      if (left < 0) return 'too-long';
    }
    return 'closed';
  }

  #take(end: number): string {
    const text = this.#chunk.toString('latin1', this.#at, end);
    this.#at = end;
    return text;
  }

  /** #fill says whether there is something to read, and waits for it. */
  async #fill(): Promise<boolean> {
    if (this.#at < this.#chunk.length) return true;
    const chunk = await nextChunk(this.#stream);
    if (chunk === undefined && this.#failure !== undefined) throw this.#failure;
    this.#chunk = chunk ?? Buffer.alloc(0);
    this.#at = 0;
    return chunk !== undefined;
  }
}

function nextChunk(stream: Readable): Promise<Buffer | undefined> {
  const chunk: Buffer | null = stream.read();
  if (chunk !== null) return Promise.resolve(chunk);
  if (stream.errored) return Promise.reject(stream.errored);
  if (stream.readableEnded || stream.destroyed) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      for (const event of events) stream.off(event, settle);
      nextChunk(stream).then(resolve, reject);
    };
    for (const event of events) stream.on(event, settle);
  });
}

const events = ['readable', 'end', 'error', 'close'] as const;
