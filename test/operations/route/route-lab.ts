import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type ProxyModule, writeProxyModules } from '../../../scripts/module-proxy.ts';
import { openChecksumDatabase } from '../../checksum-database.ts';
import { openCertificateOffice } from '../../proxy/faults/certificates.ts';

/** RouteLab is a real module proxy of any mode, a checksum database with a key of its own, and a place for real go commands. */
export type RouteLab = {
  /**
   * goproxy writes a chain with its hops' URLs: `404,ok|direct`. `ok` serves the tree, `sum` too and passes on to the checksum
   * database, a number is the status of all, `refused` a port where nothing listens; see serveHop for those that are in the way
   * only in part.
   */
  goproxy(row: string, chain: string): string;
  readonly gosumdb: { readonly atUrl: string; readonly behindProxies: string };
  /** go runs a go command in a folder and with caches of its own. */
  go(
    row: string,
    settings: Readonly<Record<string, string>>,
    args: readonly string[],
    files?: Readonly<Record<string, string>>,
  ): Promise<GoEnd>;
  environment(row: string, settings: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** sums are the lines of go.sum of all modules of the tree. */
  readonly sums: string;
  close(): void;
};

/** GoEnd is how a go command ended. */
export type GoEnd = { readonly exitCode: number; readonly stderr: string; readonly stdout: string };

/** openRouteLab starts all of it on this machine. */
export async function openRouteLab(): Promise<RouteLab> {
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-route-'));
  const tree = join(folder, 'proxy');
  writeProxyModules(tree, modules);
  // Without a tagged version a proxy lists nothing and says at @latest which commit is the newest.
  const untagged = join(tree, 'lib.example.org/untagged');
  writeFileSync(join(untagged, '@v/list'), '');
  writeFileSync(join(untagged, '@latest'), readFileSync(join(untagged, `@v/${pseudo}.info`)));
  // One that has no @latest either has the commit in its list.
  writeFileSync(join(tree, 'lib.example.org/commits/@v/list'), `${pseudo}\n`);
  const repository = makeRepository(folder);
  await promisify(execFile)('sh', ['-c', repository.script]);

  const pages = await servePages(folder);
  const environment = (row: string, settings: Readonly<Record<string, string>>) => ({
    ...pages.environment,
    PATH: process.env.PATH ?? '',
    HOME: join(folder, 'home'),
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
    GOTELEMETRY: 'off',
    GO111MODULE: 'on',
    GOWORK: 'off',
    GOCACHE: join(folder, 'gocache'),
    GOPATH: join(folder, row, 'gopath'),
    GOMODCACHE: join(folder, row, 'mod'),
    GOSUMDB: 'off',
    LANG: 'C.UTF-8',
    // The origin is a repository in this folder.
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: `url.${pathToFileURL(repository.path).href}.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/lab/tool',
    GIT_CONFIG_KEY_1: `url.${pathToFileURL(repository.path).href}.insteadOf`,
    GIT_CONFIG_VALUE_1: 'https://code.example.org/tool',
    ...settings,
  });
  const go: RouteLab['go'] = async (row, settings, args, files = {}) => {
    const cwd = join(folder, row, 'main');
    mkdirSync(cwd, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    try {
      const { stdout, stderr } = await promisify(execFile)('go', [...args], {
        cwd,
        env: environment(row, settings),
      });
      return { exitCode: 0, stdout, stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { exitCode: code, stdout, stderr };
    }
  };

  const all = modules
    .filter(({ path }) => path !== 'github.com/lab/tool')
    .map(({ path, version }) => `${path}@${version}`);
  const listed = await go('sums', { GOPROXY: pathToFileURL(tree).href }, [
    'mod',
    'download',
    '-json',
    ...all,
  ]);
  const sums = readSums(listed.stdout);
  const database = await openChecksumDatabase(sums);
  const [key = '', databaseUrl = ''] = database.gosumdb.split(' ');

  const server = createServer((incoming, outgoing) => serveHop(tree, databaseUrl, incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  pages.modulesAt(`http://127.0.0.1:${port}/pages/ok`);
  return {
    goproxy: (row, chain) => {
      let at = 0;
      return chain.replace(/[^,|\s]+/g, (token) => {
        if (/^(?:direct|off|foo|[a-z]+:.*)$/.test(token)) return token;
        if (token === 'file') return pathToFileURL(tree).href;
        if (token === 'nofile') return pathToFileURL(join(folder, 'none')).href;
        if (token === 'refused') return 'http://127.0.0.1:1/refused';
        if (token === 'nohost') return 'http://nohost.invalid';
        at += 1;
        return `http://127.0.0.1:${port}/${row}${at}/${token}`;
      });
    },
    gosumdb: { atUrl: database.gosumdb, behindProxies: key },
    go,
    environment,
    sums,
    close() {
      server.closeAllConnections();
      server.close();
      pages.close();
      database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** pseudo is a version that names a commit. */
export const pseudo = 'v0.0.0-20260105090000-0123456789ab';

const modules: readonly ProxyModule[] = [
  module('lib.example.org/one', 'v1.0.0'),
  module('lib.example.org/one', 'v1.1.0'),
  module('lib.example.org/one', 'v1.2.0-rc.1'),
  module('lib.example.org/Upper', 'v1.0.0'),
  module('lib.example.org/taken', 'v1.0.0'),
  module('lib.example.org/taken', 'v1.0.1', '\nretract v1.0.1\n'),
  module('lib.example.org/untagged', pseudo),
  module('lib.example.org/commits', pseudo),
  module('lib.example.org/legacy', 'v1.0.0', undefined),
  module('lib.example.org/legacy', 'v2.0.0+incompatible', undefined),
  module('lib.example.org/kept', 'v1.0.0'),
  module('lib.example.org/kept', 'v2.0.0+incompatible', undefined),
  module('github.com/lab/tool', 'v1.0.0'),
  module('go.lab.example/proxied', 'v1.0.0'),
];

function module(path: string, version: string, more: string | undefined = ''): ProxyModule {
  const files = new Map([['a.go', Buffer.from('package a\n')]]);
  if (more !== undefined) files.set('go.mod', Buffer.from(`module ${path}\n\ngo 1.21\n${more}`));
  return { path, version, files };
}

/** makeRepository says how to make the git repository of github.com/lab/tool. */
function makeRepository(folder: string): { readonly path: string; readonly script: string } {
  const path = join(folder, 'tool');
  const git = `git -C ${path} -c user.name=lab -c user.email=lab@example.org`;
  const script = `git init -q ${path} && printf 'module github.com/lab/tool\\n\\ngo 1.21\\n' > ${path}/go.mod &&
    mkdir ${path}/sub && printf 'module go.lab.example/group/sub\\n' > ${path}/sub/go.mod &&
    ${git} add . && ${git} commit -qm one && ${git} tag v1.0.0 && ${git} tag sub/v1.0.0`;
  return { path, script };
}

function readSums(json: string): string {
  return json
    .split(/(?<=^\})\n/m)
    .filter((text) => text.trim() !== '')
    .map((text) => JSON.parse(text) as { Path: string; Version: string; Sum: string; GoModSum: string })
    .map(
      ({ Path, Version, Sum, GoModSum }) =>
        `${Path} ${Version} ${Sum}\n${Path} ${Version}/go.mod ${GoModSum}\n`,
    )
    .join('');
}

function serveHop(tree: string, database: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const [, row = '', mode = '', path = ''] =
    /^\/([^/]+)\/([^/]+)\/(.*)$/.exec(decodeURIComponent(incoming.url ?? '')) ?? [];
  const status = (code: number, text = `no: ${code}\n`) =>
    outgoing.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
  const html = () =>
    outgoing.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><body>log in</body></html>');
  if (/^\d+$/.test(mode)) return void status(Number(mode));
  const sumdb = /^sumdb\/[^/]+(?:\/[^/]+)?\/(supported|lookup\/.*|tile\/.*|latest)$/.exec(path)?.[1];
  if (sumdb !== undefined) {
    if (mode === 'sum403') return void status(403);
    if (sumdb === 'supported') return void status(mode.startsWith('sum') ? 200 : 404, '');
    if (mode === 'sumlookup404' && sumdb.startsWith('lookup/')) return void status(404, 'not found\n');
    if (mode === 'sumlookup500' && sumdb.startsWith('lookup/')) return void status(500);
    return void request(`${database}/${sumdb}`, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500);
      answer.pipe(outgoing);
    }).end();
  }
  const extension = /[^./]*$/.exec(path)?.[0] ?? '';
  const [, of = '', how = ''] = /^(zip|mod|list)(404|403|500|html|bad)$/.exec(mode) ?? [];
  if (of === extension) {
    if (how === 'html') return void html();
    if (how === 'bad') return void status(200, 'module lib.example.org/evil\n');
    return void status(Number(how));
  }
  switch (mode) {
    case 'html':
      return void html();
    case 'empty':
      return void status(200, '');
    case 'hangup':
      return void incoming.socket.destroy();
    case 'cut':
      // The header promises more than comes.
      outgoing.writeHead(200, { 'Content-Length': '100000' }).write('{"Vers');
      return void setImmediate(() => incoming.socket.destroy());
    case 'redirect':
      return void outgoing.writeHead(302, { Location: `/${row}/ok/${path}` }).end();
    case 'other':
      if (extension === 'info') return void status(200, '{"Version":"v9.9.9"}');
  }
  try {
    const content = readFileSync(join(tree, ...path.split('/')));
    outgoing.writeHead(200).end(content);
  } catch {
    status(404, 'not found\n');
  }
}

/**
 * servePages answers for every host of .lab.example over TLS, with a root of its own, behind an HTTP proxy: so go and we find hosts
 * that no DNS knows. A host `plain...` is there over http alone, `gone...` not at all.
 */
async function servePages(folder: string): Promise<{
  readonly environment: Readonly<Record<string, string>>;
  modulesAt(url: string): void;
  close(): void;
}> {
  const office = openCertificateOffice();
  const root = office.certify({ subject: '/CN=lab root', isAuthority: true });
  const leaf = office.certify({ subject: '/CN=lab', issuer: root, names: 'DNS:*.lab.example' });
  office.close();
  writeFileSync(join(folder, 'root.pem'), root.certificate);
  let modulesAt = '';
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { pathname } = new URL(incoming.url ?? '/', 'https://go.lab.example');
    const tags = tagsOf(`${incoming.headers.host}${pathname}`.replace(/\/$/, ''), modulesAt);
    const status = pathname.startsWith('/status') ? 404 : 200;
    outgoing.writeHead(pathname === '/nothing' ? 404 : status, { 'Content-Type': 'text/html' });
    outgoing.end(`<html><head>${tags}</head><body>${goImport('x y https://z.example')}</body></html>`);
  };
  const secure = createSecureServer({ cert: leaf.certificate, key: leaf.key }, answer);
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  // A request to the HTTP proxy itself is one for http://; CONNECT is for https://.
  const proxy = createServer(answer);
  proxy.on('connect', (incoming, socket) => {
    if (!/^(?!plain|gone)[a-z]+\.lab\.example:443$/.test(incoming.url ?? '')) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const { port } = secure.address() as AddressInfo;
    const there = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
    socket.on('error', () => there.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    environment: {
      HTTP_PROXY: url,
      HTTPS_PROXY: url,
      NO_PROXY: 'nohost.invalid',
      SSL_CERT_FILE: join(folder, 'root.pem'),
      SSL_CERT_DIR: folder,
    },
    modulesAt(at) {
      modulesAt = at;
    },
    close() {
      for (const server of [secure, proxy]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function goImport(content: string): string {
  return `<meta name="go-import" content="${content}">`;
}

/** tagsOf is what the page of an import path says. */
function tagsOf(path: string, modulesAt: string): string {
  const [host = '', name = ''] = path.split('/');
  const root = `${host}/${name}`;
  const git = 'git https://code.example.org/tool';
  switch (name) {
    case 'tool':
    case 'status':
      return goImport(`${root} ${git}`);
    case 'proxied':
      return goImport(`${root} ${git}`) + goImport(`${root} mod ${modulesAt}`);
    case 'svn':
      return goImport(`${root} svn https://code.example.org/svn`);
    case 'strange':
      return goImport(`${root} cvs https://code.example.org/cvs`);
    case 'file':
      return goImport(`${root} git file:///etc`);
    case 'bare':
      return goImport(`${root} git code.example.org/tool`);
    case 'twice':
      return goImport(`${root} ${git}`) + goImport(`${root} hg https://code.example.org/hg`);
    case 'other':
      return goImport(`other.example.org/other ${git}`);
    case 'team':
      // Only the page of the prefix itself says so.
      return path === root ? '' : goImport(`${root} ${git}`);
    case 'group':
      return goImport(`${root} ${git}`);
    default:
      return '';
  }
}
