import { redactUrl } from '../../../go/redact.ts';
import { type GoImport, matchGoImport, parseGoImports } from '../../../proxy/route/go-import.ts';
import { goGetUrl, type Origin, type Repository, repositoryOf } from '../../../proxy/route/origin.ts';
import { type Attempt, bodyOf, type Failure, failure, isFailure } from './failure.ts';
import { proxyRepo } from './proxy-repo.ts';
import type { Page, Repo } from './repo.ts';
import { canonicalVersion, majorFault } from './versions.ts';
import {
  addStep,
  askNobody,
  once,
  StoppedAtOrigin,
  sayNext,
  send,
  type Target,
  type Walk,
  type Walker,
} from './walker.ts';

/**
 * originRepo finds the repository of a module and goes by it. Version control itself is not asked by us: what it would give for a
 * whole version is taken for granted. `cmd/go/internal/modfetch: lookupDirect, go1.26`
 */
export function* originRepo(walker: Walker, target: Target, origin: Origin): Walk<Attempt<Repo>> {
  const { module } = walker.plan.question;
  switch (origin.how) {
    case 'refused':
      return unrecognized(origin.why);
    case 'known-host':
    case 'suffix':
      return repositoryRepo(walker, target, origin.repository);
    case 'go-get': {
      const found = yield* findGoImport(walker, { ...target, isInsecure: origin.isInsecure }, module);
      if (isFailure(found)) return found;
      if (found.vcs === 'mod') return proxyRepo(walker, target, found.repo);
      const repository = repositoryOf(found.vcs, found.repo, found.prefix, walker.plan.settings);
      const repo = repositoryRepo(walker, target, repository);
      return isFailure(repo) ? unrecognizedPath(module, repo.text) : repo;
    }
  }
}

/** unrecognized is Go's error where it does not know where code lies; it counts as not found. */
function unrecognized(why: string, fault: Failure['fault'] = undefined): Failure {
  return failure(why, { isNotFound: true, fault });
}

function unrecognizedPath(module: string, why: string, fault?: Failure['fault']): Failure {
  return unrecognized(`unrecognized import path "${module}": ${why}`, fault);
}

function repositoryRepo(walker: Walker, target: Target, repository: Repository): Attempt<Repo> {
  const { govcs } = repository;
  if (!govcs.isAllowed) {
    addVcsStep(walker, target, repository, govcs.why);
    return unrecognized(govcs.why);
  }
  const { module } = walker.plan.question;
  const isGiven = (version: string) =>
    version !== '' && version === canonicalVersion(version) && majorFault(module, version) === undefined;
  const tell = () => {
    if (!walker.found.isOriginTold) addVcsStep(walker, target, repository, undefined);
    walker.found.isOriginTold = true;
  };
  const unknown = () =>
    askNobody<never>(() => {
      tell();
      throw new StoppedAtOrigin();
    });
  const assumed = <T>(value: T) =>
    askNobody(() => {
      tell();
      return value;
    });
  return {
    versions: unknown,
    latest: unknown,
    stat: (revision) => (isGiven(revision) ? assumed({ version: revision, time: '' }) : unknown()),
    goMod: () => assumed({ content: undefined }),
    zip: () => assumed({ beginning: undefined }),
  };
}

function addVcsStep(
  walker: Walker,
  { hop, entry }: Target,
  { vcs, url }: Repository,
  why: string | undefined,
): void {
  walker.steps.push({
    hop,
    entry,
    purpose: 'vcs',
    request: `${vcs} ${redactUrl(url)}`,
    outcome: why === undefined ? 'not-asked' : 'failed',
    result: why ?? `not asked by us: Go would run ${vcs} there`,
    status: undefined,
    durationMs: undefined,
    fault: undefined,
    next: why === undefined ? 'it is the last that Go asks' : '',
  });
}

/** findGoImport asks for the page of an import path, and for that of the prefix which it names. `cmd/go/internal/vcs: repoRootForImportDynamic, go1.26` */
function* findGoImport(walker: Walker, target: Target, module: string): Walk<Attempt<GoImport>> {
  const fail = (why: string, fault?: Failure['fault']) => unrecognizedPath(module, why, fault);
  const page = yield* readPage(walker, target, module);
  if (isFailure(page)) {
    const prefix = target.isInsecure === true ? 'http/https fetch' : 'https fetch';
    return page.text.startsWith('Get ')
      ? fail(`${prefix}: ${page.text}`, page.fault)
      : fail(page.text, page.fault);
  }
  const found = matchGoImport(page.imports, module);
  if (typeof found === 'string') {
    // Of several tags Go tells the URL before it has a scheme.
    const shown = found.startsWith('multiple') ? page.shown.replace(/^https?:/, '') : page.shown;
    return fail(`parse ${shown}: ${found}`);
  }
  if (found.prefix !== module) {
    sayNext(walker, `its prefix ${found.prefix} must say the same`);
    const root = yield* once(walker.kept.pages, found.prefix, () => readPage(walker, target, found.prefix));
    if (isFailure(root)) {
      const isGet = root.text.startsWith('Get ');
      return fail(isGet ? `fetching ${found.prefix}: ${root.text}` : root.text, root.fault);
    }
    if (root.imports.length === 0)
      return fail(`fetching ${found.prefix}: no go-import meta tag found in ${root.shown}`);
    const again = matchGoImport(root.imports, module);
    if (typeof again === 'string' || !isSame(found, again))
      return fail(`${page.shown} and ${root.shown} disagree about go-import for ${found.prefix}`);
  }
  const fault = repositoryFault(found);
  if (fault !== undefined) return fail(`${page.shown}: ${fault}`);
  sayNext(walker, `the code lies at ${redactUrl(found.repo)} (${found.vcs})`);
  return found;
}

/** readPage takes the tags of a page whatever its status is; without tags the status counts. */
function* readPage(walker: Walker, target: Target, importPath: string): Walk<Attempt<Page>> {
  const url = goGetUrl(importPath);
  let { request, answer } = yield* send(walker, target, { purpose: 'go-get', url });
  if (answer.kind === 'failed' && target.isInsecure === true) {
    const body = bodyOf(request, answer);
    addStep(walker, request, answer, isFailure(body) ? body : undefined);
    sayNext(walker, 'GOINSECURE lets Go try http');
    const plain = url.replace('https:', 'http:');
    ({ request, answer } = yield* send(walker, target, { purpose: 'go-get', url: plain }));
  }
  const imports = answer.kind === 'answered' ? parseGoImports(answer.body.toString('utf8')) : [];
  const body = bodyOf(request, answer);
  const why = imports.length === 0 && isFailure(body) ? body : undefined;
  addStep(walker, request, answer, why);
  return why ?? { shown: request.shown, imports };
}

function isSame(one: GoImport, other: GoImport): boolean {
  return (
    one.prefix === other.prefix &&
    one.vcs === other.vcs &&
    one.repo === other.repo &&
    one.subdir === other.subdir
  );
}

/** repositoryFault: `cmd/go/internal/vcs: validateRepoSubDir, validateRepoRoot, vcsByCmd, go1.26` */
function repositoryFault({ subdir, repo, vcs }: GoImport): string | undefined {
  if (subdir.startsWith('/')) return `invalid subdirectory "${subdir}": leading slash`;
  if (subdir.startsWith('-')) return `invalid subdirectory "${subdir}": leading hyphen`;
  const shown = redactUrl(repo);
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(repo)?.[1]?.toLowerCase();
  if (scheme === undefined) return `invalid repo root "${shown}": no scheme`;
  if (scheme === 'file') return `invalid repo root "${shown}": file scheme disallowed`;
  return /^(?:git|hg|svn|bzr|fossil|mod)$/.test(vcs) ? undefined : `unknown vcs "${vcs}"`;
}
