import { codeOf, reasonOf } from '../../platform/problem.ts';
import type { Fault } from '../ask/answer.ts';
import { readAlert } from './alert.ts';
import { nameReadError, noAnswer } from './network.ts';

/** Heard is what a server said while TLS was being set up. */
export type Heard = {
  /** first is what it said first. */
  readonly first: Buffer;
  readonly hasEnded: boolean;
  /** asksForCertificate says that it asked for a certificate of the client. */
  readonly asksForCertificate: boolean;
};

/** nameTlsError tells why TLS did not come about, or was broken off by the server. */
export function nameTlsError(error: unknown, heard: Heard, host: string, port: number): Fault {
  const alert = readAlert(reasonOf(error));
  if (alert !== undefined) return nameAlert(alert, heard, host, port);
  const stranger = nameStranger(heard.first, host, port);
  if (stranger !== undefined) return stranger;
  if (codeOf(error) === 'ERR_SSL_UNSUPPORTED_PROTOCOL')
    return oldProtocol(host, port, 'tls: server selected unsupported protocol version');
  if (codeOf(error) === 'ECONNRESET' && !heard.hasEnded) return nameReadError(error, host);
  if (heard.hasEnded) return noAnswer(host);
  return {
    code: 'other',
    detail: `TLS with ${host} failed: ${opensslReason(error)}`,
    goSays: undefined,
    repair: [],
  };
}

function nameAlert(
  { number, goSays }: { readonly number: number; readonly goSays: string },
  { asksForCertificate }: Heard,
  host: string,
  port: number,
): Fault {
  if (number === 70) return oldProtocol(host, port, goSays);
  if (number === 116 || (asksForCertificate && isAboutCertificate(number)))
    return {
      code: 'tls-client-certificate-required',
      detail: `${host} wants a certificate of the client, and the go command has none to give`,
      goSays,
      repair: [
        'let the server take a password instead (netrc), or ask it through a local proxy that has the certificate',
        `openssl s_client -connect ${host}:${port} </dev/null | grep -A3 'Acceptable client'`,
      ],
    };
  const detail =
    number === 40
      ? `${host} and Go have no TLS cipher in common, or the server refuses for another reason`
      : number === 120
        ? `${host} does not speak HTTP/1.1 over TLS`
        : number === 112
          ? `${host} has no certificate for that name`
          : `${host} refused TLS: ${goSays.replace('remote error: tls: ', '')}`;
  return {
    code: 'other',
    detail,
    goSays,
    repair: [`openssl s_client -connect ${host}:${port} -servername ${host} </dev/null`],
  };
}

/** isAboutCertificate are alerts by which servers before TLS 1.3 refuse a client without a certificate. */
function isAboutCertificate(number: number): boolean {
  return number === 40 || (number >= 41 && number <= 46);
}

function oldProtocol(host: string, port: number, goSays: string): Fault {
  return {
    code: 'tls-protocol-version',
    detail: `${host} speaks no TLS 1.2 or newer, and Go nothing older`,
    goSays,
    repair: [
      'let the server speak TLS 1.2 or 1.3 (nginx: ssl_protocols TLSv1.2 TLSv1.3;)',
      `openssl s_client -connect ${host}:${port} -tls1_2 </dev/null`,
    ],
  };
}

/** nameStranger is a server that does not speak TLS; undefined for one that may. `crypto/tls: (*Conn).readRecordOrCCS, go1.26` */
function nameStranger(first: Buffer, host: string, port: number): Fault | undefined {
  if (first.length < 5) return undefined;
  const isRecord = (first[0] === 21 || first[0] === 22) && first.readUInt16BE(1) < 0x1000;
  if (isRecord) return undefined;
  const isHttp = first.toString('latin1', 0, 5) === 'HTTP/';
  return {
    code: 'tls-plain-http',
    detail: isHttp
      ? `port ${port} of ${host} speaks plain HTTP, not TLS`
      : `port ${port} of ${host} does not speak TLS`,
    goSays: isHttp
      ? 'http: server gave HTTP response to HTTPS client'
      : 'tls: first record does not look like a TLS handshake',
    repair: isHttp
      ? [`name the port that speaks TLS, or write http://${host}:${port}: then nothing protects what comes`]
      : ['check the port: this is no web server'],
  };
}

/** plainToTls is an http:// URL whose port speaks TLS; Go only sees that the connection ends. */
export function plainToTls(host: string, port: number, goSays: string | undefined): Fault {
  return {
    code: 'tls-plain-http',
    detail: `port ${port} of ${host} speaks TLS, and the URL says http://`,
    goSays,
    repair: [`write https://${host}${port === 443 ? '' : `:${port}`}`],
  };
}

function opensslReason(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'reason' in error && typeof error.reason === 'string')
    return error.reason;
  return reasonOf(error).replace(/^.*?:error:[\dA-F]+:/, '');
}
