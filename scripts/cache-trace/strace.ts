import type { Call } from '../../source/cache-bench/call.ts';

/** TracedCall is a call on a file below a root. `fd` is set for calls on an open file. */
export type TracedCall = {
  readonly pid: number;
  /** file is its path, relative to the root. */
  readonly file: string;
  readonly fd: number | undefined;
  readonly call: Call;
};

/** tracedCalls are the calls that touch files: what strace must be asked for, with `-f -y -s 0`. */
export const tracedCalls =
  'open,openat,creat,read,readv,pread64,write,writev,pwrite64,close,fstat,newfstatat,stat,lstat,statx,utimensat,ftruncate,truncate,mmap,mkdir,mkdirat,getdents64,flock,unlink,unlinkat,rename,renameat,renameat2,copy_file_range,sendfile,fsync,fdatasync';

/**
 * readStrace gives the calls on files below `root` in the order in which they ended, and those that it has no Call for,
 * as text. Lines are as
 *
 *     123 openat(AT_FDCWD</src>, "/c/9f/9f14-a", O_RDONLY|O_CLOEXEC <unfinished ...>
 *     123 <... openat resumed>)             = 8</c/9f/9f14-a>
 */
export function readStrace(
  text: string,
  root: string,
): { readonly calls: readonly TracedCall[]; readonly others: readonly string[] } {
  const begun = new Map<string, string>();
  const calls: TracedCall[] = [];
  const others: string[] = [];
  for (const line of text.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (rest.endsWith(' <unfinished ...>')) {
      begun.set(pid, rest.slice(0, -' <unfinished ...>'.length));
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const whole = resumed === null ? rest : `${begun.get(pid) ?? ''}${resumed[1]}`;
    if (!whole.includes(`${root}/`)) continue;
    const read = readCall(whole, root);
    if (read === undefined) others.push(whole);
    else calls.push({ pid: Number(pid), ...read });
  }
  return { calls, others };
}

function readCall(text: string, root: string): Omit<TracedCall, 'pid'> | undefined {
  const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\) += (.*)$/.exec(text) ?? [];
  const number = Number.parseInt(result, 10);
  const [, path = ''] = /"([^"]+)"/.exec(args) ?? [];
  const onPath = (call: Call) => below(root, path, undefined, call);
  // The file of a descriptor: `8</c/9f/9f14-a>`, the last one of mmap.
  const [, fd = '', target = ''] = /(\d+)<([^>]*)>/.exec(args) ?? [];
  const onFd = (call: Call) => below(root, target, Number(fd), call);
  const last = Number(args.slice(args.lastIndexOf(' ') + 1));
  const isAbsent = result.startsWith('-1 ENOENT');
  if (number < 0 && !isAbsent) return undefined;
  switch (name) {
    case 'openat': {
      if (isAbsent) return onPath({ type: 'miss' });
      const mode = args.includes('O_RDWR') ? 'readwrite' : args.includes('O_WRONLY') ? 'write' : 'read';
      return below(root, path, number, { type: 'open', mode });
    }
    case 'newfstatat':
    case 'statx':
      if (path === '') return onFd({ type: 'fstat' });
      return onPath({ type: isAbsent ? 'absent' : 'stat' });
    case 'fstat':
      return onFd({ type: 'fstat' });
    case 'read':
      // What was asked for, not what came: the last read of a file asks for a byte and gets none.
      return onFd({ type: 'read', length: last });
    case 'write':
      return onFd({ type: 'write', length: number });
    case 'pread64': {
      const [length = 0, at = 0] = args.split(', ').slice(-2).map(Number);
      return onFd({ type: 'pread', length, at });
    }
    case 'mmap':
      return onFd({ type: 'map', length: Number(args.split(', ')[1]), at: Number(last) });
    case 'ftruncate':
      return onFd({ type: 'truncate', length: last });
    case 'utimensat':
      return onPath({ type: 'touch' });
    case 'close':
      return onFd({ type: 'close' });
    case 'mkdir':
    case 'mkdirat':
      return onPath({ type: 'mkdir' });
    case 'getdents64':
      return onFd({ type: 'list' });
    default:
      return undefined;
  }
}

function below(
  root: string,
  path: string,
  fd: number | undefined,
  call: Call,
): Omit<TracedCall, 'pid'> | undefined {
  return path.startsWith(`${root}/`) ? { file: path.slice(root.length + 1), fd, call } : undefined;
}
