import type { PlannedHop } from '../../../proxy/route/plan.ts';
import { queryKindOf } from '../../../proxy/route/question.ts';
import { type Attempt, failure, inModule, isFailure } from './failure.ts';
import { fetchGoMod, latestAt, statAt, versionsAt } from './fetcher.ts';
import type { Info } from './repo.ts';
import { isRetracted } from './retract.ts';
import { canonicalVersion, choiceOf, isPrerelease, type VersionChoice } from './versions.ts';
import { askNobody, once, tryHops, type Walk, type Walker } from './walker.ts';

/** Allows says whether a version may be chosen. */
type Allows = (version: string) => Walk<boolean>;

/** queryVersion finds the version that a query stands for. `cmd/go/internal/modload: Query, go1.26` */
export function* queryVersion(walker: Walker, query: string): Walk<Attempt<Info>> {
  const found = yield* queryHops(walker, query, (version) => isNotRetracted(walker, version));
  if (!isFailure(found)) return found;
  const { module } = walker.plan.question;
  return inModule(module, found.text.startsWith('no matching versions') ? undefined : query, found);
}

function* queryHops(walker: Walker, query: string, allows: Allows): Walk<Attempt<Info>> {
  return yield* tryHops(walker, (hop, index) => queryHop(walker, hop, index, query, allows));
}

/** queryHop: `cmd/go/internal/modload: queryProxy, go1.26` */
function* queryHop(
  walker: Walker,
  hop: PlannedHop,
  index: number,
  query: string,
  allows: Allows,
): Walk<Attempt<Info>> {
  if (queryKindOf(query) === 'stat') {
    const info = yield* statAt(walker, hop, index, query);
    const canonical = canonicalVersion(query);
    if (!isFailure(info) || canonical === '' || canonical === query) return info;
    const again = yield* statAt(walker, hop, index, canonical);
    return isFailure(again) && again.isNotFound ? info : again;
  }
  const choice = choiceOf(walker.plan.question.module, query);
  if (typeof choice === 'string') return failure(choice);
  const versions = yield* versionsAt(walker, hop, index, choice.prefix);
  if (isFailure(versions)) return versions;
  const kinds = yield* sortOut(walker, versions, choice, allows);
  if (isFailure(kinds)) return kinds;
  for (const kind of [kinds.releases, kinds.prereleases]) {
    const version = kind.at(choice.prefersLower ? 0 : -1);
    if (version !== undefined) return yield* statAt(walker, hop, index, version);
  }
  if (choice.mayUseLatest) {
    const latest = yield* latestAt(walker, hop, index);
    if (isFailure(latest) && !latest.isNotFound) return latest;
    if (!isFailure(latest) && (yield* allows(latest.version)))
      return yield* statAt(walker, hop, index, latest.version);
  }
  return failure(`no matching versions for query "${query}"`);
}

type Kinds = { readonly releases: readonly string[]; readonly prereleases: readonly string[] };

/** sortOut leaves out what is not allowed, and +incompatible versions where the newest of the others has a go.mod. `cmd/go/internal/modload: (*queryMatcher).filterVersions, go1.26` */
function* sortOut(
  walker: Walker,
  versions: readonly string[],
  choice: VersionChoice,
  allows: Allows,
): Walk<Attempt<Kinds>> {
  const releases: string[] = [];
  const prereleases: string[] = [];
  let needsIncompatible = choice.prefersIncompatible;
  let lastCompatible: string | undefined;
  for (const version of versions) {
    if (!choice.allows(version) || !(yield* allows(version))) continue;
    if (!needsIncompatible) {
      if (!version.endsWith('+incompatible')) lastCompatible = version;
      else if (lastCompatible !== undefined) {
        const goMod = yield* fetchGoMod(walker, lastCompatible);
        if (isFailure(goMod)) return goMod;
        if (goMod.content?.toString('utf8') !== `module ${walker.plan.question.module}\n`) break;
        needsIncompatible = true;
      }
    }
    (isPrerelease(version) ? prereleases : releases).push(version);
  }
  return { releases, prereleases };
}

/** isNotRetracted reads the go.mod of the newest version; where that fails, nothing is retracted. `cmd/go/internal/modload: CheckRetractions, go1.26` */
function* isNotRetracted(walker: Walker, version: string): Walk<boolean> {
  const newest = yield* once(walker.kept.infos, 'newest', () =>
    queryHops(walker, 'latest', () => askNobody(() => true)),
  );
  if (isFailure(newest)) return true;
  const goMod = yield* once(walker.kept.goMods, 'newest', () => fetchGoMod(walker, newest.version));
  return isFailure(goMod) || !isRetracted(goMod.content?.toString('utf8') ?? '', version);
}
