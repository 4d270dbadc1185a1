/** OutputSink is our own stdout or stderr, as a place for bytes that must not be lost, nor pile up. */
export type OutputSink = {
  /** write returns a promise while the reader is slower than we are: write no more until it resolves. */
  write(bytes: Uint8Array | string): Promise<void> | undefined;
  /** isClosed says that the reader has gone (EPIPE) or the terminal was closed (EIO): writing does nothing any more. */
  readonly isClosed: boolean;
  /** flushed resolves when all that was written has left this process, or never will. */
  flushed(): Promise<void>;
};

/** createOutputSink wraps a stream of this process; `closed` is called once when its reader has gone. */
export function createOutputSink(stream: NodeJS.WriteStream, closed: () => void): OutputSink {
  let isClosed = false;
  let waiting: (() => void)[] = [];

  function release(): void {
    const free = waiting;
    waiting = [];
    for (const resolve of free) resolve();
  }

  stream.on('drain', release);
  stream.on('error', () => {
    if (isClosed) return;
    isClosed = true;
    closed();
    release();
  });

  return {
    write(bytes) {
      if (isClosed || bytes.length === 0) return undefined;
      if (stream.write(bytes)) return undefined;
      return new Promise((resolve) => {
        if (isClosed) resolve();
        else waiting.push(resolve);
      });
    },
    get isClosed() {
      return isClosed;
    },
    flushed() {
      if (isClosed || stream.writableLength === 0) return Promise.resolve();
      return new Promise((resolve) => {
        waiting.push(resolve);
        stream.write('', () => resolve());
      });
    },
  };
}
