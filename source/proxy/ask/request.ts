import type { ServerCertificate } from './answer.ts';
import { printable } from './certificate.ts';
import type { CredentialHeaders } from './credentials/store.ts';
import { basicHeaders } from './credentials/store.ts';
import type { Progress } from './exchange/connect.ts';
import { exchange, type Reply } from './exchange/run.ts';
import { RequestFailure } from './failure.ts';
import { followLocation, isRedirect } from './redirect.ts';
import type { AskContext } from './run.ts';
import { decode, type Secrets } from './secrets.ts';
import type { AskSession } from './session.ts';

/** Requesting is a request with all that belongs to it. */
export type Requesting = {
  readonly context: AskContext;
  readonly session: AskSession;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  readonly progress: Progress;
  readonly seen: (certificates: readonly ServerCertificate[]) => void;
};

/**
 * request asks a URL by http or https: with the credentials of GOAUTH for https, and once more when the answer is 400 to 499 and the
 * helpers then know others. `cmd/go/internal/web: get, go1.26`
 */
export async function request(url: URL, requesting: Requesting) {
  const { context, session, signal, progress } = requesting;
  if (url.protocol !== 'https:') return follow(url, undefined, requesting);
  const { environment, directory } = context;
  const place = { environment, directory, signal };
  const asked = withoutLogin(url);
  progress.stage = 'credentials';
  // A URL with a password of its own is found under no prefix.
  const hasLogin = url.username !== '' || url.password !== '';
  const credentials = hasLogin ? undefined : await session.credentials.find(asked, place);
  const first = await follow(url, credentials, requesting);
  const { status } = first.reply;
  if (hasLogin || status < 400 || status > 499) return first;
  progress.stage = 'credentials';
  const again = await session.credentials.findAgain(asked, first.reply, place);
  return again === undefined ? first : follow(url, again, requesting);
}

/** withoutLogin is a URL as helpers see it: what they are given stands in the list of processes. */
function withoutLogin(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

// net/http: defaultCheckRedirect, cmd/go/internal/web: checkRedirect, go1.26
const maxRedirects = 10;

// No server takes a longer one.
const longestLocation = 1 << 16;

type Followed = { readonly reply: Reply; readonly finalUrl: string };

async function follow(
  first: URL,
  credentials: CredentialHeaders | undefined,
  { context, session, signal, secrets, progress, seen }: Requesting,
): Promise<Followed> {
  const { environment, method = 'GET', maxBytes, isInsecure = false } = context;
  for (const [, value] of credentials ?? []) secrets.addHeader(value);
  const connecting = {
    environment,
    roots: await session.roots(environment),
    context: await session.context(environment),
    isInsecure,
    signal,
    secrets,
    progress,
    seen,
  };
  let url = first;
  let sent = credentials ?? [];
  let referer: string | undefined;
  for (let redirects = 0; ; redirects += 1) {
    const headers = headersFor(url, sent, referer, context);
    for (const [name, value] of headers) if (name === 'Authorization') secrets.addHeader(value);
    const reply = await exchange({ url, method, headers, maxBytes }, connecting);
    const location = reply.headers.get('location') ?? '';
    if (!isRedirect(reply.status) || location === '') return { reply, finalUrl: url.href };
    if (location.length > longestLocation)
      throw redirectFailure(`${url.hostname} sends to a URL of ${location.length} bytes`, undefined);
    const next = followLocation(location, first, url);
    if (next === undefined)
      throw redirectFailure('it sends to what is no URL', 'failed to parse Location header');
    secrets.addUrl(next.url);
    checkNext(first, url, next.url, isInsecure, secrets);
    if (redirects + 1 >= maxRedirects)
      throw redirectFailure(
        `${printable(url.hostname)} sends from one URL to the next without end, at last to ${shorten(secrets.hide(next.url.href))}`,
        'stopped after 10 redirects',
      );
    if (!next.keepsCredentials) sent = [];
    ({ url, referer } = next);
  }
}

function headersFor(
  url: URL,
  sent: CredentialHeaders,
  referer: string | undefined,
  context: AskContext,
): CredentialHeaders {
  const { headers = {}, method } = context;
  const hasLogin = sent.some(([name]) => name.toLowerCase() === 'authorization');
  const login =
    url.username === '' && url.password === ''
      ? []
      : basicHeaders(decode(url.username), decode(url.password));
  const isPart = Object.keys(headers).some((name) => /^(?:range|accept-encoding)$/i.test(name));
  return [
    ['User-Agent', 'Go-http-client/1.1'],
    ...sent,
    ...(hasLogin ? [] : login),
    ...(referer === undefined ? [] : [['Referer', referer] as const]),
    ...Object.entries(headers),
    // net/http: (*persistConn).roundTrip, go1.26
    ...(isPart || method === 'HEAD' ? [] : [['Accept-Encoding', 'gzip'] as const]),
  ];
}

/** checkNext: `cmd/go/internal/web: securityPreservingHTTPClient, go1.26` */
function checkNext(first: URL, last: URL, next: URL, isInsecure: boolean, secrets: Secrets): void {
  const isDowngrade = first.protocol === 'https:' && next.protocol !== 'https:' && !isInsecure;
  if (isDowngrade)
    throw redirectFailure(
      `${last.hostname} sends from https to ${shorten(secrets.hide(next.href))}, which go does not follow`,
      `redirected from secure URL ${secrets.hide(last.href)} to insecure URL ${secrets.hide(next.href)}`,
    );
  if (next.protocol !== 'http:' && next.protocol !== 'https:')
    throw redirectFailure(
      `${last.hostname} sends to ${shorten(secrets.hide(next.href))}`,
      `unsupported protocol scheme "${next.protocol.slice(0, -1)}"`,
    );
}

// Two lines of a screen.
const shownLength = 160;

function shorten(url: string): string {
  return url.length > shownLength ? `${url.slice(0, shownLength)}...` : url;
}

function redirectFailure(detail: string, goSays: string | undefined): RequestFailure {
  const repair = ['let the server answer itself, or name the URL that it sends to in GOPROXY'];
  return new RequestFailure({ code: 'bad-content', detail, goSays, repair });
}
