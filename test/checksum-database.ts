import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Change replaces what the database answers to a path: other bytes, a status, or as it is. */
export type Change = (path: string, body: Buffer | undefined) => Buffer | number | undefined;

/** ChecksumDatabase is a real one, signed with a key of its own, as go asks it: `golang.org/x/mod/sumdb: Server`. */
export type ChecksumDatabase = {
  /** gosumdb is the value for GOSUMDB: name, key and address. */
  readonly gosumdb: string;
  readonly name: string;
  /** key is name, hash and key: with it go asks the database as the proxies or its name say. */
  readonly key: string;
  readonly url: string;
  /** asked are the paths of all requests. */
  readonly asked: string[];
  /** size is how many records it has: less than before sets it back. */
  size(): number;
  resize(size: number): void;
  /** fork makes all records from one on other ones: another history under the same key. */
  fork(from: number): void;
  /** change lies: undefined of a body leaves it as it is. */
  change(how: Change | undefined): void;
  close(): void;
};

export type DatabaseOptions = {
  /** fill is how many records of other modules stand before and behind those of go.sum. */
  readonly fill?: number;
};

/**
 * openChecksumDatabase serves the records of a go.sum text: for each version the line of its zip and of its go.mod. It also
 * serves itself as a proxy does that mirrors it, below `/sumdb/NAME/`.
 */
export async function openChecksumDatabase(
  goSum: string,
  { fill = 0 }: DatabaseOptions = {},
): Promise<ChecksumDatabase> {
  const name = 'sums.example.org';
  const signer = createSigner(name);
  const records = [...filler('before', fill), ...recordsOf(goSum), ...filler('behind', fill)];
  let leaves = records.map(leafOf);
  let { length: size } = leaves;
  let lie: Change | undefined;
  let signed: string | undefined;
  const asked: string[] = [];

  function answer(path: string): Buffer | undefined {
    const id = records.findIndex((record) => path === `/lookup/${record.name}`);
    if (path === '/latest') return Buffer.from(head());
    if (id !== -1 && id < size) return Buffer.from(`${id}\n${records[id]?.text}\n${head()}`);
    const tile = /^\/tile\/8\/(\d)\/(\d{3})(?:\.p\/(\d+))?$/.exec(path);
    if (tile === null) return undefined;
    const [, level, index, width = '256'] = tile;
    return tileOf(Number(level), Number(index), Number(width));
  }

  function head(): string {
    const hash = (): string => root(leaves.slice(0, size)).toString('base64');
    signed ??= signer.sign(`go.sum database tree\n${size}\n${hash()}\n`);
    return signed;
  }

  function tileOf(level: number, index: number, width: number): Buffer | undefined {
    const step = 256 ** level;
    const first = index * 256;
    if ((first + width) * step > size) return undefined;
    return Buffer.concat(
      Array.from({ length: width }, (_, at) =>
        root(leaves.slice((first + at) * step, (first + at + 1) * step)),
      ),
    );
  }

  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').replace(/!([a-z])/g, (_, letter) =>
      letter.toUpperCase(),
    );
    asked.push(path);
    const own = path.replace(`/sumdb/${name}`, '');
    const right = own === '/supported' && own !== path ? Buffer.alloc(0) : answer(own);
    const told = lie?.(own, right) ?? right;
    if (typeof told === 'number') response.writeHead(told).end(`status ${told}\n`);
    else if (told === undefined) response.writeHead(404).end(`not found: ${own}\n`);
    else response.end(told);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    gosumdb: `${signer.key} ${url}`,
    name,
    key: signer.key,
    url,
    asked,
    size: () => size,
    resize(to) {
      records.push(...filler(`more${records.length}`, to - records.length));
      leaves = [...leaves, ...records.slice(leaves.length).map(leafOf)];
      size = to;
      signed = undefined;
    },
    fork(from) {
      leaves = leaves.map((leaf, index) => (index < from ? leaf : sha256(leaf)));
      signed = undefined;
    },
    change(how) {
      lie = how;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

type DatabaseRecord = { readonly name: string; readonly text: string };

function recordsOf(goSum: string): readonly DatabaseRecord[] {
  const records = new Map<string, string>();
  for (const line of goSum.split('\n').filter((each) => each !== '')) {
    const [path, version = ''] = line.split(' ');
    const name = `${path}@${version.replace('/go.mod', '')}`;
    records.set(name, `${records.get(name) ?? ''}${line}\n`);
  }
  return [...records].map(([name, text]) => ({ name, text }));
}

function filler(of: string, count: number): readonly DatabaseRecord[] {
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const path = `${of}.example.org/m${index}`;
    return { name: `${path}@v1.0.0`, text: `${path} v1.0.0 h1:${'A'.repeat(43)}=\n` };
  });
}

function leafOf({ text }: DatabaseRecord): Buffer {
  return sha256(Buffer.from([0]), Buffer.from(text));
}

/** createSigner makes a key and signs notes with it: `golang.org/x/mod/sumdb/note`. */
function createSigner(name: string) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  // The last 32 bytes of the DER form are the key; 1 is note's number for ed25519.
  const key = Buffer.concat([
    Buffer.from([1]),
    publicKey.export({ type: 'spki', format: 'der' }).subarray(-32),
  ]);
  const hash = sha256(Buffer.from(`${name}\n`), key).subarray(0, 4);
  return {
    key: `${name}+${hash.toString('hex')}+${key.toString('base64')}`,
    sign(text: string): string {
      const signature = Buffer.concat([hash, sign(null, Buffer.from(text), privateKey)]);
      return `${text}\n\u2014 ${name} ${signature.toString('base64')}\n`;
    },
  };
}

/** root is the hash of a Merkle tree: RFC 6962, section 2.1. */
function root(hashes: readonly Buffer[]): Buffer {
  const [first] = hashes;
  if (first === undefined) return sha256();
  if (hashes.length === 1) return first;
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return sha256(Buffer.from([1]), root(hashes.slice(0, half)), root(hashes.slice(half)));
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
