import { escapePath } from '../../../go/module-path.ts';
import { redactUrl } from '../../../go/redact.ts';
import { compareVersions, isPseudoVersion, isSemver } from '../../../go/semver.ts';
import { joinModuleUrl } from '../../../proxy/route/hop-url.ts';
import type { RequestPurpose } from '../../../proxy/route/request.ts';
import { type Attempt, type Failure, failure, inModule, isFailure } from './failure.ts';
import type { Info, Repo } from './repo.ts';
import { canonicalVersion, majorFault } from './versions.ts';
import {
  failLastStep,
  get,
  lastFault,
  once,
  sayNext,
  type Target,
  type Walk,
  type Walker,
} from './walker.ts';

/** proxyRepo asks a module proxy. `cmd/go/internal/modfetch: proxyRepo, go1.26` */
export function proxyRepo(walker: Walker, target: Target, base: string): Repo {
  const { module } = walker.plan.question;
  const escaped = escapePath(module) ?? module;

  function* ask(
    purpose: RequestPurpose,
    file: string,
    revision: string | undefined,
    version?: string,
  ): Walk<Attempt<Buffer>> {
    const url = joinModuleUrl(base, `${escaped}/${file}`);
    const body = yield* get(walker, target, { purpose, url, version });
    return isFailure(body) ? versionError(module, revision, body) : body;
  }

  function* readList(): Walk<Attempt<readonly string[]>> {
    const body = yield* ask('list', '@v/list', undefined);
    return isFailure(body) ? body : body.toString('utf8').split('\n');
  }

  function* readInfo(
    purpose: RequestPurpose,
    file: string,
    revision: string | undefined,
  ): Walk<Attempt<Info>> {
    const version = revision !== undefined && isExact(module, revision) ? revision : undefined;
    const body = yield* ask(purpose, file, revision, version);
    if (isFailure(body)) return body;
    const info = parseInfo(body.toString('utf8'));
    if (info !== undefined && (version === undefined || info.version === version)) {
      sayNext(walker, `it is ${info.version || 'no version'}`);
      return info;
    }
    const told = lastFault(walker)?.goSays ?? 'it is no JSON object';
    const text = info === undefined ? `invalid response from proxy "${redactUrl(base)}": ${told}` : told;
    return versionError(module, revision, failLastStep(walker, failure(text)));
  }

  function* stat(revision: string): Walk<Attempt<Info>> {
    const version = escapeVersion(revision);
    if (version === undefined)
      return versionError(
        module,
        revision,
        failure(`version "${revision}" invalid: disallowed version string`),
      );
    return yield* readInfo('info', `@v/${version}.info`, revision);
  }

  /** newestOf takes the newest commit of a list, by the times in it. `(*proxyRepo).latestFromList` */
  function* newestOf(lines: readonly string[]): Walk<Attempt<Info>> {
    let best: { readonly version: string; readonly time: string } | undefined;
    for (const line of lines) {
      const [version = '', time = pseudoTime(version)] = line.split(/\s+/).filter((field) => field !== '');
      if (!isSemver(version) || time === undefined) continue;
      if (best === undefined || time > best.time) best = { version, time };
    }
    if (best === undefined)
      return versionError(module, undefined, failure('no commits', { isNotFound: true }));
    return yield* stat(best.version);
  }

  const newest = new Map<'newest', Attempt<Info>>();
  return {
    *versions(prefix) {
      const lines = yield* readList();
      if (isFailure(lines)) {
        newest.set('newest', newest.get('newest') ?? lines);
        return lines;
      }
      const listed = lines.flatMap((line) => line.trim().split(/\s+/).slice(0, 1));
      const tagged = listed.filter(
        (version) => isSemver(version) && version.startsWith(prefix) && !isPseudoVersion(version),
      );
      // Go looks into commits with the list at hand, before it knows whether it needs one.
      yield* once(newest, 'newest', () => newestOf(lines));
      return tagged.sort(compareVersions);
    },
    stat,
    *latest() {
      const info = yield* readInfo('latest', '@latest', undefined);
      if (!isFailure(info) || !info.isNotFound) return info;
      sayNext(walker, 'goes by its list');
      return yield* once(newest, 'newest', function* () {
        const lines = yield* readList();
        return isFailure(lines) ? lines : yield* newestOf(lines);
      });
    },
    *goMod(version) {
      const content = yield* ask('mod', `@v/${escapeVersion(version)}.mod`, version);
      return isFailure(content) ? content : { content };
    },
    *zip(version) {
      const beginning = yield* ask('zip', `@v/${escapeVersion(version)}.zip`, version);
      return isFailure(beginning) ? beginning : { beginning };
    },
  };
}

/** versionError puts module and version before an error of a proxy. `cmd/go/internal/modfetch: (*proxyRepo).versionError, go1.26` */
function versionError(module: string, version: string | undefined, why: Failure): Failure {
  if (version === undefined || version === canonicalVersion(version)) return inModule(module, version, why);
  const noun = isPseudoVersion(version) ? 'pseudo-version' : 'version';
  return inModule(module, version, { ...why, text: `invalid ${noun}: ${why.text}` });
}

/** escapeVersion: a version in a URL; undefined for a branch with a slash and the like. `golang.org/x/mod/module: EscapeVersion` */
function escapeVersion(version: string): string | undefined {
  return /^\.*$|[^\w.~+=@#$%&(),{}[\]^ -]|\.$/.test(version) ? undefined : escapePath(version);
}

/** isExact: the answer to such a version must name it; another may be a version that Go first makes canonical. */
function isExact(module: string, revision: string): boolean {
  return revision === canonicalVersion(revision) && majorFault(module, revision) === undefined;
}

/** parseInfo reads a `.info`; undefined when Go would not. Go does not tell large from small letters in names. `encoding/json: Unmarshal` */
function parseInfo(text: string): Info | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
  const version = fields.get('version') ?? '';
  const time = fields.get('time') ?? '';
  return typeof version === 'string' && typeof time === 'string' ? { version, time } : undefined;
}

/** pseudoTime is the time in a pseudo-version, in RFC 3339; undefined for others. `golang.org/x/mod/module: PseudoVersionTime` */
function pseudoTime(version: string): string | undefined {
  if (!isPseudoVersion(version)) return undefined;
  const [, y, mo, d, h, mi, s] =
    /(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)-[A-Za-z0-9]+(?:\+|$)/.exec(version) ?? [];
  return `${y}-${mo}-${d}T${h}:${mi}:${s}Z`;
}
