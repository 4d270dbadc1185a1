import type { Answer } from '../../proxy/ask/answer.ts';
import { printable } from '../../proxy/ask/certificate.ts';

/** Get makes one request as go makes it, redirects followed, and never rejects but for a stop. */
export type Get = (url: string, more?: GetOptions) => Promise<Answer>;

export type GetOptions = {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** maxBytes is how much of the body is read. */
  readonly maxBytes?: number;
};

/** outcomeOf says in a few words what came of a request: `404 Not Found`, `connection refused`. */
export function outcomeOf(answer: Answer): string {
  if (answer.kind === 'failed') return answer.fault.detail;
  return printable(`${answer.status} ${answer.statusText}`.trim());
}

/** bodyOf is the body of an answer with status 200; undefined for any other, and for one that did not come whole. */
export function bodyOf(answer: Answer): Buffer | undefined {
  return answer.kind === 'answered' && answer.status === 200 && !answer.isCut ? answer.body : undefined;
}

/** isNotFound says whether go takes an answer for "there is none", and goes on to the next proxy. `cmd/go/internal/web: (*HTTPError).Is, go1.26` */
export function isNotFound(answer: Answer): boolean {
  return answer.kind === 'answered' && (answer.status === 404 || answer.status === 410);
}
