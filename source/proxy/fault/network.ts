import { codeOf, reasonOf } from '../../platform/problem.ts';
import type { Fault } from '../ask/answer.ts';

/** nameConnectError tells why no connection to a host came about: the looking up of its name, and the connecting. */
export function nameConnectError(error: unknown, host: string, port: number): Fault {
  // Of several addresses Go tells about the first.
  const [first = error] = error instanceof AggregateError ? error.errors : [error];
  const code = codeOf(first) ?? '';
  const at = `${host}:${port}`;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_NONAME':
      return {
        code: 'dns',
        detail: `no DNS server knows the name ${host}`,
        goSays: 'no such host',
        repair: [
          `getent hosts ${host}`,
          'check the spelling, and whether the name is known only within a VPN',
        ],
      };
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return {
        code: 'dns',
        detail: `the DNS server does not answer for ${host}`,
        // Go asks the server itself, and its words depend on how that fails.
        goSays: undefined,
        repair: [`getent hosts ${host}`, 'cat /etc/resolv.conf'],
      };
    case 'ECONNREFUSED':
      return {
        code: 'refused',
        detail: `nothing listens on ${at}`,
        goSays: 'connect: connection refused',
        repair: ['start the proxy there, or correct the port'],
      };
    case 'ETIMEDOUT':
      return {
        code: 'timeout',
        detail: `${at} does not answer`,
        goSays: 'connect: connection timed out',
        repair: [...reachRepair],
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {
        code: 'other',
        detail: `there is no way through the network to ${at}`,
        goSays: code === 'ENETUNREACH' ? 'connect: network is unreachable' : 'connect: no route to host',
        repair: [...reachRepair],
      };
    default:
      return nameReadError(first, host);
  }
}

const reachRepair: readonly string[] = [
  'check network, VPN and firewall; behind a company proxy set HTTPS_PROXY',
];

/** nameReadError tells how a connection that stood ended before the answer was complete. */
export function nameReadError(error: unknown, host: string): Fault {
  const code = codeOf(error);
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return {
      code: 'reset',
      detail: `${host} broke the connection off`,
      goSays: code === 'EPIPE' ? undefined : 'connection reset by peer',
      repair: ['look into the log of the server; a firewall in between can do this too'],
    };
  return { code: 'other', detail: `${host}: ${reasonOf(error)}`, goSays: undefined, repair: [] };
}

/** noAnswer is a server that closed the connection instead of answering. */
export function noAnswer(host: string): Fault {
  return {
    code: 'reset',
    detail: `${host} closed the connection without an answer`,
    goSays: 'EOF',
    repair: ['look into the log of the server; a firewall in between can do this too'],
  };
}

/** brokenAnswer is an answer that is not HTTP, or ends too early. */
export function brokenAnswer(goSays: string, host: string): Fault {
  return {
    code: 'bad-content',
    detail: `what ${host} answers cannot be read as HTTP: ${goSays.replace(/^net\/http: HTTP\/1\.x transport connection broken: /, '')}`,
    goSays,
    repair: ['check that a module proxy listens on this port', 'look into the log of the server'],
  };
}

/** nameProxyRefusal is what an HTTP proxy says instead of connecting further. `net/http: (*Transport).dialConn, go1.26` */
export function nameProxyRefusal(
  { status, statusText }: { readonly status: number; readonly statusText: string },
  asked: {
    readonly host: string;
    readonly port: number;
    readonly proxy: { readonly setting: string; readonly url: URL };
  },
): Fault {
  const { setting, url } = asked.proxy;
  const login =
    url.username === ''
      ? [`${setting}=${url.protocol}//USER:PASSWORD@${url.host}`]
      : [`correct name and password in ${setting}`];
  return {
    code: `http-${status}`,
    detail: `the HTTP proxy ${url.host} of ${setting} does not connect to ${asked.host}:${asked.port}: ${status} ${statusText}`,
    goSays: statusText === '' ? 'unknown status code' : statusText,
    repair: [
      ...(status === 407 ? login : []),
      `NO_PROXY=${asked.host} goes past it, where the network lets that pass`,
    ],
  };
}

/** Reached is how far a request came. */
export type Reached = {
  readonly stage: 'credentials' | 'lookup' | 'connect' | 'proxy' | 'tls' | 'answer' | 'body';
  readonly host: string;
  readonly bytes: number;
};

/** nameTimeout tells what was waited for when the time was over. Go itself waits longer for most of it. */
export function nameTimeout({ stage, host, bytes }: Reached, timeoutMs: number): Fault {
  const within = `within ${timeoutMs / 1000} s`;
  const name = (detail: string, goSays: string | undefined, repair: readonly string[]): Fault => ({
    code: 'timeout',
    detail,
    goSays,
    repair,
  });
  switch (stage) {
    case 'credentials':
      return name(`the command of GOAUTH did not end ${within}`, undefined, [
        'run it yourself: go env GOAUTH',
      ]);
    case 'lookup':
      return name(`the name ${host} was not looked up ${within}`, undefined, [
        `getent hosts ${host}`,
        'cat /etc/resolv.conf',
      ]);
    case 'connect':
      // net/http: DefaultTransport has 30 s, go1.26
      return name(
        `${host} did not take the connection ${within}; go gives up after 30 s`,
        'i/o timeout',
        reachRepair,
      );
    case 'proxy':
      return name(`the HTTP proxy did not connect to ${host} ${within}`, undefined, reachRepair);
    case 'tls':
      return name(
        `${host} took the connection, but did not finish the TLS handshake ${within}; go gives up after 10 s`,
        'net/http: TLS handshake timeout',
        ['check that the port speaks TLS', 'look into the log of the server'],
      );
    case 'answer':
      return name(`${host} took the request, but did not answer ${within}; go waits without end`, undefined, [
        'look into the log of the server',
      ]);
    case 'body':
      return name(
        `${host} answers too slowly: ${bytes} bytes came ${within}, and the answer is not complete; go waits without end`,
        undefined,
        ['look into the log and the load of the server'],
      );
  }
}
