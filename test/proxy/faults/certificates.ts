import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Certified is a certificate with its key, both as PEM. */
export type Certified = { readonly certificate: string; readonly key: string };

/** Wish is what a certificate should say. */
export type Wish = {
  readonly subject: string;
  /** issuer signs it; without one it signs itself. */
  readonly issuer?: Certified;
  /** names as OpenSSL writes them: `DNS:proxy.example,IP:127.0.0.1`. */
  readonly names?: string;
  readonly isAuthority?: boolean;
  /** from and to are days from now. */
  readonly from?: number;
  readonly to?: number;
  /** key as for `openssl genpkey`: the default is ECDSA P-256. */
  readonly key?: readonly string[];
  readonly digest?: string;
  /** extra are further lines of extensions. */
  readonly extra?: readonly string[];
};

/** openCertificateOffice makes certificates with openssl. */
export function openCertificateOffice(): { certify(wish: Wish): Certified; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-certificates-'));
  const at = (name: string) => join(folder, name);
  const openssl = (...words: readonly string[]) =>
    execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('index.txt.attr'), 'unique_subject = no\n');
  writeFileSync(
    at('ca.conf'),
    [
      '[ca]',
      'default_ca = office',
      '[office]',
      `new_certs_dir = ${folder}`,
      `database = ${at('index.txt')}`,
      'rand_serial = yes',
      'policy = any',
      'email_in_dn = no',
      '[any]',
      'countryName = optional',
      'organizationName = optional',
      'commonName = optional',
      '[req]',
      'distinguished_name = empty',
      '[empty]',
      '',
    ].join('\n'),
  );
  return {
    certify(wish) {
      const words = wish.key ?? ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
      openssl('genpkey', ...words, '-out', at('key.pem'));
      const subject = ['-subj', wish.subject, '-key', at('key.pem')];
      openssl('req', '-new', '-config', at('ca.conf'), ...subject, '-out', at('request.pem'));
      const extensions = [
        `basicConstraints = critical,CA:${wish.isAuthority === true}`,
        'subjectKeyIdentifier = hash',
        'authorityKeyIdentifier = keyid',
        ...(wish.names === undefined ? [] : [`subjectAltName = ${wish.names}`]),
        ...(wish.isAuthority === true ? ['keyUsage = critical,keyCertSign,cRLSign'] : []),
        ...(wish.extra ?? []),
      ];
      writeFileSync(at('extensions'), `${extensions.join('\n')}\n`);
      if (wish.issuer !== undefined) {
        writeFileSync(at('issuer.pem'), wish.issuer.certificate);
        writeFileSync(at('issuer-key.pem'), wish.issuer.key);
      }
      const signer =
        wish.issuer === undefined
          ? ['-selfsign', '-keyfile', at('key.pem')]
          : ['-cert', at('issuer.pem'), '-keyfile', at('issuer-key.pem')];
      openssl(
        ...[
          'ca',
          '-batch',
          '-notext',
          '-preserveDN',
          '-config',
          at('ca.conf'),
          '-md',
          wish.digest ?? 'sha256',
        ],
        ...['-startdate', asn1Time(wish.from ?? -1), '-enddate', asn1Time(wish.to ?? 30)],
        ...['-extfile', at('extensions'), '-in', at('request.pem'), '-out', at('certificate.pem'), ...signer],
      );
      return {
        certificate: readFileSync(at('certificate.pem'), 'utf8'),
        key: readFileSync(at('key.pem'), 'utf8'),
      };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function asn1Time(days: number): string {
  const time = new Date(Date.now() + days * 86_400_000);
  return `${time.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}
