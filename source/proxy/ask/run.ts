import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { redactUrl } from '../../go/redact.ts';
import type { Environment } from '../../go/settings.ts';
import { codeOf, reasonOf } from '../../platform/problem.ts';
import type { Answer, Fault, ServerCertificate } from './answer.ts';
import { exchange, type Reply } from './exchange/run.ts';
import { RequestFailure } from './failure.ts';
import { readRoots } from './roots/scan.ts';

/** AskContext says how a request is made, and how much of it is waited for. */
export type AskContext = {
  /** environment is what the go command would see; GOAUTH is read from it too: lay what go env says over it. */
  readonly environment: Environment;
  /** timeoutMs bounds all of it, redirects and helpers for credentials too. */
  readonly timeoutMs: number;
  /** maxBytes of the body are read. */
  readonly maxBytes: number;
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** isInsecure says that GOINSECURE names the module: for what is fetched without a proxy, every certificate passes. */
  readonly isInsecure?: boolean;
  /** directory is where helpers for credentials run. */
  readonly directory?: string;
  readonly signal?: AbortSignal;
};

/**
 * ask makes one request as the go command would, and tells what came of it; it rejects only when the signal ends it.
 * `cmd/go/internal/web: get, go1.26`
 */
export async function ask(url: string, context: AskContext): Promise<Answer> {
  const start = performance.now();
  let certificates: readonly ServerCertificate[] | undefined;
  const about = () => ({
    shownUrl: redactUrl(url),
    durationMs: performance.now() - start,
    certificates,
  });
  const timeout = AbortSignal.timeout(context.timeoutMs);
  try {
    const reply = /^file:/i.test(url)
      ? await readLocal(new URL(url), context.maxBytes)
      : await follow(
          new URL(url),
          context,
          context.signal === undefined ? timeout : AbortSignal.any([timeout, context.signal]),
          (seen) => {
            certificates ??= seen;
          },
        );
    return { ...about(), kind: 'answered', ...reply };
  } catch (error) {
    context.signal?.throwIfAborted();
    return { ...about(), kind: 'failed', fault: faultOf(error, timeout, context.timeoutMs) };
  }
}

function faultOf(error: unknown, timeout: AbortSignal, timeoutMs: number): Fault {
  if (error instanceof RequestFailure) return error.fault;
  if (timeout.aborted) {
    const detail = `no answer within ${timeoutMs / 1000} s`;
    return { code: 'timeout', detail, goSays: undefined, repair: [] };
  }
  return { code: 'other', detail: redactUrl(reasonOf(error)), goSays: undefined, repair: [] };
}

const maxRedirects = 10;

async function follow(
  first: URL,
  context: AskContext,
  signal: AbortSignal,
  seen: (certificates: readonly ServerCertificate[]) => void,
): Promise<Reply> {
  const roots = await readRoots(context.environment);
  const connecting = { roots, isInsecure: context.isInsecure === true, signal, now: () => new Date(), seen };
  let url = first;
  for (let redirects = 0; ; redirects += 1) {
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    const headers: Record<string, string> = {
      'User-Agent': 'Go-http-client/1.1',
      ...context.headers,
      ...(url.username === '' ? {} : { Authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
      'Accept-Encoding': 'gzip',
    };
    const reply = await exchange(
      { url, method: context.method ?? 'GET', headers, maxBytes: context.maxBytes },
      connecting,
    );
    const location = reply.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(reply.status) || location === undefined) return reply;
    if (redirects === maxRedirects) {
      const goSays = 'stopped after 10 redirects';
      throw new RequestFailure({
        code: 'bad-content',
        detail: 'it sends from one URL to the next without end',
        goSays,
        repair: [],
      });
    }
    url = new URL(location, url);
  }
}

async function readLocal(url: URL, maxBytes: number): Promise<Reply> {
  const empty = { headers: new Map<string, string>(), body: Buffer.alloc(0), isCut: false };
  try {
    const file = await open(fileURLToPath(url));
    try {
      const { size } = await file.stat();
      const body = Buffer.alloc(Math.min(size, maxBytes));
      const { bytesRead } = await file.read(body, 0, body.length, 0);
      return {
        ...empty,
        status: 200,
        statusText: 'OK',
        body: body.subarray(0, bytesRead),
        isCut: size > maxBytes,
      };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { ...empty, status: 404, statusText: 'Not Found' };
    if (codeOf(error) === 'EACCES') return { ...empty, status: 403, statusText: 'Forbidden' };
    throw error;
  }
}
