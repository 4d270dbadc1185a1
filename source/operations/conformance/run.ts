import { parseVerifier } from '../../checksums/database/note.ts';
import type { GoEnv } from '../../go/env.ts';
import { redactUrl } from '../../go/redact.ts';
import { isSemver } from '../../go/semver.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { Answer, Fault } from '../../proxy/ask/answer.ts';
import { printable } from '../../proxy/ask/certificate.ts';
import { parseProxyChain } from '../../proxy/chain.ts';
import { joinSumdbUrl } from '../../proxy/route/hop-url.ts';
import { checksumUse, parseSumdb, verifierKeyOf } from '../../proxy/sumdb.ts';
import { examineDatabase } from '../sumdb-check/examine.ts';
import { bodyOf, type Get, outcomeOf } from '../sumdb-check/get.ts';
import { judgeDatabase } from '../sumdb-check/judge.ts';
import { knownSums } from '../sumdb-check/known-sums.ts';
import { isPrivateName } from '../sumdb-check/private-name.ts';
import { readMainModule } from '../verify/main-module.ts';
import { findCandidates } from './candidates.ts';
import { type Check, fail, type Judgement, pass, type Request, type Subject, skip } from './check.ts';
import { conformanceChecks } from './checks.ts';
import { fileOf, isUnknown, plainInfo } from './paths.ts';
import { mayHear } from './privacy.ts';

/** CheckResult is what came of one check, with the requests that it was judged by. */
export type CheckResult = Pick<Check, 'id' | 'what' | 'neededBy'> &
  Judgement & {
    readonly requests: readonly {
      readonly method: string;
      readonly url: string;
      readonly result: string;
      readonly durationMs: number;
    }[];
  };

/** Conformance is how a server does as a GOPROXY. */
export type Conformance = {
  /** url as it may be shown. */
  readonly url: string;
  readonly module: ModuleName;
  readonly capital: ModuleName | undefined;
  readonly checks: readonly CheckResult[];
};

/** Unchecked is why a server could not be checked: it was not reached, or there is nothing to ask it for. */
export type Unchecked = { readonly why: string; readonly fault: Fault | undefined };

export type ConformanceOptions = {
  readonly env: GoEnv;
  /** url as GOPROXY would have it, with a user and a password too; `checkBase` has found it to be one. */
  readonly url: string;
  /** module is `path@version`, or a path of which a version is known here; undefined: one is found. */
  readonly module: string | undefined;
  readonly get: Get;
  onProgress?(done: number, of: number): void;
};

/**
 * checkConformance asks a server for all that a GOPROXY must do, and for what good ones do beside it. It changes nothing, there
 * and here.
 */
export async function checkConformance(options: ConformanceOptions): Promise<Conformance | Unchecked> {
  const { env, url, get, onProgress } = options;
  const { main } = readMainModule(env);
  const candidates = findCandidates(env, main);
  const asker = createAsker(url, get);
  const chain = parseProxyChain(env.goproxy);
  const mayAsk = ({ path }: ModuleName): boolean => mayHear(url, path, env, chain);

  const module = await chooseModule(options.module, candidates, mayAsk, asker);
  if ('why' in module) return module;
  const capital = await findCapital(module, candidates.filter(mayAsk), asker);
  const setting = parseSumdb(env.gosumdb);
  const subject: Subject = {
    module,
    capital,
    known: knownSums(env.gomodcache, module, main),
    toolchain: `v0.0.1-${env.goversion.split(' ')[0]}.${env.goos}-${env.goarch}`,
    sumdb: setting.kind === 'database' ? setting.name : undefined,
    isHttp: /^https?:/i.test(url),
  };
  let done = 0;
  const checks = await Promise.all(
    conformanceChecks.map(async (check) => {
      const result = await runCheck(check, subject, asker);
      done += 1;
      onProgress?.(done, conformanceChecks.length + 1);
      return result;
    }),
  );
  return {
    url: redactUrl(url),
    module,
    capital: subject.capital,
    checks: [...checks, await checkMirror(env, url, subject, checks, get)],
  };
}

function unchecked(why: string, fault?: Fault): Unchecked {
  return { why, fault };
}

/** chooseModule takes the one that the user named, else the first candidate that the server has. */
async function chooseModule(
  word: string | undefined,
  candidates: readonly ModuleName[],
  mayAsk: (name: ModuleName) => boolean,
  asker: Asker,
): Promise<ModuleName | Unchecked> {
  if (word !== undefined) {
    const [path = '', version] = word.split('@');
    const named = version === undefined ? candidates.find((each) => each.path === path) : { path, version };
    if (named === undefined) return unchecked(`${path}: give a version: nothing here knows one`);
    if (!isSemver(named.version)) return unchecked(`${word}: a version is needed, as v1.2.3`);
    if (!mayAsk(named))
      return unchecked(
        `${path} is private and the server is public: it was not asked. Name a public module: gocachetop proxy --conformance URL MODULE@VERSION`,
      );
    const first = await asker.ask(fileOf(named, 'info'));
    return first.kind === 'failed' ? unchecked(first.fault.detail, first.fault) : named;
  }
  const allowed = candidates.filter(mayAsk);
  const found = await firstServed(allowed, asker);
  if (found !== undefined) return 'fault' in found ? unchecked(found.fault.detail, found.fault) : found;
  const count = Math.min(allowed.length, mostTried);
  const name = 'name one that it has: gocachetop proxy --conformance URL MODULE@VERSION';
  if (count > 0) return unchecked(`it has none of the ${count} modules that were tried: ${name}`);
  return unchecked(
    candidates.length === 0
      ? `there is no module here to ask for: ${name}`
      : `all modules here are private and the server is public: none was asked for; ${name}`,
  );
}

/** mostTried is how many candidates a server is asked for: one that mirrors the public modules has the first. */
const mostTried = 24;

/** firstServed is the first of some candidates that the server has; a fault where it cannot be asked at all. */
async function firstServed(
  candidates: readonly ModuleName[],
  asker: Asker,
): Promise<ModuleName | { readonly fault: Fault } | undefined> {
  for (const name of candidates.slice(0, mostTried)) {
    const answer = await asker.ask(fileOf(name, 'info'));
    if (answer.kind === 'failed') return { fault: answer.fault };
    if (answer.status === 200) return name;
  }
  return undefined;
}

/**
 * findCapital is a module with a capital letter that the server has, under the escaped path or, wrongly, under the plain one;
 * undefined where none is found.
 */
async function findCapital(
  module: ModuleName,
  candidates: readonly ModuleName[],
  asker: Asker,
): Promise<ModuleName | undefined> {
  const hasCapital = ({ path }: ModuleName): boolean => /[A-Z]/.test(path);
  if (hasCapital(module)) return module;
  for (const name of candidates.filter(hasCapital).slice(0, mostTried)) {
    const answers = await Promise.all([fileOf(name, 'info'), plainInfo(name)].map(asker.ask));
    if (answers.some((answer) => bodyOf(answer) !== undefined)) return name;
  }
  return undefined;
}

/** Asker makes each request once: most checks are about the same files. */
type Asker = { ask(request: Request): Promise<Answer> };

function createAsker(url: string, get: Get): Asker {
  const asked = new Map<string, Promise<Answer>>();
  const waiting: (() => void)[] = [];
  let open = 0;

  async function send({ path, method, range }: Request): Promise<Answer> {
    if (open === atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else open += 1;
    try {
      return await get(`${url.replace(/\/$/, '')}/${path}`, {
        ...(method === undefined ? {} : { method }),
        ...(range === undefined ? {} : { headers: { Range: range } }),
        maxBytes: limitOf(path, range),
      });
    } finally {
      const next = waiting.shift();
      if (next === undefined) open -= 1;
      else next();
    }
  }

  return {
    ask(request) {
      const key = `${request.method} ${request.path} ${request.range}`;
      const answer = asked.get(key) ?? send(request);
      asked.set(key, answer);
      return answer;
    },
  };
}

/** atOnce is how many connections a server has to bear. */
const atOnce = 8;

/** limitOf is how many bytes of an answer are read: what a server sends is in memory, whatever it sends. */
function limitOf(path: string, range: string | undefined): number {
  if (isUnknown(path) || range !== undefined) return smallBytes;
  if (path.endsWith('.zip')) return mostZipBytes;
  return /\.mod$|\/list$/.test(path) ? mostTextBytes : smallBytes;
}

/** mostZipBytes: nearly all modules are smaller. */
const mostZipBytes = 32 * 2 ** 20;
/** mostTextBytes is more than the longest list of versions has, and any go.mod. */
const mostTextBytes = 4 * 2 ** 20;
/** smallBytes is for what is some hundred bytes long. */
const smallBytes = 65_536;

async function runCheck(check: Check, subject: Subject, asker: Asker): Promise<CheckResult> {
  const { id, what, neededBy } = check;
  const requests = check.requests(subject);
  if (typeof requests === 'string') return { id, what, neededBy, ...skip(requests), requests: [] };
  const answers = await Promise.all(requests.map(asker.ask));
  const { outcome, detail } = await check.judge(answers, subject);
  return {
    id,
    what,
    neededBy,
    outcome,
    // Names in a zip and words of a header are chosen by the server.
    detail: printable(detail).slice(0, mostCharacters),
    requests: answers.map((answer, index) => ({
      method: requests[index]?.method ?? 'GET',
      url: answer.shownUrl,
      result: outcomeOf(answer),
      durationMs: Math.round(answer.durationMs),
    })),
  };
}

/** mostCharacters is a paragraph. */
const mostCharacters = 400;

/** checkMirror proves what a proxy passes on from the checksum database: signature, tiles, the record, and that its files have those sums. */
async function checkMirror(
  env: GoEnv,
  url: string,
  { module, known }: Subject,
  checks: readonly CheckResult[],
  get: Get,
): Promise<CheckResult> {
  const about = {
    id: 'sumdb-proven',
    what: 'what it passes on from the checksum database is signed and proven by tiles',
    neededBy: 'go',
    requests: [],
  } as const;
  const setting = parseSumdb(env.gosumdb);
  const verifier = setting.kind === 'database' ? parseVerifier(verifierKeyOf(setting)) : undefined;
  const supported = checks.find(({ id }) => id === 'sumdb-supported');
  if (setting.kind !== 'database' || verifier === undefined || supported?.requests[0]?.result !== '200 OK')
    return { ...about, ...skip('it mirrors none') };
  const isPrivate = isPrivateName(module.path, env) || !checksumUse(module.path, env).isChecked;
  const base = joinSumdbUrl(url, `sumdb/${setting.name}`);
  const examination = await examineDatabase({
    base,
    verifier,
    kept: undefined,
    keptTiles: () => undefined,
    module: isPrivate ? undefined : module,
    get,
  });
  const [wrong] = judgeDatabase({
    name: setting.name,
    access: { kind: 'mirrored', base, shown: redactUrl(base) },
    examination,
    kept: undefined,
    keptFile: '',
    known,
    goprivate: env.goprivate,
  });
  if (wrong !== undefined) return { ...about, ...fail(wrong.what) };
  const size = examination.latest.state === 'read' ? examination.latest.tree.size : undefined;
  return {
    ...about,
    ...pass(`tree ${size}${isPrivate ? '; the module is private and was not looked up' : ''}`),
  };
}
