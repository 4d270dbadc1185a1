import type { PlannedHop } from '../../../proxy/route/plan.ts';
import { checkGoMod } from './checksum.ts';
import { type Attempt, failure, isFailure } from './failure.ts';
import { originRepo } from './origin-repo.ts';
import { proxyRepo } from './proxy-repo.ts';
import type { GoMod, Info, Repo } from './repo.ts';
import { once, tryHops, type Walk, type Walker } from './walker.ts';

/** versionsAt, statAt and latestAt ask a hop once; what it said of a whole version counts for all hops. `cmd/go/internal/modfetch: cachingRepo, go1.26` */
export function* versionsAt(
  walker: Walker,
  hop: PlannedHop,
  index: number,
  prefix: string,
): Walk<Attempt<readonly string[]>> {
  return yield* once(walker.kept.lists, `${index} ${prefix}`, () =>
    atRepo(walker, hop, index, (repo) => repo.versions(prefix)),
  );
}

export function* statAt(
  walker: Walker,
  hop: PlannedHop,
  index: number,
  revision: string,
): Walk<Attempt<Info>> {
  return yield* once(walker.kept.infos, `${index} ${revision}`, function* () {
    const known = walker.kept.infoFiles.get(revision);
    if (known !== undefined) return known;
    const info = yield* atRepo(walker, hop, index, (repo) => repo.stat(revision));
    if (!isFailure(info)) keepInfo(walker, index, info);
    return info;
  });
}

export function* latestAt(walker: Walker, hop: PlannedHop, index: number): Walk<Attempt<Info>> {
  return yield* once(walker.kept.infos, `${index} @latest`, function* () {
    const info = yield* atRepo(walker, hop, index, (repo) => repo.latest());
    if (!isFailure(info)) keepInfo(walker, index, info);
    return info;
  });
}

/** fetchGoMod gives a version's go.mod, from the first hop that has it, checked; undefined from an origin that was not asked. `(*Fetcher).GoMod` */
export function* fetchGoMod(walker: Walker, version: string): Walk<Attempt<GoMod>> {
  const known = walker.kept.goModFiles.get(version);
  if (known !== undefined) return known;
  return yield* tryHops(walker, (hop, index) =>
    once(walker.kept.goMods, `${index} ${version}`, function* () {
      const goMod = yield* atRepo(walker, hop, index, (repo) => repo.goMod(version));
      if (isFailure(goMod)) return goMod;
      const fault = yield* checkGoMod(walker, version, goMod.content);
      if (fault !== undefined) return fault;
      walker.kept.goModFiles.set(version, goMod);
      return goMod;
    }),
  );
}

/** fetchZip finds the first hop that has a version's zip. `cmd/go/internal/modfetch: downloadZip, go1.26` */
export function* fetchZip(walker: Walker, version: string): Walk<Attempt<PlannedHop>> {
  return yield* tryHops(walker, function* (hop, index) {
    const zip = yield* atRepo(walker, hop, index, (repo) => repo.zip(version));
    if (isFailure(zip)) return zip;
    walker.found.zip = zip.beginning;
    return hop;
  });
}

function keepInfo({ kept }: Walker, index: number, info: Info): void {
  const key = `${index} ${info.version}`;
  kept.infos.set(key, kept.infos.get(key) ?? info);
  kept.infoFiles.set(info.version, kept.infoFiles.get(info.version) ?? info);
}

function* atRepo<T>(
  walker: Walker,
  hop: PlannedHop,
  index: number,
  part: (repo: Repo) => Walk<Attempt<T>>,
): Walk<Attempt<T>> {
  const repo = yield* once(walker.kept.repos, index, () => openRepo(walker, hop, index));
  return isFailure(repo) ? repo : yield* part(repo);
}

/** openRepo: `cmd/go/internal/modfetch: lookup, go1.26` */
function* openRepo(walker: Walker, hop: PlannedHop, index: number): Walk<Attempt<Repo>> {
  const target = { hop: index, entry: hop.shown };
  switch (hop.kind) {
    case 'proxy':
    case 'file':
      return proxyRepo(walker, target, hop.entry);
    case 'direct':
      return hop.origin === undefined ? failure('no origin') : yield* originRepo(walker, target, hop.origin);
    case 'off': {
      const text = 'module lookup disabled by GOPROXY=off';
      walker.steps.push({
        hop: index,
        entry: hop.shown,
        purpose: 'off',
        request: '',
        outcome: 'not-asked',
        result: text,
        status: undefined,
        durationMs: undefined,
        fault: undefined,
        next: '',
      });
      return failure(text, { isNotFound: true });
    }
  }
}
