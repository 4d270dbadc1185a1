import { StringDecoder } from 'node:string_decoder';

type Stream = 'stdout' | 'stderr';
type Piece = { readonly stream: Stream; readonly bytes: Uint8Array };

/** OutputLog keeps a command's output while the screen is open, up to a limit; what is dropped is counted. */
export type OutputLog = {
  /** add keeps the bytes and returns them as text; a character that is cut waits for its other half. */
  add(stream: Stream, bytes: Uint8Array): string;
  /** print gives back all that is kept, once, in the order it came. */
  print(): readonly Piece[];
  readonly isPrinted: boolean;
  readonly droppedBytes: number;
};

// The output of a large build with warnings fits; what goes on for longer keeps its end.
const keptLimit = 16 * 1024 * 1024;

/** createOutputLog returns an empty log. */
export function createOutputLog(): OutputLog {
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  let pieces: Piece[] = [];
  let keptBytes = 0;
  let droppedBytes = 0;
  let isPrinted = false;
  return {
    add(stream, bytes) {
      pieces.push({ stream, bytes });
      keptBytes += bytes.length;
      while (keptBytes > keptLimit && pieces.length > 1) {
        const oldest = pieces.shift();
        keptBytes -= oldest?.bytes.length ?? 0;
        droppedBytes += oldest?.bytes.length ?? 0;
      }
      return decoders[stream].write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
    print() {
      isPrinted = true;
      const kept = pieces;
      pieces = [];
      return kept;
    },
    get isPrinted() {
      return isPrinted;
    },
    get droppedBytes() {
      return droppedBytes;
    },
  };
}
