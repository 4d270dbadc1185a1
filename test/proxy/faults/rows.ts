import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { FaultCode } from '../../../source/proxy/ask/answer.ts';
import { type Certified, openCertificateOffice } from './certificates.ts';
import { moduleFiles } from './go-download.ts';
import { type Listening, serveHttp, serveHttps, serveModule, serveRaw } from './servers.ts';

/** Row is a server, and what Go and we must say about it. */
export type Row = {
  readonly name: string;
  readonly open: () => Promise<Listening>;
  /** scheme and host of the entry in GOPROXY; the default is https and 127.0.0.1. */
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
  /** code is undefined where Go downloads the module. */
  readonly code: FaultCode | undefined;
  /** isUnsaid says that Go's words are not known beforehand. */
  readonly isUnsaid?: boolean;
  /** drawn are the places of the chain that is shown. */
  readonly drawn?: string;
};

/** Rows are all faults that a server can have, with the root that the client trusts. */
export type Rows = { readonly root: Certified; readonly rows: readonly Row[] };

/** makeRows has openssl make all chains; that takes some seconds. */
export function makeRows(): Rows {
  const office = openCertificateOffice();
  try {
    return makeRowsIn(office.certify);
  } finally {
    office.close();
  }
}

function makeRowsIn(certify: ReturnType<typeof openCertificateOffice>['certify']): Rows {
  const authority = (name: string, issuer?: Certified) =>
    certify({ subject: `/O=Lab/CN=${name}`, isAuthority: true, ...(issuer === undefined ? {} : { issuer }) });
  const root = authority('Lab Root');
  const issuing = authority('Lab Issuing', root);
  const foreignRoot = certify({ subject: '/O=Elsewhere/CN=Foreign Root', isAuthority: true });
  const foreign = certify({
    subject: '/O=Elsewhere/CN=Foreign Issuing',
    isAuthority: true,
    issuer: foreignRoot,
  });
  const expired = certify({
    subject: '/O=Lab/CN=Old Issuing',
    isAuthority: true,
    issuer: root,
    from: -10,
    to: -1,
  });
  const names = 'IP:127.0.0.1,DNS:localhost';
  const leafOf = (issuer: Certified | undefined, more: Partial<Parameters<typeof certify>[0]> = {}) =>
    certify({ subject: '/CN=127.0.0.1', names, ...(issuer === undefined ? {} : { issuer }), ...more });
  const leaf = leafOf(issuing);
  const aia = ['authorityInfoAccess = caIssuers;URI:http://pki.example/issuing.cer'];

  const tls = (
    name: string,
    code: FaultCode | undefined,
    options: TlsOptions,
    more: Partial<Row> = {},
  ): Row => ({
    name,
    code,
    open: () => serveHttps(options),
    ...more,
  });
  const rsa = (bits: number) => ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`];
  const client = { requestCert: true, rejectUnauthorized: true, ca: root.certificate };
  const sent = chain(leaf, issuing);

  const chains: readonly Row[] = [
    tls('a whole chain', undefined, sent, { drawn: 'sent sent trusted' }),
    tls('a whole chain with the root', undefined, chain(leaf, issuing, root), { drawn: 'sent sent trusted' }),
    tls('a chain in the wrong order', undefined, chain(leaf, root, issuing)),
    tls('the root as the only issuer', undefined, chain(leafOf(root)), { drawn: 'sent trusted' }),
    tls('an Ed25519 key', undefined, chain(leafOf(issuing, { key: ['-algorithm', 'ED25519'] }), issuing)),
    tls('an RSA key', undefined, chain(leafOf(issuing, { key: rsa(2048) }), issuing)),
    tls('TLS 1.2 only', undefined, { ...sent, maxVersion: 'TLSv1.2' }),
    tls('the name localhost', undefined, sent, { host: 'localhost' }),
    tls('missing intermediate with AIA', 'tls-missing-intermediate', chain(leafOf(issuing, { extra: aia })), {
      drawn: 'sent missing',
    }),
    tls('missing intermediate without AIA', 'tls-missing-intermediate', chain(leaf), {
      drawn: 'sent missing',
    }),
    tls('another intermediate', 'tls-missing-intermediate', chain(leaf, foreign), { drawn: 'sent missing' }),
    tls('an unknown root, not sent', 'tls-unknown-authority', chain(leafOf(foreign), foreign), {
      drawn: 'sent sent missing',
    }),
    tls('an unknown root, sent', 'tls-unknown-authority', chain(leafOf(foreign), foreign, foreignRoot), {
      drawn: 'sent sent sent',
    }),
    tls('an unknown root as the only issuer', 'tls-unknown-authority', chain(leafOf(foreignRoot)), {
      drawn: 'sent missing',
    }),
    tls('self-signed', 'tls-self-signed', chain(leafOf(undefined)), { drawn: 'sent' }),
    tls(
      'a root as the certificate of a server',
      'tls-self-signed',
      chain(leafOf(undefined, { isAuthority: true })),
      { drawn: 'sent' },
    ),
    tls('expired', 'tls-expired', chain(leafOf(issuing, { from: -10, to: -1 }), issuing), {
      drawn: 'sent sent trusted',
    }),
    tls(
      'expired and of an unknown root',
      'tls-expired',
      chain(leafOf(foreign, { from: -10, to: -1 }), foreign),
    ),
    tls('not yet valid', 'tls-not-yet-valid', chain(leafOf(issuing, { from: 10, to: 11 }), issuing)),
    tls('an expired intermediate', 'tls-expired', chain(leafOf(expired), expired)),
    tls('another name', 'tls-wrong-host', chain(leafOf(issuing, { names: 'DNS:other.example' }), issuing)),
    tls(
      'other names',
      'tls-wrong-host',
      chain(leafOf(issuing, { names: 'DNS:other.example,DNS:*.corp.example' }), issuing),
      { host: 'localhost' },
    ),
    tls(
      'another address',
      'tls-wrong-host',
      chain(leafOf(issuing, { names: 'IP:127.0.0.2,IP:fd00::1' }), issuing),
    ),
    tls(
      'no name but the common one',
      'tls-wrong-host',
      chain(certify({ subject: '/CN=127.0.0.1', issuer: issuing }), issuing),
    ),
    tls('no name at all', 'tls-wrong-host', chain(certify({ subject: '/O=Lab', issuer: issuing }), issuing), {
      host: 'localhost',
    }),
    tls(
      'another name and an unknown root',
      'tls-wrong-host',
      chain(leafOf(foreign, { names: 'DNS:other.example' }), foreign),
    ),
    tls('an issuer that is no authority', 'tls-unknown-authority', chain(leafOf(leaf), leaf, issuing)),
    tls(
      'a certificate for clients',
      'other',
      chain(leafOf(issuing, { extra: ['extendedKeyUsage = clientAuth'] }), issuing),
    ),
    tls('a signature by SHA-1', 'tls-unknown-authority', chain(leafOf(issuing, { digest: 'sha1' }), issuing)),
    tls(
      'an unknown critical extension',
      'other',
      chain(leafOf(issuing, { extra: ['1.2.3.4.5 = critical,ASN1:UTF8String:hello'] }), issuing),
      { isUnsaid: true },
    ),
    tls('TLS 1.1 only', 'tls-protocol-version', {
      ...sent,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    }),
    tls('no common cipher', 'other', { ...sent, maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA' }),
    tls('a client certificate, TLS 1.3', 'tls-client-certificate-required', { ...sent, ...client }),
    tls('a client certificate, TLS 1.2', 'tls-client-certificate-required', {
      ...sent,
      ...client,
      maxVersion: 'TLSv1.2',
    }),
    tls('TLS on a port of http://', 'tls-plain-http', sent, { scheme: 'http' }),
  ];
  return { root, rows: [...chains, ...connections, ...answers(sent)] };
}

function chain(
  first: Certified,
  ...rest: readonly Certified[]
): { readonly cert: string; readonly key: string } {
  return { cert: [first, ...rest].map(({ certificate }) => certificate).join(''), key: first.key };
}

/** afterRequest does something once the client has said something. */
function afterRequest(act: (socket: Socket) => void): () => Promise<Listening> {
  return () => serveRaw((socket) => socket.once('data', () => act(socket)));
}

const says = (text: string) => afterRequest((socket) => socket.end(text));

const connections: readonly Row[] = [
  { name: 'plain HTTP on a port of https://', code: 'tls-plain-http', open: () => serveHttp(serveModule) },
  {
    name: 'something else on a port of https://',
    code: 'tls-plain-http',
    open: says('220 mail.example ESMTP ready\r\n'),
  },
  {
    name: 'HTTP at once on a port of https://',
    code: 'tls-plain-http',
    open: says('HTTP/1.1 400 Bad Request\r\n\r\n'),
  },
  {
    name: 'a reset during the handshake',
    code: 'reset',
    open: afterRequest((socket) => socket.resetAndDestroy()),
  },
  { name: 'an end during the handshake', code: 'reset', open: afterRequest((socket) => socket.end()) },
  {
    name: 'a reset',
    code: 'reset',
    scheme: 'http',
    open: afterRequest((socket) => socket.resetAndDestroy()),
  },
  { name: 'an end', code: 'reset', scheme: 'http', open: afterRequest((socket) => socket.end()) },
  { name: 'nobody there', code: 'refused', scheme: 'http', open: closedPort },
  { name: 'nobody there over TLS', code: 'refused', open: closedPort },
  { name: 'an unknown name', code: 'dns', host: 'proxy.invalid', open: closedPort },
];

/** closedPort is a port on which nobody listens any more. */
export async function closedPort(): Promise<Listening> {
  const listening = await serveRaw(() => {});
  listening.close();
  return listening;
}

/** instead serves the module, but something else for the files with that ending. */
function instead(ending: string, act: RequestListener): RequestListener {
  return (request, response) =>
    (request.url?.endsWith(ending) === true ? act : serveModule)(request, response);
}

/** cut serves a file without its end, and says that this is all. */
const cut = (ending: string, bytes: number): RequestListener =>
  instead(ending, (request, response) => {
    response.end(moduleFiles.get(request.url ?? '')?.subarray(0, bytes));
  });

const html =
  '<!DOCTYPE html>\n<html><head><title>Sign in to Corp</title></head><body>Who are you?</body></html>\n';

const page: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end(html);
};

const text =
  (body: string): RequestListener =>
  (_, response) => {
    response.end(body);
  };

function answers(sent: { readonly cert: string; readonly key: string }): readonly Row[] {
  const row = (
    name: string,
    code: FaultCode | undefined,
    listener: RequestListener,
    more: Partial<Row> = {},
  ): Row => ({
    name,
    code,
    scheme: 'http',
    open: () => serveHttp(listener),
    ...more,
  });
  const raw = (name: string, answer: string): Row => ({
    name,
    code: 'bad-content',
    scheme: 'http',
    open: says(answer),
  });
  const status = (code: number, headers: Readonly<Record<string, string>> = {}): Row =>
    row(`status ${code}`, `http-${code}`, (_, response) => {
      response.writeHead(code, { 'content-type': 'text/plain', ...headers }).end('no, since it is Monday\n');
    });
  const ok = 'HTTP/1.1 200 OK\r\n';
  return [
    row('a module proxy', undefined, serveModule),
    ...[204, 304, 400, 401, 403, 404, 407, 410, 418, 429, 500, 502, 503, 504].map((code) => status(code)),
    row('its own words for a status', 'http-403', (_, response) => {
      response.writeHead(403, 'Not On My Watch').end();
    }),
    {
      name: 'a status without words',
      code: 'http-503',
      scheme: 'http',
      open: says('HTTP/1.1 503\r\nContent-Length: 0\r\n\r\n'),
    },
    row('a redirect without a place', 'http-302', (_, response) => {
      response.writeHead(302).end();
    }),
    row('redirects that end', undefined, (request, response) => {
      const hops = Number(new URL(request.url ?? '', 'http://x').searchParams.get('hop') ?? '0');
      if (hops === 9) serveModule(request, response);
      else response.writeHead(302, { location: `?hop=${hops + 1}` }).end();
    }),
    row('one redirect too many', 'bad-content', (request, response) => {
      const hops = Number(new URL(request.url ?? '', 'http://x').searchParams.get('hop') ?? '0');
      if (hops === 10) serveModule(request, response);
      else response.writeHead(302, { location: `?hop=${hops + 1}` }).end();
    }),
    row('a redirect loop', 'bad-content', (request, response) => {
      response.writeHead(301, { location: request.url }).end();
    }),
    row('a redirect to another scheme', 'bad-content', (_, response) => {
      response.writeHead(302, { location: 'ftp://files.example/m' }).end();
    }),
    {
      name: 'a redirect from https to http',
      code: 'bad-content',
      open: () =>
        serveHttps(sent, (_, response) => {
          response.writeHead(302, { location: 'http://127.0.0.1:1/m' }).end();
        }),
    },
    row('HTML instead of JSON', 'bad-content', instead('.info', page)),
    row('HTML everywhere', 'bad-content', page),
    row('HTML instead of a zip', 'bad-content', instead('.zip', page)),
    row('a wrong content type', undefined, (request, response) => {
      response.setHeader('content-type', 'text/html');
      serveModule(request, response);
    }),
    row('nothing instead of JSON', 'bad-content', instead('.info', text(''))),
    row('words instead of JSON', 'bad-content', instead('.info', text('yes\n'))),
    row('quotes instead of JSON', 'bad-content', instead('.info', text("'v1.0.0'"))),
    row('a list instead of an object', 'bad-content', instead('.info', text('[]'))),
    row('JSON null', 'bad-content', instead('.info', text('null'))),
    row('an object without a version', 'bad-content', instead('.info', text('{}'))),
    row('a number for a version', 'bad-content', instead('.info', text('{"Version":1}'))),
    row('another version', 'bad-content', instead('.info', text('{"Version":"v1.0.1"}'))),
    row('a name in small letters', undefined, instead('.info', text('{"version":"v1.0.0"}'))),
    row('cut JSON', 'bad-content', cut('.info', 20), { isUnsaid: true }),
    row('a cut zip', 'bad-content', cut('.zip', 150)),
    row('an empty zip file', 'bad-content', cut('.zip', 0)),
    row(
      'a zip without its last byte',
      'bad-content',
      cut('.zip', (moduleFiles.get('/example.com/m/@v/v1.0.0.zip')?.length ?? 0) - 1),
    ),
    {
      name: 'a zip that ends before its length',
      code: 'bad-content',
      scheme: 'http',
      open: () =>
        serveHttp(
          instead('.zip', (_, response) => {
            response.writeHead(200, { 'content-length': '1000' });
            response.write(Buffer.alloc(10));
            response.socket?.end();
          }),
        ),
    },
    raw('no HTTP', 'garbage\r\n\r\n'),
    raw('HTTP of the year 1991', 'hello'),
    raw('bytes that are no text', '\x00\u00ff\x01"\\\u00e9 x\r\n\r\n'),
    raw('a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'),
    raw('another protocol', 'SIP/2.0 200 OK\r\n\r\n'),
    raw('a header without a colon', `${ok}bad header\r\n\r\n`),
    raw('a header that begins with a space', `${ok} X: y\r\n\r\n`),
    raw('a header with a bad name', `${ok}X(: y\r\n\r\n`),
    raw('two lengths', `${ok}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
    raw('a length that is no number', `${ok}Content-Length: many\r\n\r\n`),
    raw('an unknown encoding', `${ok}Transfer-Encoding: rot13\r\n\r\n`),
    raw('a length that is too long', `${ok}Content-Length: 100\r\n\r\nabc`),
    raw('headers that end too early', `${ok}X: y\r\n`),
    raw('a chunk without a number', `${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\nabc`),
    raw('a chunk with a bare line end', `${ok}Transfer-Encoding: chunked\r\n\r\n3\nabc`),
    raw('a chunk that ends too early', `${ok}Transfer-Encoding: chunked\r\n\r\n9\r\nabc`),
    raw('chunks without an end', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n`),
    raw('a chunk that is too long', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx0\r\n\r\n`),
    raw(
      'a zipped answer that is none',
      `${ok}Content-Encoding: gzip\r\nContent-Length: 12\r\n\r\nnot gzip, no`,
    ),
    raw('headers of 11 MiB', `${ok}${`X: ${'y'.repeat(4000)}\r\n`.repeat(2900)}\r\n`),
    {
      name: 'many answers before the answer',
      code: 'http-404',
      scheme: 'http',
      open: says(
        `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(7)}HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n`,
      ),
    },
    {
      name: 'lines that end as on Unix',
      code: 'http-404',
      scheme: 'http',
      open: says('HTTP/1.0   404 Not Found\nX:y\n z\n\nno'),
    },
  ];
}
