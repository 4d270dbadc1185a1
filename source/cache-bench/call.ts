/**
 * Call is one system call on GOCACHE, as the replay makes it. Lengths and offsets are bytes.
 *
 * - `miss` is an open of a file that is not there, `absent` a stat of one.
 * - `map` is an mmap: the replay reads what was mapped, since what of it was touched is not seen by strace.
 * - `list` reads the names in a folder.
 */
export type Call =
  | { readonly type: 'open'; readonly mode: 'read' | 'write' | 'readwrite' }
  | { readonly type: 'read' | 'write' | 'truncate'; readonly length: number }
  | { readonly type: 'pread' | 'map'; readonly length: number; readonly at: number }
  | { readonly type: 'miss' | 'stat' | 'absent' | 'fstat' | 'touch' | 'close' | 'mkdir' | 'list' };

/** copyBuffer is how much io.Copy moves at once (io: copyBuffer, go1.26). */
const copyBuffer = 32 * 1024;

/**
 * parseCalls reads calls as text, as `open read:176 read:1 stat close` or `read:4096*7`; `size` is that of their file.
 * Two words stand for what depends on it:
 *
 * - `store`: all but the last byte in pieces of 32 KiB, then the last byte (cmd/go/internal/cache: copyFile, go1.26)
 * - `whole`: reads of 32 KiB until there is no more, as where copyFile compares a hash
 */
export function parseCalls(text: string, size: number): readonly Call[] {
  return text.split(' ').flatMap((word) => {
    const [one = '', times = '1'] = word.split('*');
    const calls = parseWord(one, size);
    return Array.from({ length: Number(times) }, () => calls).flat();
  });
}

function parseWord(word: string, size: number): readonly Call[] {
  const [name = '', length = '0', at = '0'] = word.split(':');
  switch (name) {
    case 'open':
      return [{ type: 'open', mode: 'read' }];
    case 'open-w':
      return [{ type: 'open', mode: 'write' }];
    case 'open-rw':
      return [{ type: 'open', mode: 'readwrite' }];
    case 'read':
    case 'write':
    case 'truncate':
      return [{ type: name, length: Number(length) }];
    case 'pread':
    case 'map':
      return [{ type: name, length: Number(length), at: Number(at) }];
    case 'miss':
    case 'stat':
    case 'absent':
    case 'fstat':
    case 'touch':
    case 'close':
    case 'mkdir':
    case 'list':
      return [{ type: name }];
    case 'store':
      return [...pieces('write', size - 1), { type: 'write', length: 1 }];
    case 'whole':
      return Array.from({ length: Math.ceil(size / copyBuffer) + 1 }, () => ({
        type: 'read',
        length: copyBuffer,
      }));
    default:
      throw new Error(`no such call: ${word}`);
  }
}

function pieces(type: 'write', length: number): readonly Call[] {
  return Array.from({ length: Math.ceil(length / copyBuffer) }, (_, index) => ({
    type,
    length: Math.min(copyBuffer, length - index * copyBuffer),
  }));
}

/** formatCalls writes calls as parseCalls reads them, in as few words as it can. */
export function formatCalls(calls: readonly Call[], size: number): string {
  const words = calls.map(formatCall);
  const text: string[] = [];
  for (let at = 0; at < words.length; ) {
    const macro = (['store', 'whole'] as const).find((each) => startsWith(words, at, parseWord(each, size)));
    const same = words.slice(at).findIndex((word) => word !== words[at]);
    const times =
      macro !== undefined ? parseWord(macro, size).length : same === -1 ? words.length - at : same;
    text.push(macro ?? (times === 1 ? (words[at] ?? '') : `${words[at]}*${times}`));
    at += times;
  }
  return text.join(' ');
}

function startsWith(words: readonly string[], at: number, calls: readonly Call[]): boolean {
  return calls.length > 1 && calls.every((call, index) => formatCall(call) === words[at + index]);
}

function formatCall(call: Call): string {
  switch (call.type) {
    case 'open':
      return { read: 'open', write: 'open-w', readwrite: 'open-rw' }[call.mode];
    case 'read':
    case 'write':
    case 'truncate':
      return `${call.type}:${call.length}`;
    case 'pread':
    case 'map':
      return `${call.type}:${call.length}:${call.at}`;
    default:
      return call.type;
  }
}
