import { mkdirSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../../source/go/settings.ts';
import type { FaultCode } from '../../../source/proxy/ask/answer.ts';
import { askModule } from './ask-module.ts';
import { openCertificateOffice } from './certificates.ts';
import { openGoPlace } from './go-download.ts';
import { openHttpProxy, openSocksProxy, type Recorded } from './http-proxies.ts';
import { serveHttp, serveHttps, serveModule } from './servers.ts';

const place = openGoPlace();
const office = openCertificateOffice();
const root = office.certify({ subject: '/CN=Lab Root', isAuthority: true });
const leafFor = (names: string) => office.certify({ subject: '/CN=Lab', issuer: root, names });
const anything = leafFor(
  'DNS:go.example,DNS:*.corp.example,DNS:Mixed.Case.example,IP:10.1.2.3,IP:fd00::1,IP:127.0.0.1',
);
const trust = { SSL_CERT_FILE: join(place.folder, 'root.pem'), SSL_CERT_DIR: join(place.folder, 'empty') };
writeFileSync(trust.SSL_CERT_FILE, root.certificate);
mkdirSync(trust.SSL_CERT_DIR);
office.close();
const tls = { cert: anything.certificate, key: anything.key };

afterAll(() => place.close());

/** own is an address of this machine that is not the loopback one; nobody listens there, so going past the proxy is refused. */
const own =
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '';

type Scene = {
  readonly name: string;
  readonly host?: string;
  readonly scheme?: 'http' | 'https';
  readonly open?: () => Promise<Recorded>;
  /** settings get the port of the proxy, and that of the module proxy. */
  readonly settings: (port: number, target: number) => Environment;
  readonly code?: FaultCode;
};

const https =
  (rest: Environment = {}) =>
  (port: number) => ({ HTTPS_PROXY: `http://127.0.0.1:${port}`, ...rest });
const past = (name: string, NO_PROXY: string, host = 'go.example', more: Partial<Scene> = {}): Scene => ({
  name: `NO_PROXY=${NO_PROXY} for ${name}`,
  host,
  settings: (port, target) => https({ NO_PROXY: NO_PROXY.replaceAll('PORT', `${target}`) })(port),
  code: 'dns',
  ...more,
});
const through = (name: string, NO_PROXY: string, host = 'go.example'): Scene => {
  const { code: _, ...scene } = past(name, NO_PROXY, host);
  return scene;
};

const scenes: readonly Scene[] = [
  { name: 'HTTPS_PROXY', settings: https() },
  { name: 'https_proxy', settings: (port) => ({ https_proxy: `http://127.0.0.1:${port}` }) },
  {
    name: 'both, where the large letters count',
    settings: (port) => ({ HTTPS_PROXY: `127.0.0.1:${port}`, https_proxy: 'http://127.0.0.1:1' }),
  },
  { name: 'a proxy without a scheme', settings: (port) => ({ HTTPS_PROXY: `127.0.0.1:${port}` }) },
  { name: 'a proxy by name without a scheme', settings: (port) => ({ HTTPS_PROXY: `localhost:${port}` }) },
  { name: 'a proxy that is no URL', settings: () => ({ HTTPS_PROXY: 'http://[::1' }), code: 'dns' },
  {
    name: 'HTTP_PROXY for http',
    scheme: 'http',
    settings: (port) => ({ HTTP_PROXY: `http://127.0.0.1:${port}` }),
  },
  {
    name: 'HTTP_PROXY for https',
    settings: (port) => ({ HTTP_PROXY: `http://127.0.0.1:${port}` }),
    code: 'dns',
  },
  { name: 'HTTPS_PROXY for http', scheme: 'http', settings: https(), code: 'dns' },
  {
    name: 'a name and a password',
    open: () => openHttpProxy('gopher:s3c@ret'),
    settings: (port) => ({ HTTPS_PROXY: `http://gopher:s3c%40ret@127.0.0.1:${port}` }),
  },
  {
    name: 'a name and a password for http',
    scheme: 'http',
    open: () => openHttpProxy('gopher:s3c@ret'),
    settings: (port) => ({ HTTP_PROXY: `http://gopher:s3c%40ret@127.0.0.1:${port}` }),
  },
  {
    name: 'no password where one is wanted',
    open: () => openHttpProxy('gopher:s3c@ret'),
    settings: https(),
    code: 'http-407',
  },
  {
    name: 'no password where one is wanted for http',
    scheme: 'http',
    open: () => openHttpProxy('gopher:s3c@ret'),
    settings: (port) => ({ HTTP_PROXY: `http://127.0.0.1:${port}` }),
    code: 'http-407',
  },
  {
    name: 'a proxy that refuses',
    open: () => openHttpProxy('nobody', undefined, 403),
    settings: https(),
    code: 'http-403',
  },
  {
    name: 'a proxy that is not there',
    settings: () => ({ HTTPS_PROXY: 'http://127.0.0.1:1' }),
    code: 'refused',
  },
  {
    name: 'a proxy over TLS',
    open: () => openHttpProxy(undefined, tls),
    settings: (port) => ({ HTTPS_PROXY: `https://127.0.0.1:${port}` }),
  },
  {
    name: 'SOCKS 5',
    open: () => openSocksProxy(),
    settings: (port) => ({ HTTPS_PROXY: `socks5://127.0.0.1:${port}` }),
  },
  {
    name: 'SOCKS 5 for http',
    scheme: 'http',
    open: () => openSocksProxy(),
    settings: (port) => ({ HTTP_PROXY: `socks5h://127.0.0.1:${port}` }),
  },
  {
    name: 'SOCKS 5 with a password',
    open: () => openSocksProxy('gopher:s3c@ret'),
    settings: (port) => ({ HTTPS_PROXY: `socks5://gopher:s3c%40ret@127.0.0.1:${port}` }),
  },
  {
    name: 'SOCKS 5 with a wrong password',
    open: () => openSocksProxy('gopher:s3c@ret'),
    settings: (port) => ({ HTTPS_PROXY: `socks5://gopher:no@127.0.0.1:${port}` }),
    code: 'other',
  },
  {
    name: 'SOCKS 5 that forbids',
    host: 'forbidden.example',
    open: () => openSocksProxy(),
    settings: (port) => ({ HTTPS_PROXY: `socks5://127.0.0.1:${port}` }),
    code: 'other',
  },
  {
    name: 'an address by SOCKS 5',
    host: '[fd00::1]',
    open: () => openSocksProxy(),
    settings: (port) => ({ HTTPS_PROXY: `socks5://127.0.0.1:${port}` }),
  },
  { name: 'this machine', host: '127.0.0.1', settings: () => ({ HTTPS_PROXY: 'http://127.0.0.1:1' }) },
  { name: 'a star in the certificate', host: 'go.corp.example', settings: https() },
  { name: 'a star for one label only', host: 'a.b.corp.example', settings: https(), code: 'tls-wrong-host' },
  { name: 'a star for no label', host: 'corp.example', settings: https(), code: 'tls-wrong-host' },
  { name: 'large letters in the certificate', host: 'mixed.case.example', settings: https() },
  { name: 'an address in the certificate', host: '10.1.2.3', settings: https() },
  { name: 'an IPv6 address in the certificate', host: '[fd00::1]', settings: https() },
  past('everything', '*'),
  past('a name', 'go.example'),
  past('a name in large letters', 'GO.example'),
  past('a name among others', 'a.example, go.example ,b.example'),
  past('a name below', 'example'),
  past('a name below a dot', '.example'),
  past('a name below a star', '*.example'),
  through('the name itself below a dot', '.go.example'),
  through('the name itself below a star', '*.go.example'),
  through('a name that ends alike', 'o.example'),
  past('a name and a port', 'go.example:PORT'),
  through('a name and another port', 'go.example:1'),
  through('an address', '10.1.2.3'),
  past('an address', own, own, { code: 'refused' }),
  past('an address and its port', `${own}:PORT`, own, { code: 'refused' }),
  past('a range', `${own}/8`, own, { code: 'refused' }),
  through('another range', '10.0.0.0/16', '10.1.2.3'),
  through('an address and another port', '10.1.2.3:1', '10.1.2.3'),
  through('a name for an address', 'example,3', '10.1.2.3'),
  through('an IPv6 range of others', 'fe80::/10', '[fd00::1]'),
];

describe('the proxy of the network is the one that go takes', () => {
  test.for(scenes)('$name', async (scene, { skip }) => {
    const { host = 'go.example', scheme = 'https', code } = scene;
    if (host === '') skip('this machine has no address but the loopback one');
    const target = await (scheme === 'https' ? serveHttps(tls) : serveHttp(serveModule));
    const proxy = `${scheme}://${host}:${target.port}`;
    const open = scene.open ?? openHttpProxy;
    const [forGo, forUs] = [await open(), await open()];
    try {
      const download = await place.download({
        ...trust,
        ...scene.settings(forGo.port, target.port),
        GOPROXY: proxy,
      });
      const { fault } = await askModule(proxy, {
        environment: { ...place.environment, ...trust, ...scene.settings(forUs.port, target.port) },
        timeoutMs: 20_000,
        maxBytes: 1 << 20,
      });
      expect({ code: fault?.code, go: download.isFine }).toEqual({ code, go: code === undefined });
      // go keeps a connection for all files; what it says to the proxy is the same each time.
      expect(new Set(forUs.asked)).toEqual(new Set(forGo.asked));
      if (fault?.goSays !== undefined) expect(download.stderr).toContain(fault.goSays);
    } finally {
      for (const each of [target, forGo, forUs]) each.close();
    }
  });
});
