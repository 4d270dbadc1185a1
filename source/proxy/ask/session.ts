import { createSecureContext, type SecureContext } from 'node:tls';
import type { Environment } from '../../go/settings.ts';
import { Credentials } from './credentials/run.ts';
import { readRoots, type TrustedRoots } from './roots/scan.ts';

/**
 * AskSession is what several requests of one time share, as those of one go command do: the roots, read once, and the credentials, so
 * that no helper runs for each request. A later look should have a new one: files may have changed.
 */
export class AskSession {
  readonly credentials = new Credentials();
  #roots: Promise<TrustedRoots> | undefined;
  #context: Promise<SecureContext> | undefined;

  /** roots are those of the environment that is given first. */
  roots(environment: Environment): Promise<TrustedRoots> {
    this.#roots ??= readRoots(environment);
    return this.#roots;
  }

  /** context is TLS as Go speaks it, with these roots; with hundreds of them it takes some milliseconds to make. */
  context(environment: Environment): Promise<SecureContext> {
    this.#context ??= this.roots(environment).then((roots) =>
      createSecureContext({
        ca: roots.certificates.map(String),
        // An intermediate among the roots is trusted as it is. crypto/x509: (*Certificate).Verify, go1.26
        allowPartialTrustChain: true,
        // crypto/tls: supportedVersions, go1.26
        minVersion: 'TLSv1.2',
        ciphers,
      }),
    );
    return this.#context;
  }
}

/** ciphers are those that Go offers, in its order. `crypto/tls: cipherSuitesPreferenceOrder, disabledCipherSuites, go1.26` */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  // RSA keys of 1024 bits pass as they do in Go; signatures by SHA-1 do not.
  '@SECLEVEL=1',
].join(':');
