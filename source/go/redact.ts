/**
 * redactUrl hides what must not be shown from every URL in a text: `https://user:secret@host` becomes
 * `https://user:xxxxx@host`, as Go writes it (`net/url: (*URL).Redacted, go1.26`). More than Go it hides a name alone before
 * the host of an http(s) URL, since that is how tokens are given, and query parameters that carry secrets.
 * The text can be one URL, a GOPROXY list (also of entries without a scheme), a line of `-x` or an error message.
 */
export function redactUrl(text: string): string {
  return text
    .replace(brokenAuthority, (_, scheme: string, user: string) => `${scheme}${user}:${hidden}@`)
    .replace(
      authority,
      (_, scheme: string, userinfo: string) => `${scheme}${hideUserinfo(scheme, userinfo)}@`,
    )
    .replace(schemeless, (_, user: string) => `${user}:${hidden}@`)
    .replace(secretParameter, (_, name: string) => `${name}=${hidden}`);
}

/** isRedacted says that a text as `redactUrl` gives it stands for another: what it hides cannot be had back from it. */
export function isRedacted(shown: string): boolean {
  return shown.includes(`:${hidden}@`) || shown.includes(`//${hidden}@`);
}

/** hidden is Go's own word in place of a password. */
const hidden = 'xxxxx';

/**
 * brokenAuthority is a password with a slash in it that was not escaped: Go takes `pass` for a port and shows the whole URL
 * in its error (`invalid port ":pass" after host`). What follows the colon is no port, or this would be a host.
 */
const brokenAuthority =
  /\b([a-z][a-z\d+.-]*:\/\/)([^\s/?#:@["'<>`]*):(?!\d*(?:[/?#\s"'<>`,|]|$))[^\s/?#@"'<>`]*\/[^\s"'<>`,|]*@/gi;

/**
 * authority is `scheme://userinfo@`; the last @ before the path ends the userinfo (`net/url: parseAuthority, go1.26`), but an @
 * behind a comma or bar belongs to the next entry of a list.
 */
const authority = /\b([a-z][a-z\d+.-]*:\/\/)([^\s/?#"'<>`@]*(?:@[^\s/?#"'<>`@,|]*)*)@/gi;

/**
 * schemeless is `user:password@host.example`, an entry of GOPROXY to which Go adds https://. The bounds keep a long row of signs from
 * being tried from each of them on.
 */
const schemeless =
  /(?<![\w:/.@%-])([^\s/:@,|"'<>`=()]{1,256}):(?!\/)([^\s/@,|"'<>`]{1,4096})@(?=[\w-]+[.:]|localhost\b|\[)/g;

/** secretParameter are query parameters under which proxies and object stores take their credentials. */
const secretParameter =
  /(?<=[?&])([\w-]*(?:token|secret|password|passwd|signature|credential|api_?key|auth)|key|sig|jwt|pwd)=[^&\s"'<>`#,|]*/gi;

function hideUserinfo(scheme: string, userinfo: string): string {
  const colon = userinfo.indexOf(':');
  if (colon >= 0) return `${userinfo.slice(0, colon)}:${hidden}`;
  return userinfo !== '' && /^https?:/i.test(scheme) ? hidden : userinfo;
}
