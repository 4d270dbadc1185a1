/**
 * joinModuleUrl adds a path to the URL of a hop, as Go does for a module: slashes are made one, what stands behind `?` stays at the
 * end, and what URLs do not hold is escaped. `cmd/go/internal/modfetch: newProxyRepo, (*proxyRepo).getBody, go1.26`
 */
export function joinModuleUrl(entry: string, path: string): string {
  return join(entry, escapeUrlPath(path), (before) => before.replace(/\/{2,}/g, '/'));
}

/** joinSumdbUrl is the same for the checksum database behind a hop: there Go joins as it is. `cmd/go/internal/web: Join, go1.26` */
export function joinSumdbUrl(entry: string, path: string): string {
  return join(entry, escapeUrlPath(path), (before) => before);
}

function join(entry: string, path: string, clean: (before: string) => string): string {
  const [, origin, before = '', query = ''] =
    /^([a-z][a-z\d+.-]*:\/\/[^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(entry) ?? [];
  // Without a host it is no URL that anybody can be asked by, and Go says so.
  if (origin === undefined) return `${entry}/${path}`;
  return `${origin}${clean(before).replace(/\/$/, '')}/${path}${query}`;
}

/** escapeUrlPath: `net/url: PathEscape; cmd/go/internal/modfetch: pathEscape, go1.26` */
function escapeUrlPath(path: string): string {
  return path.replace(/[^\w.~$&+:=@/-]/gu, (char) => encodeURIComponent(char).replace('!', '%21'));
}
