import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../../source/go/settings.ts';
import { readRoots } from '../../../source/proxy/ask/roots/scan.ts';
import { askModule } from './ask-module.ts';
import { openCertificateOffice } from './certificates.ts';
import { openGoPlace } from './go-download.ts';
import { serveHttps } from './servers.ts';

const place = openGoPlace();
const office = openCertificateOffice();
const root = office.certify({ subject: '/CN=Lab Root', isAuthority: true });
const other = office.certify({ subject: '/CN=Other Root', isAuthority: true });
const issuing = office.certify({ subject: '/CN=Lab Issuing', isAuthority: true, issuer: root });
const leaf = office.certify({ subject: '/CN=Lab', issuer: issuing, names: 'IP:127.0.0.1' });
office.close();
const tls = { cert: `${leaf.certificate}${issuing.certificate}`, key: leaf.key };
const pem = root.certificate;

afterAll(() => place.close());

/** Scene says what lies where, and whether Go finds the root of the server in it. */
type Scene = {
  readonly name: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly settings: (folder: string) => Environment;
  readonly isTrusted: boolean;
};

const file = (name: string) => (folder: string) => ({
  SSL_CERT_FILE: join(folder, name),
  SSL_CERT_DIR: join(folder, 'none'),
});
const one = (name: string, text: string, isTrusted: boolean): Scene => ({
  name,
  files: { 'roots.pem': text },
  settings: file('roots.pem'),
  isTrusted,
});

const scenes: readonly Scene[] = [
  one('a file with the root', pem, true),
  one('the root behind another', `${other.certificate}${pem}`, true),
  one('another root only', other.certificate, false),
  one('the root among words', `# Lab Root\n${pem}# end\n`, true),
  one('lines that end as on Windows', pem.replaceAll('\n', '\r\n'), true),
  one(
    'a certificate that is broken before it',
    `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${pem}`,
    true,
  ),
  one('a block that does not end before it', `-----BEGIN CERTIFICATE-----\nAAAA\n${pem}`, true),
  one(
    'a block that is no base64 before it',
    `-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n${pem}`,
    true,
  ),
  one('a block with headers', pem.replace('\n', '\nX: y\n\n'), false),
  one('a trusted certificate of OpenSSL', pem.replaceAll(' CERTIFICATE', ' TRUSTED CERTIFICATE'), false),
  one('a key before it', `${root.key}${pem}`, true),
  one('an indented block', pem.replaceAll('-----B', ' -----B'), false),
  one('spaces behind the dashes', pem.replaceAll('-----\n', '-----  \n'), true),
  one('words behind the dashes', pem.replaceAll('-----\n', '----- x\n'), false),
  one('one long line', pem.replace(/([^-\n])\n(?=[^-])/g, '$1'), true),
  one('no line end at the end', pem.trimEnd(), true),
  one('empty lines within', pem.replace('\n', '\n\n'), true),
  one('spaces within', pem.replace(/\n(.{20})/, '\n$1  '), true),
  one('nothing', '', false),
  one('the intermediate alone', issuing.certificate, true),
  one('the certificate of the server alone', leaf.certificate, true),
  { name: 'a file that is not there', settings: file('nothing.pem'), isTrusted: false },
  {
    name: 'a file that is a directory',
    files: { 'roots/any-name': pem },
    settings: (folder) => ({ SSL_CERT_FILE: join(folder, 'roots'), SSL_CERT_DIR: join(folder, 'none') }),
    isTrusted: false,
  },
  {
    name: 'a directory that is a file',
    files: { root: pem },
    settings: (folder) => ({ SSL_CERT_FILE: join(folder, 'none'), SSL_CERT_DIR: join(folder, 'root') }),
    isTrusted: false,
  },
  {
    name: 'a directory',
    files: { 'roots/any-name': pem },
    settings: (folder) => ({ SSL_CERT_FILE: join(folder, 'none'), SSL_CERT_DIR: join(folder, 'roots') }),
    isTrusted: true,
  },
  {
    name: 'the second of two directories',
    files: { 'a/other.pem': other.certificate, 'b/root.pem': pem },
    settings: (folder) => ({
      SSL_CERT_FILE: join(folder, 'none'),
      SSL_CERT_DIR: `${join(folder, 'a')}:${join(folder, 'b')}`,
    }),
    isTrusted: true,
  },
  {
    name: 'a directory beside a file',
    files: { 'other.pem': other.certificate, 'b/root.pem': pem },
    settings: (folder) => ({ SSL_CERT_FILE: join(folder, 'other.pem'), SSL_CERT_DIR: join(folder, 'b') }),
    isTrusted: true,
  },
  {
    name: 'a directory below a directory',
    files: { 'b/c/root.pem': pem },
    settings: (folder) => ({ SSL_CERT_FILE: join(folder, 'none'), SSL_CERT_DIR: join(folder, 'b') }),
    isTrusted: false,
  },
  {
    name: 'a link out of a directory',
    files: { 'root.pem': pem, 'b/other.pem': other.certificate },
    links: { 'b/link.pem': '../root.pem' },
    settings: (folder) => ({ SSL_CERT_FILE: join(folder, 'none'), SSL_CERT_DIR: join(folder, 'b') }),
    isTrusted: true,
  },
  {
    name: 'a link that leads nowhere',
    files: { 'b/root.pem': pem },
    links: { 'b/a-link.pem': '../nowhere.pem' },
    settings: (folder) => ({ SSL_CERT_FILE: join(folder, 'none'), SSL_CERT_DIR: join(folder, 'b') }),
    isTrusted: true,
  },
  { name: 'no setting', files: {}, settings: () => ({}), isTrusted: false },
  {
    name: 'empty settings',
    files: {},
    settings: () => ({ SSL_CERT_FILE: '', SSL_CERT_DIR: '' }),
    isTrusted: false,
  },
];

describe('the roots are those of go', () => {
  test.each(scenes)('$name', async ({ files = {}, links = {}, settings, isTrusted }) => {
    const folder = mkdtempSync(join(place.folder, 'scene-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
    const server = await serveHttps(tls);
    try {
      const proxy = `https://127.0.0.1:${server.port}`;
      const environment = { ...place.environment, ...settings(folder) };
      const { isFine, stderr } = await place.download({ ...settings(folder), GOPROXY: proxy });
      const { fault } = await askModule(proxy, { environment, timeoutMs: 20_000, maxBytes: 1 << 20 });
      expect({ go: isFine, us: fault === undefined }).toEqual({ go: isTrusted, us: isTrusted });
      if (fault !== undefined) expect(stderr).toContain(fault.goSays);
    } finally {
      server.close();
    }
  });

  test('those of the system are there without a setting', async ({ skip }) => {
    const { certificates, certFile } = await readRoots({});
    if (certFile === undefined) skip('this system has no roots');
    expect(certificates.length).toBeGreaterThan(20);
  });
});
