import { fileURLToPath } from 'node:url';
import { findPrefixPattern } from '../../go/module-path.ts';
import type { ProxyChain } from '../../proxy/chain.ts';
import { matchPrivate } from '../../proxy/private.ts';
import { isPublicHost } from '../../proxy/route/leak.ts';
import type { RouteSettings } from '../../proxy/route/settings.ts';
import { isPrivateName } from '../sumdb-check/private-name.ts';

/**
 * mayHear says whether a server may hear the name of a module: public ones any server; private ones a server of the same
 * people, or one that the settings would tell anyway.
 */
export function mayHear(
  url: string,
  modulePath: string,
  settings: RouteSettings,
  chain: ProxyChain,
): boolean {
  if (!isPrivateName(modulePath, settings) || /^file:/i.test(url)) return true;
  const { hostname } = new URL(url);
  const { goprivate, gonoproxy } = settings;
  if (!isPublicHost(hostname)) return true;
  if ([goprivate, gonoproxy].some((list) => findPrefixPattern(list, hostname) !== undefined)) return true;
  const isTold = matchPrivate(modulePath, settings).GONOPROXY === null;
  return isTold && chain.hops.some(({ entry, reached }) => reached && sameUrl(entry, url));
}

function sameUrl(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '');
}

/** checkBase gives the reason why a word is no URL of a proxy; undefined when it is one. */
export function checkBase(url: string): string | undefined {
  if (!URL.canParse(url)) return 'it is no URL, as https://proxy.example/path';
  const { protocol } = new URL(url);
  if (protocol === 'file:') {
    try {
      fileURLToPath(url);
      return undefined;
    } catch {
      return 'a file URL holds a path alone: file:///srv/proxy';
    }
  }
  return protocol === 'http:' || protocol === 'https:' ? undefined : 'its scheme must be https, http or file';
}
