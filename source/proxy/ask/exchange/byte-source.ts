import type { Readable } from 'node:stream';

/** ByteSource reads lines and bytes of a connection as they are wanted, and no more: a sender that is faster waits. */
export class ByteSource {
  readonly #stream: Readable;
  #rest: Buffer = Buffer.alloc(0);
  #failure: Error | undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
    // TLS tells an alert of the server by an event alone, and then looks as if the connection had ended in order.
    stream.on('error', (error) => {
      this.#failure ??= error;
    });
  }

  /**
   * readLine gives the next line with its end, which lacks only before the end of the connection; undefined when nothing more
   * comes, `too-long` for a line of more than `limit` bytes.
   */
  async readLine(limit: number): Promise<Buffer | 'too-long' | undefined> {
    const parts: Buffer[] = [];
    let length = 0;
    for (let chunk = await this.#take(); chunk !== undefined; chunk = await this.#take()) {
      const end = chunk.indexOf(0x0a) + 1;
      const part = end === 0 ? chunk : chunk.subarray(0, end);
      this.#rest = chunk.subarray(part.length);
      length += part.length;
      if (length > limit) return 'too-long';
      parts.push(part);
      if (end !== 0) break;
    }
    return length === 0 ? undefined : Buffer.concat(parts);
  }

  /** read gives what there is next, at most `limit` bytes; undefined when nothing more comes. */
  async read(limit: number): Promise<Buffer | undefined> {
    const chunk = await this.#take();
    if (chunk === undefined) return undefined;
    this.#rest = chunk.subarray(limit);
    return chunk.subarray(0, limit);
  }

  async #take(): Promise<Buffer | undefined> {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    if (rest.length > 0) return rest;
    const chunk = await nextChunk(this.#stream);
    if (chunk === undefined && this.#failure !== undefined) throw this.#failure;
    return chunk;
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
