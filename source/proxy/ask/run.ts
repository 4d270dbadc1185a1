import type { Environment } from '../../go/settings.ts';
import { reasonOf } from '../../platform/problem.ts';
import { nameTimeout } from '../fault/network.ts';
import type { Answer, Fault, ServerCertificate } from './answer.ts';
import type { Progress } from './exchange/connect.ts';
import type { Reply } from './exchange/run.ts';
import { RequestFailure } from './failure.ts';
import { readLocal } from './local.ts';
import { type Requesting, request } from './request.ts';
import { Secrets } from './secrets.ts';
import { AskSession } from './session.ts';

/** AskContext says how a request is made, and how much of it is waited for. */
export type AskContext = {
  /** environment is what the go command would see; GOAUTH is read from it too: lay what go env says over it. */
  readonly environment: Environment;
  /** timeoutMs bounds all of it, redirects and helpers for credentials too. */
  readonly timeoutMs: number;
  /** maxBytes of the body are read, at most 24 MiB. */
  readonly maxBytes: number;
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** isInsecure says that GOINSECURE names the module: for what is fetched without a proxy, every certificate passes. */
  readonly isInsecure?: boolean;
  /** directory is where helpers for credentials run. */
  readonly directory?: string;
  readonly signal?: AbortSignal;
  /** session is shared by the requests of one look; without one this request reads roots and credentials for itself. */
  readonly session?: AskSession;
};

// A body is held twice for a moment, and 64 MiB must do for all.
const mostBytes = 24 << 20;

/**
 * ask makes one request as the go command would, and tells what came of it; it rejects only when the signal ends it. A URL without a
 * scheme (`//host/path`) is asked by https and, with isInsecure, then by http. `cmd/go/internal/web: get, go1.26`
 */
export async function ask(url: string, context: AskContext): Promise<Answer> {
  const start = performance.now();
  const secrets = new Secrets();
  const timeout = AbortSignal.timeout(context.timeoutMs);
  const progress: Progress = { stage: 'credentials', host: '', bytes: 0 };
  let certificates: readonly ServerCertificate[] | undefined;
  const about = () => ({ shownUrl: secrets.hide(url), durationMs: performance.now() - start, certificates });
  try {
    const { reply, finalUrl } = await fetchUrl(url, {
      context: { ...context, maxBytes: Math.min(context.maxBytes, mostBytes) },
      session: context.session ?? new AskSession(),
      signal: context.signal === undefined ? timeout : AbortSignal.any([timeout, context.signal]),
      secrets,
      progress,
      seen: (chain) => {
        certificates ??= chain;
      },
    });
    const shownFinalUrl = secrets.hide(finalUrl);
    return { ...about(), kind: 'answered', ...hideReply(reply, secrets), shownFinalUrl };
  } catch (error) {
    context.signal?.throwIfAborted();
    const fault = timeout.aborted ? nameTimeout(progress, context.timeoutMs) : faultOf(error);
    return { ...about(), kind: 'failed', fault: hideFault(fault, secrets) };
  }
}

type Fetched = { readonly reply: Reply; readonly finalUrl: string };

async function fetchUrl(url: string, requesting: Requesting): Promise<Fetched> {
  const hasScheme = !url.startsWith('//');
  const whole = hasScheme ? url : `https:${url}`;
  if (!URL.canParse(whole)) throw broken(`this is no URL: ${url}`, undefined);
  const parsed = new URL(whole);
  requesting.secrets.addUrl(parsed);
  switch (parsed.protocol) {
    case 'file:':
      return { reply: await readLocal(parsed, requesting.context.maxBytes), finalUrl: url };
    case 'https:':
      return request(parsed, requesting).catch((error: unknown) => {
        // cmd/go/internal/web: get falls back only where the URL names no scheme, go1.26
        if (hasScheme || requesting.context.isInsecure !== true || requesting.signal.aborted) throw error;
        return request(new URL(`http:${url}`), requesting);
      });
    case 'http:':
      if (parsed.username !== '' && requesting.context.isInsecure !== true)
        throw broken(
          'go sends no password by http://',
          `refusing to pass credentials to insecure URL: ${requesting.secrets.hide(url)}`,
        );
      return request(parsed, requesting);
    default:
      throw broken(`${parsed.protocol} is no scheme for a proxy`, 'unsupported scheme');
  }
}

function broken(detail: string, goSays: string | undefined): RequestFailure {
  return new RequestFailure({ code: 'other', detail, goSays, repair: [] });
}

function faultOf(error: unknown): Fault {
  if (error instanceof RequestFailure) return error.fault;
  return { code: 'other', detail: reasonOf(error), goSays: undefined, repair: [] };
}

function hideFault(fault: Fault, secrets: Secrets): Fault {
  const { code, detail, goSays, repair } = fault;
  const hide = (text: string) => secrets.hide(text);
  return {
    code,
    detail: hide(detail),
    goSays: goSays === undefined ? undefined : hide(goSays),
    repair: repair.map(hide),
  };
}

/** secretHeaders are those whose value is a secret of the server for this client. */
const secretHeaders: ReadonlySet<string> = new Set([
  ...['set-cookie', 'set-cookie2', 'cookie', 'authorization', 'proxy-authorization'],
  ...['authentication-info', 'proxy-authentication-info', 'x-auth-token', 'x-csrf-token'],
]);

// Longer than any header that says something; the rest of it is of no use.
const longestHeader = 1 << 13;

function hideReply(reply: Reply, secrets: Secrets): Reply {
  const headers = new Map(
    [...reply.headers].map(([name, value]) => [
      name,
      secretHeaders.has(name) ? 'xxxxx' : secrets.hide(value),
    ]),
  );
  return {
    ...reply,
    statusText: secrets.hide(reply.statusText.slice(0, longestHeader)),
    headers,
    body: secrets.hideBytes(reply.body, reply.isCut),
  };
}
