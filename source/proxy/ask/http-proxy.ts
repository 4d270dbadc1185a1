import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Environment } from '../../go/settings.ts';

/** HttpProxy is a proxy of the network, of HTTPS_PROXY or HTTP_PROXY; not one of GOPROXY. */
export type HttpProxy = {
  /** setting is the variable that names it. */
  readonly setting: string;
  readonly url: URL;
};

/**
 * findHttpProxy gives the proxy through which Go would ask a URL; undefined for none: none is set, NO_PROXY names the host, or it
 * is this machine. One that cannot be read does not count. `golang.org/x/net/http/httpproxy, go1.26`
 */
export function findHttpProxy(url: URL, environment: Environment): HttpProxy | undefined {
  const scheme = url.protocol === 'https:' ? 'HTTPS' : 'HTTP';
  const names = [`${scheme}_PROXY`, `${scheme.toLowerCase()}_proxy`];
  const setting = names.find((name) => (environment[name] ?? '') !== '');
  if (setting === undefined) return undefined;
  const proxy = parseProxy(environment[setting] ?? '');
  if (proxy === undefined || isExcluded(url, environment)) return undefined;
  return { setting, url: proxy };
}

/** parseProxy reads a URL, or `host:port` for an HTTP one. `httpproxy: parseProxy` */
function parseProxy(value: string): URL | undefined {
  const text = /^[a-z][a-z\d+.-]*:\/\/[^/]/i.test(value) ? value : `http://${value}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** isExcluded: `httpproxy: (*config).useProxy` */
function isExcluded(url: URL, environment: Environment): boolean {
  const host = hostOf(url).toLowerCase();
  const port = url.port !== '' ? url.port : url.protocol === 'https:' ? '443' : '80';
  if (host === 'localhost' || isLoopback(host)) return true;
  const setting = environment.NO_PROXY || environment.no_proxy || '';
  const entries = setting.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.some((entry) => entry === '*' || matches(entry, host, port));
}

function isLoopback(host: string): boolean {
  return (
    host === '::1' || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(host) || /^::ffff:7f[\da-f]{2}:/.test(host)
  );
}

/** matches: an address, a range, or a name with all names below it; each but a range with or without a port. `httpproxy: (*config).init` */
function matches(entry: string, host: string, port: string): boolean {
  const [, network = '', bits] = /^([^/]*)\/(\d+)$/.exec(entry) ?? [];
  if (bits !== undefined && isIP(network) !== 0)
    return isIP(host) !== 0 && isWithin(network, Number(bits), host);
  const [, bracketed, plain = '', entryPort] =
    /^(?:\[([^\]]*)\]|([^:]*|.*:.*:.*?))(?::(\d*))?$/.exec(entry) ?? [];
  const entryHost = bracketed ?? plain;
  if (entryHost === '' || (entryPort !== undefined && entryPort !== '' && entryPort !== port)) return false;
  if (isIP(entryHost) !== 0)
    return isIP(host) !== 0 && isWithin(entryHost, isIPv6(entryHost) ? 128 : 32, host);
  if (isIP(host) !== 0) return false;
  const below = entryHost.replace(/^\*\./, '.');
  return below.startsWith('.') ? host.endsWith(below) : host === below || host.endsWith(`.${below}`);
}

function isWithin(network: string, bits: number, address: string): boolean {
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  if (bits > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family);
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** hostOf is the host of a URL without the brackets of an address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
