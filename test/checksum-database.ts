import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** ChecksumDatabase is a real one, signed with a key of its own, as go asks it: `golang.org/x/mod/sumdb: Server`. */
export type ChecksumDatabase = {
  /** gosumdb is the value for GOSUMDB: name, key and address. */
  readonly gosumdb: string;
  readonly name: string;
  /** asked are the paths of all requests. */
  readonly asked: string[];
  close(): void;
};

/** openChecksumDatabase serves the records of a go.sum text: for each version the line of its zip and of its go.mod. */
export async function openChecksumDatabase(goSum: string): Promise<ChecksumDatabase> {
  const name = 'sums.example.org';
  const records = recordsOf(goSum);
  const signer = createSigner(name);
  const leaves = records.map(({ text }) => sha256(Buffer.from([0]), Buffer.from(text)));
  const tree = signer.sign(`go.sum database tree\n${leaves.length}\n${root(leaves).toString('base64')}\n`);
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').replace(/!([a-z])/g, (_, letter) =>
      letter.toUpperCase(),
    );
    asked.push(path);
    const id = records.findIndex((record) => path === `/lookup/${record.name}`);
    if (path === '/latest') response.end(tree);
    else if (id !== -1) response.end(`${id}\n${records[id]?.text}\n${tree}`);
    // All records fit into one tile of height 8.
    else if (path === `/tile/8/0/000.p/${leaves.length}`) response.end(Buffer.concat(leaves));
    else response.writeHead(404).end('not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    gosumdb: `${signer.key} http://127.0.0.1:${port}`,
    name,
    asked,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function recordsOf(goSum: string): readonly { readonly name: string; readonly text: string }[] {
  const records = new Map<string, string>();
  for (const line of goSum.split('\n').filter((each) => each !== '')) {
    const [path, version = ''] = line.split(' ');
    const name = `${path}@${version.replace('/go.mod', '')}`;
    records.set(name, `${records.get(name) ?? ''}${line}\n`);
  }
  return [...records].map(([name, text]) => ({ name, text }));
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
