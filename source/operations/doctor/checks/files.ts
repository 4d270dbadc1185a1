import { quote } from '../../../go/shell-word.ts';
import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder } from '../finding.ts';

/** checkNetrc: passwords that other users of this machine can read. */
export function checkNetrc({ machine }: DoctorFacts): readonly Finding[] {
  const { netrc } = machine;
  if (netrc === undefined || !netrc.hasPassword || (netrc.mode & 0o077) === 0) return [];
  const { file, mode } = netrc;
  const octal = mode.toString(8).padStart(3, '0');
  const command = `chmod 600 ${quote(file)}`;
  const undo = `chmod ${octal} ${quote(file)}`;
  const fix = { command, undo, before: octal, action: { type: 'mode', file, mode: 0o600 } } as const;
  const why = 'the passwords that go sends to proxies and repositories can be read by others';
  return [finder('warning', file)('netrc-readable', `its mode is ${octal}`, why, { repair: [command], fix })];
}

/** checkCertificates: whether there are roots to trust at all. `crypto/x509: loadSystemRoots, go1.26` */
export function checkCertificates({ machine }: DoctorFacts): readonly Finding[] {
  const { file, unreadable, hasRoots } = machine.certificates;
  const found: Finding[] = [];
  const severity = hasRoots === false ? 'error' : 'warning';
  const none =
    'Go trusts no server: every https request ends with: x509: certificate signed by unknown authority';
  if (file?.fault !== undefined) {
    const why =
      hasRoots === false
        ? none
        : 'the certificates that it was to bring are not trusted; Go says nothing of it';
    found.push(
      finder(severity, `SSL_CERT_FILE=${file.path}`)('ssl-cert-file', file.fault, why, [
        'unset SSL_CERT_FILE',
      ]),
    );
  }
  for (const { path, fault } of unreadable) {
    const why =
      hasRoots === false
        ? none
        : 'the certificates that it was to bring are not trusted; Go says nothing of it';
    found.push(finder(severity, `SSL_CERT_DIR=${path}`)('ssl-cert-dir', fault, why, ['unset SSL_CERT_DIR']));
  }
  if (hasRoots === false && found.length === 0) {
    const repair = ['apt-get install -y ca-certificates', 'apk add ca-certificates'];
    found.push(
      finder('error', 'certificates')('no-roots', 'this system has no root certificate', none, repair),
    );
  }
  return found;
}
