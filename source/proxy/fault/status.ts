import type { Answer, Fault } from '../ask/answer.ts';
import { printable } from '../ask/certificate.ts';

/** statusFault gives the fault of an answer whose status is an error to Go: all but 200 are. `cmd/go/internal/web: (*Response).Err, go1.26` */
export function statusFault(answer: Answer): Fault | undefined {
  if (answer.kind === 'failed') return answer.fault;
  const { status, statusText, shownUrl } = answer;
  if (status === 200) return undefined;
  const isFile = shownUrl.startsWith('file:');
  const line = printable(`${status} ${statusText}`.trim());
  const said = serverWords(answer);
  return {
    code: `http-${status}`,
    detail: isFile ? fileWords(status) : `${meaningOf(status)}: ${line}${said === '' ? '' : ` (${said})`}`,
    goSays: isFile ? (status === 404 ? 'no such file or directory' : 'permission denied') : line,
    repair: isFile ? fileRepair(status) : repairOf(answer, status, said),
  };
}

type Answered = Extract<Answer, { readonly kind: 'answered' }>;

function meaningOf(status: number): string {
  switch (status) {
    case 400:
      return 'the server does not understand the request';
    case 401:
      return 'the server wants to know who asks';
    case 403:
      return 'the server refuses';
    case 404:
      return 'the server does not have it';
    case 407:
      return 'the HTTP proxy wants to know who asks';
    case 410:
      return 'the server does not have it, and says that it is gone';
    case 429:
      return 'the server has had too many requests';
  }
  if (status >= 500) return 'the server failed';
  return status >= 300 && status < 400
    ? 'the server sends elsewhere, without saying where'
    : 'the server answers no file';
}

function fileWords(status: number): string {
  return status === 404 ? 'there is no such file' : 'the file may not be read';
}

function fileRepair(status: number): readonly string[] {
  return status === 404 ? [] : ['make the files of that proxy readable: chmod -R a+rX DIRECTORY'];
}

function repairOf({ shownUrl, headers }: Answered, status: number, said: string): readonly string[] {
  const url = URL.canParse(shownUrl) ? new URL(shownUrl) : undefined;
  const host = url?.host ?? 'HOST';
  if (status === 400 && /http request.*https|plain http request/i.test(said))
    return [`this port speaks TLS: write https://${host}`];
  if (status === 400 && /ssl certificate|client certificate/i.test(said))
    return ['the server wants a certificate of the client, and the go command has none to give'];
  switch (status) {
    case 401:
    case 403:
      return url?.protocol === 'http:'
        ? [`go sends credentials by https only: write https://${host}`]
        : [
            `add to ~/.netrc: machine ${url?.hostname ?? host} login USER password TOKEN`,
            'or let a helper know them: go help goauth',
            'with credentials there: they may be old, or not allow this',
          ];
    case 404:
    case 410:
      return [];
    case 407:
      return ['HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT'];
    case 429: {
      const after = headers.get('retry-after');
      return [
        after === undefined
          ? 'try it again later'
          : `try it again later; the server says: Retry-After: ${printable(after)}`,
      ];
    }
  }
  return status >= 500
    ? [
        'look into the log of the server',
        'a | behind it in GOPROXY lets go ask the next entry after any error',
      ]
    : [];
}

// cmd/go/internal/web: maxErrorDetailLines, go1.26; and as much as fits a line or two.
const mostLines = 8;
const mostCharacters = 240;

/** serverWords are what a server says about it: of plain text the first lines, as Go shows them, of HTML the title. */
function serverWords({ headers, body }: Answered): string {
  const type = headers.get('content-type') ?? '';
  const text = body.toString('utf8', 0, 1 << 14);
  const words = /^text\/plain\b/i.test(type)
    ? (text.split(/\n\s*\n/, 1)[0] ?? '').split('\n').slice(0, mostLines).join(' ')
    : (/<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? '');
  const shown = printable(words.replace(/\s+/g, ' ').trim());
  return shown.length > mostCharacters ? `${shown.slice(0, mostCharacters)}...` : shown;
}
