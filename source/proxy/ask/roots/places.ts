/** certificateFiles: the first that can be read counts. `crypto/x509: certFiles, go1.26` */
export const certificateFiles: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** certificateDirectories: every file of them is read. `crypto/x509: certDirectories, go1.26` */
export const certificateDirectories: readonly string[] = ['/etc/ssl/certs', '/etc/pki/tls/certs'];
