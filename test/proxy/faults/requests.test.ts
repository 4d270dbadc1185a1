import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../../source/go/settings.ts';
import { askModule } from './ask-module.ts';
import { openCertificateOffice } from './certificates.ts';
import { openGoPlace } from './go-download.ts';
import { type Listening, serveHttp, serveHttps, serveModule } from './servers.ts';

const place = openGoPlace();
const office = openCertificateOffice();
const root = office.certify({ subject: '/CN=Lab Root', isAuthority: true });
const names = 'IP:127.0.0.1,DNS:localhost,DNS:go.example,DNS:files.go.example,DNS:else.example';
const leaf = office.certify({ subject: '/CN=Lab', issuer: root, names });
const tls = { cert: leaf.certificate, key: leaf.key };
const trust = { SSL_CERT_FILE: join(place.folder, 'root.pem'), SSL_CERT_DIR: join(place.folder, 'empty') };
writeFileSync(trust.SSL_CERT_FILE, root.certificate);
mkdirSync(trust.SSL_CERT_DIR);
office.close();

afterAll(() => place.close());

type Scene = {
  readonly name: string;
  /** userinfo stands in the URL of the proxy. */
  readonly userinfo?: string;
  readonly isPlain?: boolean;
  readonly settings?: (folder: string, at: string) => Environment;
  /** answer is that of the first server; `other` is the origin of a second one, with another port. */
  readonly answer?: (request: IncomingMessage, other: string) => Answer | undefined;
  /** other is the host of the second server. */
  readonly other?: string;
};

/** Answer is a status and headers; undefined for the module itself. */
type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>> };

const netrc = (text: string) => (folder: string, at: string) => ({
  NETRC: write(folder, 'netrc', text.replaceAll('127.0.0.1:PORT', at)),
});

/** helper is a GOAUTH command made of a shell script. */
const helper = (script: string) => (folder: string, at: string) => {
  const file = write(folder, 'helper', `#!/bin/sh\n${script.replaceAll('AT', at)}\n`);
  chmodSync(file, 0o755);
  return { GOAUTH: file };
};

const wants = (expected: string) => (request: IncomingMessage) =>
  request.headers.authorization === expected ? undefined : { status: 401 };
const basic = (login: string) => `Basic ${Buffer.from(login).toString('base64')}`;
const sendTo = (path: (other: string, url: string) => string) => (request: IncomingMessage, other: string) =>
  request.url?.startsWith('/moved/') === true
    ? undefined
    : { status: 302, headers: { location: path(other, request.url ?? '') } };

const scenes: readonly Scene[] = [
  { name: 'no credentials' },
  { name: 'plain HTTP', isPlain: true },
  {
    name: 'a name and a password in the URL',
    userinfo: 'gopher:sec%20ret%40',
    answer: wants(basic('gopher:sec ret@')),
  },
  { name: 'a name only', userinfo: 'token', answer: wants(basic('token:')) },
  { name: 'a password by plain HTTP', userinfo: 'gopher:secret', isPlain: true },
  { name: 'netrc', settings: netrc('machine 127.0.0.1:PORT login gopher password secret\n') },
  { name: 'netrc for any port', settings: netrc('machine 127.0.0.1 login gopher password secret\n') },
  {
    name: 'netrc of two',
    settings: netrc(
      'machine localhost:PORT\nlogin a\npassword b\nmachine 127.0.0.1:PORT login c password d machine 127.0.0.1:PORT login e password f',
    ),
  },
  {
    name: 'netrc with a macro',
    settings: netrc(
      'macdef init\nmachine 127.0.0.1:PORT login a password b\n\nmachine 127.0.0.1:PORT login c password d\n',
    ),
  },
  {
    name: 'netrc with a default',
    settings: netrc('default login a password b\nmachine 127.0.0.1:PORT login c password d\n'),
  },
  { name: 'netrc after a default', settings: netrc('default\nmachine 127.0.0.1:PORT login c password d\n') },
  { name: 'netrc without a password', settings: netrc('machine 127.0.0.1:PORT login gopher\n') },
  {
    name: 'netrc by plain HTTP',
    isPlain: true,
    settings: netrc('machine 127.0.0.1:PORT login gopher password secret\n'),
  },
  {
    name: 'netrc in the home',
    settings: (folder, at) => ({ HOME: homeWith(folder, `machine ${at} login gopher password secret\n`) }),
  },
  {
    name: 'netrc and a password in the URL',
    userinfo: 'gopher:secret',
    settings: netrc('machine 127.0.0.1:PORT login a password b\n'),
  },
  { name: 'no NETRC file', settings: (folder) => ({ NETRC: join(folder, 'none') }) },
  {
    name: 'GOAUTH=off',
    settings: (folder, at) => ({
      ...netrc(`machine ${at} login gopher password secret\n`)(folder, at),
      GOAUTH: 'off',
    }),
  },
  {
    name: 'GOAUTH=netrc',
    settings: (folder, at) => ({
      ...netrc(`machine ${at} login gopher password secret\n`)(folder, at),
      GOAUTH: 'netrc',
    }),
  },
  { name: 'GOAUTH=off;netrc', settings: () => ({ GOAUTH: 'off;netrc' }) },
  { name: 'GOAUTH of nothing', settings: () => ({ GOAUTH: 'netrc;;' }) },
  { name: 'GOAUTH=git without a folder', settings: () => ({ GOAUTH: 'git' }) },
  { name: 'GOAUTH=git with a relative folder', settings: () => ({ GOAUTH: 'git here' }) },
  { name: 'GOAUTH=git with a folder that is not there', settings: () => ({ GOAUTH: 'git /no/such/folder' }) },
  {
    name: 'GOAUTH=git',
    settings: (folder, at) => gitStore(folder, `https://gopher:secret@${at.replace(':', '%3a')}\n`),
    answer: wants(basic('gopher:secret')),
  },
  {
    name: 'GOAUTH=git that knows nothing',
    settings: (folder) => gitStore(folder, ''),
    answer: wants('nobody'),
  },
  {
    name: 'a helper',
    settings: helper("printf 'https://AT\\n\\nAuthorization: Bearer t0ken\\nX-Extra: more\\n\\n'"),
  },
  {
    name: 'a helper for a path',
    settings: helper(
      "printf 'https://AT/example.com\\n\\nPrivate-Token: a\\n\\nhttps://AT\\n\\nPrivate-Token: b\\n\\n'",
    ),
  },
  {
    name: 'a helper that wants to know the URL',
    settings: helper('[ -n "$1" ] && printf "https://AT\\n\\nAuthorization: Bearer t0ken\\n\\n"'),
    answer: wants('Bearer t0ken'),
  },
  {
    name: 'a helper that reads the answer',
    settings: helper(
      'read -r protocol status rest; [ "$status" = 403 ] && printf "https://AT\\n\\nAuthorization: Bearer $status\\n\\n"',
    ),
    answer: (request) => (request.headers.authorization === 'Bearer 403' ? undefined : { status: 403 }),
  },
  { name: 'a helper that fails', settings: helper('exit 1') },
  {
    name: 'a helper without an end',
    settings: helper("printf 'https://AT\\n\\nAuthorization: Bearer t0ken\\n'"),
  },
  { name: 'a helper that is not there', settings: () => ({ GOAUTH: '/no/such/helper' }) },
  {
    name: 'the first of two',
    settings: (folder, at) => ({
      ...netrc(`machine ${at} login gopher password secret\n`)(folder, at),
      GOAUTH: `netrc; ${helper("printf 'https://AT\\n\\nAuthorization: Bearer t0ken\\n\\n'")(folder, at).GOAUTH}`,
    }),
  },
  { name: 'a redirect on the host', userinfo: 'gopher:secret', answer: sendTo((_, url) => `/moved${url}`) },
  {
    name: 'a redirect on the host, with netrc',
    settings: netrc('machine 127.0.0.1:PORT login gopher password secret\n'),
    answer: sendTo((_, url) => `/moved${url}`),
  },
  {
    name: 'a redirect to another port',
    settings: netrc('machine 127.0.0.1:PORT login gopher password secret\n'),
    answer: sendTo((other, url) => `${other}${url}`),
  },
  {
    name: 'a redirect to another host',
    other: 'localhost',
    settings: netrc('machine 127.0.0.1:PORT login gopher password secret\n'),
    answer: sendTo((other, url) => `${other}${url}`),
  },
  {
    name: 'a redirect with a password to another host',
    other: 'localhost',
    userinfo: 'gopher:secret',
    answer: sendTo((other, url) => `${other}${url}`),
  },
  {
    name: 'a redirect to a URL with a password',
    other: 'localhost',
    answer: sendTo((other, url) => `${other.replace('://', '://x:y@')}${url}`),
  },
];

// The same scene for go and for us: what the servers get must be the same requests, header by header.
describe('what is asked is what go asks', () => {
  test.each(scenes)('$name', async (scene) => {
    const byGo = await play(scene, async (proxy, environment) => {
      const { isFine, stderr } = await place.download({ ...environment, GOPROXY: proxy });
      return { isFine, goSays: stderr };
    });
    const byUs = await play(scene, async (proxy, environment) => {
      const { fault } = await askModule(proxy, {
        environment: { ...place.environment, ...environment },
        directory: place.folder,
        timeoutMs: 20_000,
        maxBytes: 1 << 20,
      });
      return { isFine: fault === undefined, goSays: fault?.goSays };
    });
    // go also tries a password from git by HEAD, to let git keep or forget it: looking must change nothing there.
    expect(byUs.requests).toEqual(byGo.requests.filter((request) => !request.startsWith('first HEAD')));
    expect(byUs.came.isFine).toBe(byGo.came.isFine);
    if (byUs.came.goSays !== undefined)
      expect(byGo.came.goSays.replaceAll(`:${byGo.port}`, '')).toContain(
        byUs.came.goSays.replaceAll(`:${byUs.port}`, ''),
      );
  });
});

/** play opens the servers of a scene, lets somebody ask, and gives all requests that came, each once, without what differs by chance. */
async function play<T>(scene: Scene, act: (proxy: string, environment: Environment) => Promise<T>) {
  const requests = new Set<string>();
  const ports: number[] = [];
  const record = (where: string, request: IncomingMessage): void => {
    const text = [`${where} ${request.method} ${request.url}`];
    for (let index = 0; index < request.rawHeaders.length; index += 2)
      text.push(`${request.rawHeaders[index]}: ${request.rawHeaders[index + 1]}`);
    requests.add(
      ports.reduce((shown, port, index) => shown.replaceAll(`:${port}`, `:port${index}`), text.join('\n')),
    );
  };
  const serve = (listener: RequestListener): Promise<Listening> =>
    scene.isPlain === true ? serveHttp(listener) : serveHttps(tls, listener);
  const second = await serve((request, response) => {
    record('second', request);
    serveModule(request, response);
  });
  const scheme = scene.isPlain === true ? 'http' : 'https';
  const other = `${scheme}://${scene.other ?? '127.0.0.1'}:${second.port}`;
  const first = await serve((request, response) => {
    record('first', request);
    const answer = scene.answer?.(request, other);
    if (answer !== undefined) response.writeHead(answer.status, answer.headers).end();
    else {
      request.url = request.url?.replace(/^\/moved/, '');
      serveModule(request, response);
    }
  });
  ports.push(first.port, second.port);
  try {
    const at = `127.0.0.1:${first.port}`;
    const folder = mkdtempSync(join(place.folder, 'scene-'));
    const settings = scene.settings?.(folder, at) ?? {};
    const userinfo = scene.userinfo === undefined ? '' : `${scene.userinfo}@`;
    const came = await act(`${scheme}://${userinfo}${at}`, { ...trust, ...settings });
    return { requests: [...requests].sort(), came, port: first.port };
  } finally {
    first.close();
    second.close();
  }
}

function write(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function homeWith(folder: string, text: string): string {
  write(folder, '.netrc', text);
  return folder;
}

/** gitStore is a git that takes credentials from a file. */
function gitStore(folder: string, text: string): Environment {
  const store = write(folder, 'credentials', text);
  const config = write(folder, 'gitconfig', `[credential]\n\thelper = store --file=${store}\n`);
  return { GOAUTH: `git ${folder}`, GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' };
}
