// Captures what go commands print under -x, into test/fixtures/x/<go version>: for each scenario `name.stderr.txt` and
// `name.stdout.txt` as they came, and `name.user.txt`, the stderr of the same command without -x. Machine paths are
// replaced by neutral ones of the same meaning.
//
//   node scripts/capture-fixtures.ts [NAME...]
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { makeShop, type Shop, warmCache } from '../test/build/shop.ts';

type Scenario = {
  readonly name: string;
  readonly words: readonly string[];
  readonly before?: (shop: Shop) => void;
};

const again = (name: string, words: readonly string[]): Scenario => ({
  name,
  words,
  before: (shop) => void shop.run(...words),
});

// One package at a time, so that two runs print in the same order.
const scenarios: readonly Scenario[] = [
  { name: 'build-cold', words: ['go', 'build', '-p=1', './...'] },
  again('build-again', ['go', 'build', '-p=1', './...']),
  again('build-up-to-date', ['go', 'build', '-o', 'shop.exe', '.']),
  { name: 'build-error', words: ['go', 'build', '-p=1', '-tags=broken', './...'] },
  { name: 'build-cgo-error', words: ['go', 'build', '-p=1', '-tags=badcgo', './weigh'] },
  { name: 'build-json', words: ['go', 'build', '-json', '-p=1', '-tags=broken', './price', './round'] },
  { name: 'test-cold', words: ['go', 'test', '-p=1', './cart', './desk', './price'] },
  again('test-again', ['go', 'test', '-p=1', './cart', './desk', './price']),
  { name: 'test-cover', words: ['go', 'test', '-p=1', '-cover', './cart', './desk'] },
  { name: 'test-error', words: ['go', 'test', '-p=1', '-tags=broken', './cart', './round'] },
  {
    name: 'vet',
    words: ['go', 'vet', '-p=1', '-tags=sloppy', './cart', './desk'],
    // What vet finds out about the standard library is 200 kB of its own.
    before: (shop) => void shop.run('go', 'vet', '-tags=sloppy', './desk'),
  },
  // The compiler's words are saved with its output, and printed again.
  again('build-replay', ['go', 'build', '-p=1', '-gcflags=-m', './price', './cart']),
  {
    name: 'run',
    words: ['go', 'run', '.', 'WORK=/tmp/go-build1', 'mkdir -p $WORK/b001/', 'cd /tmp', 'exit'],
  },
  {
    name: 'script',
    words: [
      'sh',
      '-c',
      'go build -p=1 ./tools/list & go build -p=1 ./price & wait; GOARCH=arm64 go list ./round; go vet ./price',
    ],
  },
];

const version = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).stdout.trim();
const folder = resolve(
  import.meta.dirname,
  '..',
  'test',
  'fixtures',
  'x',
  version.replace(/^(go\d+\.\d+).*$/, '$1'),
);
const wanted = new Set(process.argv.slice(2));

const warm = warmCache(true);
mkdirSync(folder, { recursive: true });
try {
  for (const scenario of scenarios) if (wanted.size === 0 || wanted.has(scenario.name)) capture(scenario);
  if (wanted.size === 0 || wanted.has('download')) await captureDownload();
} finally {
  warm.remove();
}

function capture({ name, words, before }: Scenario): void {
  const shown = makeShop(warm.gocache);
  const plain = makeShop(warm.gocache);
  try {
    for (const shop of [shown, plain]) before?.(shop);
    const ran = spawnWithX(words, shown);
    write(`${name}.stderr.txt`, ran.stderr, shown);
    write(`${name}.stdout.txt`, ran.stdout, shown);
    write(`${name}.user.txt`, plain.run(...words).stderr, plain);
  } finally {
    shown.remove();
    plain.remove();
  }
}

function spawnWithX(words: readonly string[], shop: Shop, more: Readonly<Record<string, string>> = {}) {
  return spawnSync(words[0] ?? '', words.slice(1), {
    cwd: shop.directory,
    env: { ...shop.environment, GOFLAGS: `${shop.environment.GOFLAGS} -x`, ...more },
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** captureDownload fetches the modules of sample/ through a proxy on this machine, to see its `# get` lines. */
async function captureDownload(): Promise<void> {
  const sample = resolve(import.meta.dirname, '..', 'sample');
  const server = createServer((request, response) => {
    const name = request.url === '/example.org/clockwork/@v/v0.3.1.info' ? '' : (request.url ?? '');
    try {
      response.end(readFileSync(join(sample, 'proxy', name)));
    } catch {
      response.writeHead(404).end('not found');
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const shop = makeShop(warm.gocache, {
    'go.mod': readFileSync(join(sample, 'go.mod'), 'utf8'),
    'main.go': 'package main\n\nimport _ "example.org/clockwork"\n\nfunc main() {}\n',
  });
  const environment = {
    ...shop.environment,
    GOFLAGS: '-mod=mod -modcacherw -x',
    GOMODCACHE: join(shop.directory, '..', 'mod'),
    GOPROXY: `http://127.0.0.1:${port}`,
    GOSUMDB: 'off',
  };
  const child = spawn('go', ['build', '-o', 'shop.exe', '.'], { cwd: shop.directory, env: environment });
  const pieces: Buffer[] = [];
  child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
  await new Promise((closed) => child.on('close', closed));
  server.close();
  const text = Buffer.concat(pieces)
    .toString('latin1')
    .replaceAll(`http://127.0.0.1:${port}`, 'https://proxy.example');
  write('download.stderr.txt', Buffer.from(text, 'latin1'), shop);
  shop.remove();
}

function write(name: string, bytes: Buffer, shop: Shop): void {
  if (bytes.length === 0) {
    rmSync(join(folder, name), { force: true });
    return;
  }
  const top = resolve(shop.directory, '..');
  const works = new Map<string, string>();
  const text = bytes
    .toString('latin1')
    .replaceAll(shop.gocache, '/home/dev/.cache/go-build')
    .replaceAll(join(top, 'mod'), '/home/dev/go/pkg/mod')
    .replaceAll(shop.directory, '/home/dev/src/shop')
    .replaceAll(new RegExp(`${join(top, 'tmp')}/(go-build\\d+)`, 'g'), (_, work: string) => {
      works.set(work, works.get(work) ?? `/tmp/go-build${1234567890 + works.size}`);
      return works.get(work) ?? '';
    });
  writeFileSync(join(folder, name), text, 'latin1');
}
