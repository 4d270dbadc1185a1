import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { sampleDirectory, sampleEnvironment } from '../../../scripts/sample-environment.ts';
import { isProblem, readGoEnv } from '../../../source/go/env.ts';
import { unknownModule } from '../../../source/operations/conformance/paths.ts';
import {
  type Conformance,
  checkConformance,
  type Unchecked,
} from '../../../source/operations/conformance/run.ts';
import type { Get } from '../../../source/operations/sumdb-check/get.ts';
import { ask } from '../../../source/proxy/ask/run.ts';
import { type ChecksumDatabase, openChecksumDatabase } from '../../checksum-database.ts';
import { makeZip } from '../../checksums/zip-writer.ts';
import { openProxyServer, type ProxyServer } from './server.ts';

export const clockwork = 'example.org/clockwork@v0.3.1';
const quay = 'example.org/Quay/columns@v1.2.0';
const commit = 'v0.0.0-20250101120000-0123456789ab';
const unknown = 'v0.0.0-gocachetop.conformance';

/** World is a good server of the sample's modules, which tests break, and a checksum database that it mirrors. */
export type World = {
  readonly server: ProxyServer;
  readonly database: ChecksumDatabase;
  readonly tree: string;
  /** top holds all of it, the sample among it. */
  readonly top: string;
  readonly settings: Readonly<Record<string, string | undefined>>;
  /** tryCheck runs the checks; an empty word lets them find a module. */
  tryCheck(
    word: string,
    url?: string,
    more?: Readonly<Record<string, string>>,
  ): Promise<Conformance | Unchecked>;
  check(word?: string, url?: string): Promise<Conformance>;
  /** goOutcomes is all that real go commands get through the server, each with an empty GOMODCACHE of its own. */
  goOutcomes(): Promise<readonly string[]>;
  close(): void;
};

export async function openWorld(): Promise<World> {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'conformance-')));
  const database = await openChecksumDatabase(readFileSync(join(sampleDirectory, 'go.sum'), 'utf8'));
  const tree = join(top, 'tree');
  cpSync(join(sampleDirectory, 'proxy'), tree, { recursive: true });
  // A module without a tag: its only versions are commits, which stand in no list.
  writeModule(tree, 'example.org/untagged', commit);
  writeFileSync(join(tree, 'example.org', 'untagged', '@v', 'list'), '');
  writeFileSync(join(tree, 'example.org', 'untagged', '@latest'), JSON.stringify({ Version: commit }));
  const server = await openProxyServer(tree, database.url);
  const settings = {
    ...process.env,
    ...sampleEnvironment(top),
    HOME: top,
    GOPATH: join(top, 'gopath'),
    GOSUMDB: database.key,
    // Nothing here speaks TLS: the roots of the system would be read for each request.
    SSL_CERT_FILE: '/dev/null',
    SSL_CERT_DIR: join(top, 'none'),
  };
  cpSync(sampleDirectory, join(top, 'sample'), { recursive: true });
  // A second entry of GOPROXY: a tree with just what the first must say 404 to.
  const behind = join(top, 'behind');
  writeModule(behind, unknownModule, 'v1.0.0');
  writeModule(behind, 'example.org/clockwork', unknown);
  mkdirSync(join(top, 'empty'));
  writeFileSync(join(top, 'empty', 'go.mod'), 'module example.org/empty\n\ngo 1.21\n');

  const world: World = {
    server,
    database,
    tree,
    top,
    settings,
    async tryCheck(word, url = server.url, more = {}) {
      const environment = { ...settings, ...more };
      const env = await readGoEnv({ goCommand: 'go', cwd: join(top, 'sample'), environment });
      if (isProblem(env)) throw new Error(env.why);
      const get: Get = (target, options) =>
        ask(target, { environment, timeoutMs: 5000, maxBytes: 65_536, ...options });
      return checkConformance({ env, url, module: word === '' ? undefined : word, get });
    },
    async check(word = clockwork, url = server.url) {
      const found = await world.tryCheck(word, url);
      if ('why' in found) throw new Error(found.why);
      return found;
    },
    goOutcomes() {
      const twoEntries = { GOPROXY: `${server.url},${pathToFileURL(behind).href}` };
      return Promise.all([
        go('sample', {}, 'mod', 'download', '-json', clockwork, quay),
        go('empty', {}, 'list', '-m', '-versions', 'example.org/clockwork'),
        go('empty', {}, 'list', '-m', 'example.org/clockwork@latest'),
        go('empty', {}, 'list', '-m', 'example.org/untagged@latest'),
        go('empty', twoEntries, 'mod', 'download', '-json', `${unknownModule}@v1.0.0`),
        go('empty', twoEntries, 'mod', 'download', '-json', `example.org/clockwork@${unknown}`),
        go('empty', { GOSUMDB: database.key }, 'mod', 'download', '-json', clockwork),
        go('sample', { GOFLAGS: '-mod=mod -modcacherw' }, 'list', '-deps', './...'),
      ]);
    },
    close() {
      server.close();
      database.close();
      rmSync(top, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return world;

  async function go(
    where: string,
    more: Readonly<Record<string, string>>,
    ...words: string[]
  ): Promise<string> {
    const gomodcache = mkdtempSync(join(top, 'gomodcache-'));
    const env = {
      ...settings,
      GOPROXY: server.url,
      GOSUMDB: 'off',
      GOPATH: gomodcache,
      GOMODCACHE: gomodcache,
      ...more,
    };
    const options = { cwd: join(top, where), env, reject: false, timeout: 60_000 } as const;
    const { exitCode, stdout } = await execa('go', words, options);
    return `${words.join(' ')}: ${exitCode} ${stdout.replaceAll(gomodcache, '')}`;
  }
}

function writeModule(tree: string, path: string, version: string): void {
  const folder = join(tree, path, '@v');
  mkdirSync(folder, { recursive: true });
  const goMod = `module ${path}\n`;
  writeFileSync(join(folder, `${version}.info`), JSON.stringify({ Version: version }));
  writeFileSync(join(folder, `${version}.mod`), goMod);
  writeFileSync(
    join(folder, `${version}.zip`),
    makeZip([{ name: `${path}@${version}/go.mod`, content: goMod }]),
  );
}

/** failed are the checks that failed. */
export function failed({ checks }: Conformance): readonly string[] {
  return checks.filter(({ outcome }) => outcome === 'fail').map(({ id }) => id);
}
