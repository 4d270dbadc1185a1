/**
 * FaultCode names what went wrong, further apart than Go's text does: three faults of a certificate chain are one
 * `certificate signed by unknown authority` there.
 */
export type FaultCode =
  | 'dns'
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'bad-content'
  | `http-${number}`
  | 'tls-unknown-authority'
  | 'tls-missing-intermediate'
  | 'tls-self-signed'
  | 'tls-expired'
  | 'tls-not-yet-valid'
  | 'tls-wrong-host'
  | 'tls-protocol-version'
  | 'tls-plain-http'
  | 'tls-client-certificate-required'
  /** What has no name of its own: the detail tells it. */
  | 'other';

/** Fault is why a URL did not give what a module proxy must give. All its words are fit to be shown: secrets are hidden. */
export type Fault = {
  readonly code: FaultCode;
  /** detail is one sentence. */
  readonly detail: string;
  /** goSays is the end of Go's error about the same, as far as it is known. */
  readonly goSays: string | undefined;
  /** repair are steps, commands where there are some, the best first. */
  readonly repair: readonly string[];
};

/**
 * ServerCertificate is a certificate of the chain of a server, the leaf first. Of a missing one only the subject is known, and where
 * it lies (the caIssuers of the one before it): the rest is undefined, its names empty.
 */
export type ServerCertificate = {
  readonly subject: string;
  readonly issuer: string | undefined;
  readonly notBefore: Date | undefined;
  readonly notAfter: Date | undefined;
  /** key is its kind and size: `RSA 2048`, `ECDSA P-256`. */
  readonly key: string | undefined;
  /** sha256 is the fingerprint, in hex. */
  readonly sha256: string | undefined;
  /** names are the hosts and addresses that it is for; empty for an authority. */
  readonly names: readonly string[];
  /** place is whether the server sent it, it is among the roots trusted here, or it is only named as an issuer. */
  readonly place: 'sent' | 'trusted' | 'missing';
  /** caIssuers is the URL where the issuer says its own certificate lies (AIA); undefined without one. */
  readonly caIssuers: string | undefined;
};

/** Answer is what came of one request, redirects followed. */
export type Answer = {
  readonly shownUrl: string;
  readonly durationMs: number;
  /** certificates are the chain of the first server that was asked over TLS, as far as it was seen. */
  readonly certificates: readonly ServerCertificate[] | undefined;
} & (
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly statusText: string;
      /** shownFinalUrl is where the redirects ended; without any it is shownUrl. */
      readonly shownFinalUrl: string;
      /** headers have small letters; none holds a secret. */
      readonly headers: ReadonlyMap<string, string>;
      /** body is as much as was asked for; isCut says that more would have come. */
      readonly body: Buffer;
      readonly isCut: boolean;
    }
  | { readonly kind: 'failed'; readonly fault: Fault }
);
