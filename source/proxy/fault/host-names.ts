import { isIP } from 'node:net';

/** CertifiedNames are what a certificate is for. */
export type CertifiedNames = {
  readonly names: readonly string[];
  /** commonName is the old place for a name, which Go does not read any more; undefined without one. */
  readonly commonName: string | undefined;
};

/** checkHostName gives Go's words when a certificate is not for a host; undefined when it is. `crypto/x509: (*Certificate).VerifyHostname, go1.26` */
export function checkHostName(host: string, { names, commonName }: CertifiedNames): string | undefined {
  const addresses = names.filter((name) => isIP(name) !== 0);
  const dnsNames = names.filter((name) => isIP(name) === 0);
  if (isIP(host) !== 0) {
    if (addresses.some((address) => canonical(address) === canonical(host))) return undefined;
  } else if (dnsNames.some((name) => isMatch(name, host))) return undefined;
  if (names.length === 0 && commonName !== undefined && isMatch(commonName, host))
    return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  return isIP(host) === 0 ? aboutNames(host, dnsNames) : aboutAddresses(host, addresses);
}

// crypto/x509: HostnameError.Error, go1.26
const maxNames = 100;

function aboutAddresses(host: string, addresses: readonly string[]): string {
  if (addresses.length === 0)
    return `x509: cannot validate certificate for ${host} because it doesn't contain any IP SANs`;
  if (addresses.length >= maxNames)
    return `x509: certificate is valid for ${addresses.length} IP SANs, but none matched ${host}`;
  return `x509: certificate is valid for ${addresses.map(canonical).join(', ')}, not ${host}`;
}

function aboutNames(host: string, names: readonly string[]): string {
  if (names.length >= maxNames)
    return `x509: certificate is valid for ${names.length} names, but none matched ${host}`;
  if (names.length === 0) return `x509: certificate is not valid for any names, but wanted to match ${host}`;
  return `x509: certificate is valid for ${names.join(', ')}, not ${host}`;
}

/** isMatch: a star stands for the whole first label, and for one only. `crypto/x509: matchHostnames, matchExactly, go1.26` */
function isMatch(pattern: string, host: string): boolean {
  const [name, wanted] = [pattern, host].map((each) => each.toLowerCase());
  if (name === undefined || wanted === undefined || name === '') return false;
  if (!isHostName(name.replace(/^\*\./, 'x.')) || !isHostName(wanted.replace(/\.$/, '')))
    return name === wanted;
  const labels = name.split('.');
  const wantedLabels = wanted.replace(/\.$/, '').split('.');
  return (
    labels.length === wantedLabels.length &&
    labels.every((label, index) => (index === 0 && label === '*') || label === wantedLabels[index])
  );
}

function isHostName(name: string): boolean {
  return name.split('.').every((label) => /^[a-z\d_:-]+$/.test(label) && !label.startsWith('-'));
}

/** canonical writes an address as Go does: of IPv6 the longest row of zeros is left out. */
function canonical(address: string): string {
  if (isIP(address) !== 6 || !URL.canParse(`http://[${address}]/`)) return address;
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
