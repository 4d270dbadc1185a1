import { findPrefixPattern } from '../../go/module-path.ts';
import { looksPrivate } from '../../proxy/route/leak.ts';
import type { RouteSettings } from '../../proxy/route/settings.ts';

/** isPrivateName says whether a module's name is not to be told outside: a setting names it, or it looks private. */
export function isPrivateName(modulePath: string, settings: RouteSettings): boolean {
  const lists = [settings.goprivate, settings.gonosumdb, settings.gonoproxy];
  return (
    lists.some((list) => findPrefixPattern(list, modulePath) !== undefined) ||
    looksPrivate(modulePath, settings) !== undefined
  );
}

/** codeHosts keep the modules of many owners under one host. */
const codeHosts = new Set(['github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org', 'git.sr.ht']);

/** patternFor is the glob that covers a module and its neighbours of the same owner: the owner on a code host, else the host. */
export function patternFor(modulePath: string): string {
  const [host = '', owner] = modulePath.split('/');
  return codeHosts.has(host) && owner !== undefined ? `${host}/${owner}` : host;
}
