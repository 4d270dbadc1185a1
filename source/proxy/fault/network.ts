import { codeOf, reasonOf } from '../../platform/problem.ts';
import type { Fault } from '../ask/answer.ts';

/** nameConnectError tells why no connection to a host came about. */
export function nameConnectError(error: unknown, host: string): Fault {
  const [first = error] = error instanceof AggregateError ? error.errors : [error];
  const code = codeOf(first) ?? '';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return {
        code: 'dns',
        detail: `the name ${host} could not be looked up`,
        goSays: code === 'ENOTFOUND' ? 'no such host' : undefined,
        repair: [`getent hosts ${host}`],
      };
    case 'ECONNREFUSED':
      return {
        code: 'refused',
        detail: `nothing listens there: ${host} refused the connection`,
        goSays: 'connect: connection refused',
        repair: [],
      };
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        code: 'reset',
        detail: `${host} broke the connection off`,
        goSays: 'connection reset by peer',
        repair: [],
      };
    case 'EOF':
      return { code: 'reset', detail: `${host} closed the connection`, goSays: 'EOF', repair: [] };
    case 'ETIMEDOUT':
      return {
        code: 'timeout',
        detail: `${host} does not answer`,
        goSays: 'connect: connection timed out',
        repair: [],
      };
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return {
        code: 'tls-plain-http',
        detail: `${host} does not speak TLS on this port`,
        goSays: undefined,
        repair: [],
      };
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
      return {
        code: 'tls-protocol-version',
        detail: `${host} speaks no TLS 1.2 or newer`,
        goSays: 'tls: protocol version not supported',
        repair: [],
      };
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
      return {
        code: 'tls-client-certificate-required',
        detail: `${host} wants a certificate of the client, and the go command has none to give`,
        goSays: 'remote error: tls: certificate required',
        repair: [],
      };
    default:
      return { code: 'other', detail: `${host}: ${reasonOf(first)}`, goSays: undefined, repair: [] };
  }
}
