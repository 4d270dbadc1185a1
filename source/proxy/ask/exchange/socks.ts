import type { Socket } from 'node:net';
import { isIPv4, isIPv6 } from 'node:net';
import { RequestFailure } from '../failure.ts';
import { decode } from '../secrets.ts';
import { ByteSource } from './byte-source.ts';
import type { Tunnel } from './tunnel.ts';

// RFC 1928: the version, the two ways to log in, and the command.
const version = 5;
const noLogin = 0;
const byPassword = 2;
const connectCommand = 1;

/** openSocksTunnel speaks SOCKS 5; names are looked up by the proxy. `golang.org/x/net/internal/socks, go1.26` */
export async function openSocksTunnel(socket: Socket, { host, port, proxy }: Tunnel): Promise<void> {
  const source = new ByteSource(socket);
  const { username, password } = proxy.url;
  const methods = username === '' && password === '' ? [noLogin] : [noLogin, byPassword];
  socket.write(Buffer.from([version, methods.length, ...methods]));
  const [, method] = await readBytes(source, 2);
  if (method === byPassword) {
    socket.write(Buffer.concat([Buffer.from([1]), counted(decode(username)), counted(decode(password))]));
    const [, outcome] = await readBytes(source, 2);
    if (outcome !== 0) throw refused('username/password authentication failed');
  } else if (method !== noLogin) throw refused('no acceptable authentication methods');
  socket.write(
    Buffer.concat([
      Buffer.from([version, connectCommand, 0]),
      addressOf(host),
      Buffer.from([port >> 8, port & 255]),
    ]),
  );
  const [, code = 0, , kind] = await readBytes(source, 4);
  if (code !== 0) throw refused(replies[code] ?? `unknown code: ${code}`);
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await readBytes(source, 1))[0] ?? 0);
  await readBytes(source, length + 2);
}

// golang.org/x/net/internal/socks: Reply.String, go1.26
const replies: readonly string[] = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
];

function addressOf(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from([1, ...host.split('.').map(Number)]);
  return isIPv6(host)
    ? Buffer.concat([Buffer.from([4]), bytesOf(host)])
    : Buffer.concat([Buffer.from([3]), counted(host)]);
}

/** bytesOf are the 16 bytes of an IPv6 address. */
function bytesOf(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const behind = tail === undefined ? [] : groups(tail);
  const zeros = Array<string>(8 - groups(head).length - behind.length).fill('0');
  const all = [...groups(head), ...zeros, ...behind];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text).subarray(0, 255);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

async function readBytes(source: ByteSource, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let left = length; left > 0; ) {
    const part = await source.read(left);
    if (part === undefined) throw refused('EOF');
    parts.push(part);
    left -= part.length;
  }
  return Buffer.concat(parts);
}

function refused(words: string): RequestFailure {
  return new RequestFailure({
    code: 'other',
    detail: `the SOCKS proxy says: ${words}`,
    goSays: words,
    repair: [],
  });
}
