/** Redirect is where an answer sends a request. */
export type Redirect = {
  readonly url: URL;
  /** keepsCredentials says that the headers that prove who asks go along. */
  readonly keepsCredentials: boolean;
  /** referer is the URL before, for the header of that name; undefined where Go sends none. */
  readonly referer: string | undefined;
};

/** isRedirect tells the statuses that Go follows. `net/http: redirectBehavior, go1.26` */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * followLocation reads a Location header; undefined for one that is no URL. Credentials stay with the host of the first request and
 * those below it; a password in the URL stays with a relative location only. `net/http: (*Client).do, shouldCopyHeaderOnRedirect, go1.26`
 */
export function followLocation(location: string, first: URL, last: URL): Redirect | undefined {
  if (!URL.canParse(location, last.href)) return undefined;
  const url = new URL(location, last);
  if (!/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(location)) {
    url.username = last.username;
    url.password = last.password;
  }
  return {
    url,
    keepsCredentials: isSameOrBelow(url.hostname, first.hostname),
    referer: refererOf(last, url),
  };
}

/** isSameOrBelow: `net/http: isDomainOrSubdomain, go1.26` */
function isSameOrBelow(host: string, parent: string): boolean {
  return host === parent || (!/[:%]/.test(host) && host.endsWith(`.${parent}`));
}

function refererOf(last: URL, next: URL): string | undefined {
  if (last.protocol === 'https:' && next.protocol === 'http:') return undefined;
  const shown = new URL(last);
  shown.username = '';
  shown.password = '';
  shown.hash = '';
  return shown.href;
}
