import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import type { Environment } from '../../../go/settings.ts';
import { codeOf, reasonOf } from '../../../platform/problem.ts';
import { pemBlocks, readCertificate } from './pem.ts';
import { certificateDirectories, certificateFiles } from './places.ts';

/** TrustedRoots are the certificates that Go trusts on this system, and where they are from. */
export type TrustedRoots = {
  readonly certificates: readonly X509Certificate[];
  /** find gives those with a subject. */
  find(subject: string): readonly X509Certificate[];
  /** files are those that were read. */
  readonly files: readonly string[];
  /** isOwnChoice says that SSL_CERT_FILE or SSL_CERT_DIR named them. */
  readonly isOwnChoice: boolean;
  /** failure is why there are none. */
  readonly failure: string | undefined;
  /** certFile is SSL_CERT_FILE, or the file of the system that counted; undefined without one. */
  readonly certFile: string | undefined;
  /** store is how this system takes in a further root; undefined where that is not known. */
  readonly store: RootStore | undefined;
};

/** RootStore is where a system keeps the roots that its administrator adds, and the command that makes them count. */
export type RootStore = { readonly directory: string; readonly extension: string; readonly command: string };

/** rootStores by the folder that tells them apart; the first that is there counts. */
const rootStores: readonly RootStore[] = [
  // Fedora, RHEL and their like
  { directory: '/etc/pki/ca-trust/source/anchors', extension: '.pem', command: 'update-ca-trust' },
  // SUSE
  { directory: '/etc/pki/trust/anchors', extension: '.pem', command: 'update-ca-certificates' },
  // Arch
  { directory: '/etc/ca-certificates/trust-source/anchors', extension: '.crt', command: 'update-ca-trust' },
  // Debian, Ubuntu, Alpine; there it takes files in only with this ending
  { directory: '/usr/local/share/ca-certificates', extension: '.crt', command: 'update-ca-certificates' },
];

/**
 * readRoots reads the roots that Go trusts on Linux: one file, and all files of the directories; SSL_CERT_FILE and SSL_CERT_DIR
 * name others. `crypto/x509: loadSystemRoots, go1.26`
 */
export async function readRoots(environment: Environment): Promise<TrustedRoots> {
  if (process.platform === 'darwin' || process.platform === 'win32') return readPlatformRoots();
  const { SSL_CERT_FILE: file = '', SSL_CERT_DIR: directory = '' } = environment;
  const files: string[] = [];
  // The files of a directory are mostly the parts of the one file: each certificate is read once.
  const certificates = new Map<string, X509Certificate | undefined>();
  let failure: string | undefined;
  const fail = (error: unknown): void => {
    if (codeOf(error) !== 'ENOENT') failure ??= reasonOf(error);
  };
  const read = async (path: string, onError: (error: unknown) => void): Promise<boolean> => {
    try {
      const text = await readFile(path, 'latin1');
      for (const block of pemBlocks(text))
        if (!certificates.has(block)) certificates.set(block, readCertificate(block));
      files.push(path);
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  };
  let certFile: string | undefined = file === '' ? undefined : file;
  for (const path of file === '' ? certificateFiles : [file]) {
    if (await read(path, fail)) {
      certFile = path;
      break;
    }
  }
  for (const path of directory === '' ? certificateDirectories : directory.split(':')) {
    const names = await listNames(path, fail);
    // A file of a directory that cannot be read is passed over, as are its folders.
    await Promise.all(names.map((name) => read(join(path, name), () => {})));
  }
  const all = [...certificates.values()].filter((each) => each !== undefined);
  return {
    ...findable(all),
    files,
    isOwnChoice: file !== '' || directory !== '',
    failure: all.length === 0 ? failure : undefined,
    certFile,
    store: rootStores.find((store) => existsSync(store.directory)),
  };
}

/** readPlatformRoots gives those of macOS or Windows, where Go leaves the judging to the system and reads no variable. `crypto/x509: loadSystemRoots, go1.26` */
function readPlatformRoots(): TrustedRoots {
  const all = getCACertificates('system').map((pem) => new X509Certificate(pem));
  const none = { files: [], isOwnChoice: false, failure: undefined, certFile: undefined, store: undefined };
  return { ...findable(all), ...none };
}

function findable(certificates: readonly X509Certificate[]): Pick<TrustedRoots, 'certificates' | 'find'> {
  const bySubject = lazily(() => Map.groupBy(certificates, ({ subject }) => subject));
  return { certificates, find: (subject) => bySubject().get(subject) ?? [] };
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** listNames gives the files of a directory without links to others of it. `crypto/x509: readUniqueDirectoryEntries, go1.26` */
async function listNames(directory: string, onError: (error: unknown) => void): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    onError(error);
    return [];
  });
  const kept = await Promise.all(
    entries.map(async (entry) => {
      if (!entry.isSymbolicLink()) return true;
      const target = await readlink(join(directory, entry.name)).catch(() => '/');
      return target.includes('/');
    }),
  );
  return entries.filter((_, index) => kept[index]).map(({ name }) => name);
}
