import { spawnSync } from 'node:child_process';
import { cpSync, createReadStream, mkdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { timeRun } from './app.ts';
import { figureOf } from './figure.ts';
import { prepareSubject, subject } from './module-subject.ts';
import { type Row, Skip } from './row.ts';

/** broken is the module whose zip is cut: one of the smaller ones. */
const broken = { escaped: 'github.com/google/uuid', path: 'github.com/google/uuid' };

/** moduleRepair: what comes over the network when one module is broken, beside what people do about it today. */
export const moduleRepair: Row = {
  name: 'module-repair',
  title: `repair of one module of ${subject}, beside go clean -modcache and go mod download`,
  async measure(bench) {
    const folder = join(bench.folder, 'module-repair');
    let proxy: CountingProxy | undefined;
    try {
      const { directory, environment, gomodcache } = prepareSubject(folder);
      const tree = join(folder, 'proxy');
      mkdirSync(tree);
      cpSync(join(gomodcache, 'cache', 'download'), tree, { recursive: true });
      proxy = await serveCounting(tree);
      // What the checksum database said is in GOMODCACHE already; this proxy has no database behind it.
      const settings = { ...environment, GOPROXY: proxy.url, GONOSUMDB: '*' };
      const place = { cwd: directory, env: { ...settings, ...bench.app.environment } };
      const version = versionOf(directory, settings, broken.path);
      const zip = join(gomodcache, 'cache', 'download', broken.escaped, '@v', `${version}.zip`);
      const zipBytes = statSync(zip).size;
      truncateSync(zip, Math.floor(zipBytes / 2));
      const module = `${broken.path}@${version}`;
      const repairMs = await timeRun([...bench.app.words, 'redownload', module, '--yes'], place);
      const repaired = proxy.take();
      await timeRun([...bench.app.words, 'verify', module], place);
      const startedAt = performance.now();
      await timeRun(['go', 'clean', '-modcache'], place);
      await timeRun(['go', 'mod', 'download'], place);
      const allMs = performance.now() - startedAt;
      const all = proxy.take();
      return [
        figureOf("the module's zip", [zipBytes / 1024], 'KiB', undefined),
        figureOf('repair: over the network', [repaired / 1024], 'KiB', undefined),
        figureOf('repair: over the network / its zip', [repaired / zipBytes], 'x', { atMost: 1.1 }),
        figureOf('repair', [repairMs], 'ms', undefined),
        figureOf('go clean -modcache and go mod download: over the network', [all / 1024], 'KiB', undefined),
        figureOf('go clean -modcache and go mod download', [allMs], 'ms', undefined),
      ];
    } finally {
      proxy?.server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function versionOf(cwd: string, settings: Readonly<Record<string, string>>, module: string): string {
  const env = { ...process.env, ...settings, GOPROXY: 'off' };
  const ran = spawnSync('go', ['list', '-m', '-f', '{{.Version}}', module], { cwd, env, encoding: 'utf8' });
  if (ran.status !== 0) throw new Skip(`${subject} does not need ${module}: ${ran.stderr.trim()}`);
  return ran.stdout.trim();
}

type CountingProxy = {
  readonly url: string;
  readonly server: Server;
  /** take gives the bytes of contents sent since it was called last. */
  take(): number;
};

/** serveCounting serves a tree in the layout of a module proxy. */
async function serveCounting(tree: string): Promise<CountingProxy> {
  let sent = 0;
  const server = createServer((request, response) => {
    const file = createReadStream(join(tree, decodeURIComponent(request.url ?? '/')));
    file.on('data', (chunk) => {
      sent += chunk.length;
    });
    file.on('error', () => {
      response.statusCode = 404;
      response.end('not found');
    });
    file.pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    take() {
      const taken = sent;
      sent = 0;
      return taken;
    },
  };
}
