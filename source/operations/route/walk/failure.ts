import type { Answer, Fault } from '../../../proxy/ask/answer.ts';
import { statusFault } from '../../../proxy/fault/status.ts';
import type { RouteRequest } from '../../../proxy/route/request.ts';

/** Failure is an error of Go. */
export type Failure = {
  readonly type: 'failure';
  /** text is Go's. */
  readonly text: string;
  /** isNotFound lets a comma go on: 404, 410, and what Go counts as such. `io/fs: ErrNotExist` */
  readonly isNotFound: boolean;
  /** namesModule says that the text begins with the module. */
  readonly namesModule: boolean;
  readonly fault: Fault | undefined;
};

/** Attempt is what came of a part of the way. */
export type Attempt<T> = T | Failure;

/** isFailure tells an error from a value. */
export function isFailure(attempt: unknown): attempt is Failure {
  return typeof attempt === 'object' && attempt !== null && 'type' in attempt && attempt.type === 'failure';
}

/** failure makes one. */
export function failure(text: string, more: Partial<Omit<Failure, 'type' | 'text'>> = {}): Failure {
  return { type: 'failure', text, isNotFound: false, namesModule: false, fault: undefined, ...more };
}

/** inModule puts the module before an error. `golang.org/x/mod/module: (*ModuleError).Error` */
export function inModule(path: string, version: string | undefined, why: Failure): Failure {
  if (why.namesModule) return why;
  const text = version === undefined ? `module ${path}: ${why.text}` : `${path}@${version}: ${why.text}`;
  return { ...why, text, namesModule: true };
}

/** bodyOf gives the body of an answer with status 200, else Go's error about it. `cmd/go/internal/web: Get, (*HTTPError).Error, go1.26` */
export function bodyOf(request: RouteRequest, answer: Answer): Attempt<Buffer> {
  const { shown } = request;
  if (answer.kind === 'failed') {
    const { fault } = answer;
    // What breaks off within the body was already read from.
    const verb = fault.goSays === 'unexpected EOF' ? 'read' : 'Get';
    return failure(`${verb} "${shown}": ${fault.goSays ?? fault.detail}`, { fault });
  }
  if (answer.status === 200) return answer.body;
  const isNotFound = answer.status === 404 || answer.status === 410;
  const fault = isNotFound ? undefined : statusFault(answer);
  if (/^file:/i.test(shown)) {
    const why = isNotFound ? 'no such file or directory' : 'permission denied';
    return failure(`reading ${shown}: ${why}`, { isNotFound, fault });
  }
  const detail = serverWords(answer.headers.get('content-type') ?? '', answer.body);
  const text = `reading ${shown}: ${answer.status} ${answer.statusText}`.trimEnd();
  return failure(`${text}${detail}`, { isNotFound, fault });
}

/** maxDetailLines and maxDetailBytes bound what Go repeats of a server. `cmd/go/internal/web: maxErrorDetailLines, go1.26` */
const maxDetailLines = 8;
const maxDetailBytes = maxDetailLines * 81;

/** serverWords is what the server said in plain text. `cmd/go/internal/web: (*Response).formatErrorDetail, go1.26` */
function serverWords(contentType: string, body: Buffer): string {
  const [mediaType = '', ...parameters] = contentType.toLowerCase().split(';');
  const charset = /charset="?([\w-]+)/.exec(parameters.join(';'))?.[1] ?? 'utf-8';
  if (mediaType.trim() !== 'text/plain' || !/^(?:us-ascii|utf-8)$/.test(charset)) return '';
  const text = body.toString('utf8');
  if (text.includes('\ufffd') || /[^\P{C}\t\n\v\f\r]/u.test(text)) return '';
  const lines: string[] = [];
  let bytes = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') break;
    if (lines.length >= maxDetailLines) return asDetail([...lines, '[Truncated: too many lines.]']);
    bytes += line.length + 2;
    if (bytes > maxDetailBytes) return asDetail([...lines, '[Truncated: too long.]']);
    lines.push(line);
  }
  return asDetail(lines);
}

function asDetail(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `\n\tserver response:${lines.length > 1 ? '\n\t' : ' '}${lines.join('\n\t')}`;
}
