import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../go/settings.ts';
import { certificateDirectories, certificateFiles } from '../../../proxy/ask/roots/places.ts';
import type { CertificateFacts } from './facts.ts';

/**
 * probeCertificates looks whether Go finds any root at all, and whether SSL_CERT_FILE and SSL_CERT_DIR name something; no
 * certificate is parsed. On other systems than Linux the store of the system has them. `crypto/x509: loadSystemRoots, go1.26`
 */
export function probeCertificates(environment: Environment): CertificateFacts {
  if (process.platform !== 'linux') return { file: undefined, unreadable: [], hasRoots: undefined };
  const { SSL_CERT_FILE: file = '', SSL_CERT_DIR: directory = '' } = environment;
  const named = directory === '' ? [] : directory.split(':');
  const directories = directory === '' ? certificateDirectories : named;
  const fault = file === '' ? undefined : certificateFault(file);
  const files = file === '' ? certificateFiles : [file];
  return {
    file: file === '' ? undefined : { path: file, fault },
    unreadable: named.flatMap((path) => {
      const why = directoryFault(path);
      return why === undefined ? [] : [{ path, fault: why }];
    }),
    hasRoots:
      files.some((path) => certificateFault(path) === undefined) || directories.some(holdsCertificate),
  };
}

const begin = '-----BEGIN CERTIFICATE-----';

function certificateFault(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').includes(begin) ? undefined : 'it holds no certificate';
  } catch (error) {
    return wordsOf(error);
  }
}

function directoryFault(path: string): string | undefined {
  try {
    readdirSync(path);
    return undefined;
  } catch (error) {
    return wordsOf(error);
  }
}

/** holdsCertificate stops at the first; of a file that is none only the start is read. */
function holdsCertificate(directory: string): boolean {
  try {
    return readdirSync(directory).some((name) => startsWithCertificate(join(directory, name)));
  } catch {
    return false;
  }
}

// A file of these folders may begin with words on what it holds.
const startBytes = 16 * 1024;

function startsWithCertificate(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const opened = openSync(path, 'r');
    try {
      const start = Buffer.alloc(startBytes);
      return start.toString('latin1', 0, readSync(opened, start)).includes(begin);
    } finally {
      closeSync(opened);
    }
  } catch {
    return false;
  }
}

function wordsOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'it does not exist';
    case 'EACCES':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return `it cannot be read: ${String(code)}`;
  }
}
