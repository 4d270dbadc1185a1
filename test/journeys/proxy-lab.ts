import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleDirectory, sampleEnvironment } from '../../scripts/sample-environment.ts';
import { openCertificateOffice } from '../proxy/faults/certificates.ts';
import type { Environment } from '../pty/environment.ts';
import { openTerminal, type Terminal } from '../pty/terminal.ts';
import { program } from './dock.ts';

/** secret stands in every GOPROXY of these tests, and must never be written to the terminal. */
export const secret = 'sesame';

/** ProxyLab is a user with a main module that needs two modules, and servers that have them. */
export type ProxyLab = {
  readonly folder: string;
  /** module is a copy of the sample without its proxy. */
  readonly module: string;
  readonly env: Environment;
  /** http has the modules; empty has none. tls shows its own certificate only, until it is mended. */
  readonly http: Served;
  readonly empty: Served;
  readonly tls: Served & { readonly mend: () => void };
  /** silent takes connections, and never answers. */
  readonly silent: string;
  /** go runs a real go command, and gives what it wrote, its stderr last. */
  readonly go: (env: Environment, ...words: readonly string[]) => Promise<string>;
  readonly open: (options: {
    readonly env: Environment;
    readonly args?: readonly string[];
    readonly cols?: number;
    readonly rows?: number;
  }) => Terminal;
  readonly close: () => void;
};

export type Served = {
  /** url has a user and a password in it where it is https: go sends them over TLS alone. */
  readonly url: string;
  readonly port: number;
  /** requests are the paths that were asked for. */
  readonly requests: readonly string[];
};

/** openProxyLab starts the servers. */
export async function openProxyLab(): Promise<ProxyLab> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gocachetop-proxy-')));
  const module = join(folder, 'sample');
  mkdirSync(join(folder, 'home', '.config', 'go', 'telemetry'), { recursive: true });
  // Else a process of go's telemetry writes there when all is removed (golang.org/x/telemetry).
  writeFileSync(join(folder, 'home', '.config', 'go', 'telemetry', 'mode'), 'off');
  cpSync(sampleDirectory, module, {
    recursive: true,
    filter: (path) => path !== join(sampleDirectory, 'proxy'),
  });
  const office = openCertificateOffice();
  const root = office.certify({ subject: '/CN=Corp Root', isAuthority: true });
  const issuing = office.certify({ subject: '/CN=Corp Issuing CA 2', isAuthority: true, issuer: root });
  const leaf = office.certify({ subject: '/CN=go.corp.example', issuer: issuing, names: 'IP:127.0.0.1' });
  office.close();
  writeFileSync(join(folder, 'root.pem'), root.certificate);

  const http = serve((path) => readProxy(path));
  const chain = { key: leaf.key, cert: leaf.certificate + issuing.certificate };
  const empty = serve(() => undefined, chain);
  const tls = serve(readProxy, { key: leaf.key, cert: leaf.certificate });
  const silent = createRawServer();
  const sockets = new Set<Socket>();
  silent.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  const servers = [http.server, empty.server, tls.server, silent];
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  );
  const served = ({ server, requests, isTls }: ReturnType<typeof serve>): Served => {
    const { port } = server.address() as AddressInfo;
    const url = isTls ? `https://user:${secret}@127.0.0.1:${port}` : `http://127.0.0.1:${port}`;
    return { url, port, requests };
  };

  const { GOENV: _, ...sample } = sampleEnvironment(folder);
  const env: Environment = {
    ...sample,
    GOENV: join(folder, 'goenv'),
    HOME: join(folder, 'home'),
    GOPATH: join(folder, 'gopath'),
    GOPRIVATE: undefined,
    GONOPROXY: undefined,
    GONOSUMDB: undefined,
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CACHE_HOME: join(folder, 'xdg'),
    SSL_CERT_FILE: join(folder, 'root.pem'),
    // Go asks no proxy for 127.0.0.1, and neither may we.
    HTTP_PROXY: undefined,
    HTTPS_PROXY: undefined,
  };
  return {
    folder,
    module,
    env,
    silent: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    http: served(http),
    empty: served(empty),
    tls: {
      ...served(tls),
      mend: () => (tls.server as ReturnType<typeof createTlsServer>).setSecureContext(chain),
    },
    // The servers are of this process: nothing may block it meanwhile.
    go: (more, ...words) =>
      new Promise((resolve) => {
        const options = { cwd: module, env: environment({ ...env, ...more }), encoding: 'utf8' } as const;
        execFile('go', words, options, (_error, stdout, stderr) => resolve((stdout + stderr).trim()));
      }),
    open: ({ env: more, args = [], cols = 100, rows = 34 }) =>
      openTerminal({
        command: program[0],
        args: [program[1], ...args],
        cwd: module,
        env: { ...env, ...more },
        cols,
        rows,
      }),
    close() {
      for (const server of servers) {
        server.close();
        if ('closeAllConnections' in server) server.closeAllConnections();
      }
      for (const socket of sockets) socket.destroy();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** environment leaves out what has no value. */
function environment(changes: Environment): NodeJS.ProcessEnv {
  const all = { ...process.env, ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function readProxy(path: string): Buffer | undefined {
  try {
    return readFileSync(join(sampleDirectory, 'proxy', path));
  } catch {
    return undefined;
  }
}

function serve(
  find: (path: string) => Buffer | undefined,
  tls?: { readonly key: string; readonly cert: string },
) {
  const requests: string[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    answer(request, response, requests, find);
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  return { requests, server, isTls: tls !== undefined };
}

function answer(
  { url = '/' }: IncomingMessage,
  response: ServerResponse,
  requests: string[],
  find: (path: string) => Buffer | undefined,
): void {
  const path = decodeURIComponent(url);
  requests.push(path);
  const body = find(path);
  if (body === undefined) response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
  else response.end(body);
}
