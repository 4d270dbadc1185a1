import { parseLookup, sumsIn } from '../../../checksums/database/lookup.ts';
import { hashGoMod } from '../../../checksums/h1.ts';
import { escapePath } from '../../../go/module-path.ts';
import type { Fault } from '../../../proxy/ask/answer.ts';
import { joinSumdbUrl } from '../../../proxy/route/hop-url.ts';
import type { SumdbSetting } from '../../../proxy/sumdb.ts';
import { type Attempt, type Failure, failure, inModule, isFailure } from './failure.ts';
import type { SumdbBase } from './repo.ts';
import { failLastStep, get, once, sayNext, tryHops, type Walk, type Walker } from './walker.ts';

/** checkGoMod holds a go.mod against go.sum or the checksum database; undefined when nothing speaks against it. `cmd/go/internal/modfetch: checkGoMod, checkModSum, go1.26` */
export function* checkGoMod(
  walker: Walker,
  version: string,
  content: Buffer | undefined,
): Walk<Failure | undefined> {
  const { module } = walker.plan.question;
  const recorded = walker.options.recorded(module, version, 'mod');
  const actual = content === undefined ? undefined : hashGoMod(content);
  if (recorded !== undefined) {
    if (actual === undefined || recorded === actual) return undefined;
    return mismatch(`verifying ${module}@${version}/go.mod`, actual, 'go.sum', recorded);
  }
  return yield* checkDatabase(walker, version, 'mod', actual);
}

/** checkZip asks the database about a zip as Go does; the zip itself is not fetched whole, so its sum is not compared. */
export function* checkZip(walker: Walker, version: string): Walk<Failure | undefined> {
  if (walker.options.recorded(walker.plan.question.module, version, 'zip') !== undefined) return undefined;
  return yield* checkDatabase(walker, version, 'zip', undefined);
}

/** checkDatabase: `cmd/go/internal/modfetch: checkSumDB, lookupSumDB; golang.org/x/mod/sumdb: (*Client).Lookup, go1.26` */
function* checkDatabase(
  walker: Walker,
  version: string,
  of: 'mod' | 'zip',
  actual: string | undefined,
): Walk<Failure | undefined> {
  const { setting, use } = walker.plan.sumdb;
  const { module } = walker.plan.question;
  if (!use.isChecked) return undefined;
  const noun = of === 'mod' ? 'go.mod' : 'module';
  const wrap = (why: Failure) =>
    inModule(module, version, {
      ...why,
      text: `verifying ${noun}: ${why.text}`,
      isNotFound: false,
      namesModule: false,
    });
  if (setting.kind === 'off') return wrap(failure('checksum database disabled by GOSUMDB=off'));
  if (setting.kind === 'invalid') return wrap(failure(setting.fault));

  const record = yield* once(walker.kept.records, version, () => lookUp(walker, setting, version));
  if (isFailure(record)) {
    const file = of === 'mod' ? `${version}/go.mod` : version;
    return wrap({ ...record, text: `${module}@${file}: ${record.text}` });
  }
  const sums = sumsIn(record, module, version);
  const recorded = of === 'mod' ? sums.goMod : sums.zip;
  if (recorded === undefined)
    return wrap(failLastStep(walker, failure('checksum missing from sumdb response')));
  if (actual === undefined || actual === recorded) return undefined;
  return failLastStep(walker, wrap(mismatch(`verifying ${noun}`, actual, setting.name, recorded, '')));
}

function mismatch(what: string, actual: string, by: string, recorded: string, before = `${what}: `): Failure {
  const fault: Fault = {
    code: 'bad-content',
    detail: `its sum ${actual} is not the one of ${by}, ${recorded}`,
    goSays: 'checksum mismatch',
    repair: [],
  };
  return failure(`${before}checksum mismatch`, { fault, namesModule: before !== '' });
}

/** lookUp gives the record of a version: its lines as they stand in go.sum. */
function* lookUp(
  walker: Walker,
  setting: Extract<SumdbSetting, { kind: 'database' }>,
  version: string,
): Walk<Attempt<string>> {
  const base = yield* once(walker.kept.bases, 'sumdb', () => findDatabase(walker, setting));
  if (isFailure(base)) return base;
  const { module } = walker.plan.question;
  const path = `lookup/${escapePath(module)}@${escapePath(version)}`;
  const body = yield* get(walker, base.target, { purpose: 'lookup', url: joinSumdbUrl(base.url, path) });
  if (isFailure(body)) {
    sayNext(walker, 'stops: the checksum database has no other place');
    return body;
  }
  const lookup = parseLookup(body.toString('utf8'));
  if (lookup === undefined) {
    const fault: Fault = {
      code: 'bad-content',
      detail: 'what came is no record of a checksum database',
      goSays: 'malformed record data',
      repair: [],
    };
    return failLastStep(walker, failure('malformed record data', { fault }));
  }
  sayNext(walker, 'then the tiles that prove it, from the same place');
  return lookup.text;
}

/** findDatabase asks the proxies in turn which of them passes on to the database. `cmd/go/internal/modfetch: (*dbClient).initBase, go1.26` */
export function* findDatabase(
  walker: Walker,
  { name, url, shownUrl }: Extract<SumdbSetting, { kind: 'database' }>,
): Walk<Attempt<SumdbBase>> {
  const itself = { hop: undefined, entry: shownUrl ?? name };
  if (url !== undefined) return { url, target: itself };
  const found = yield* tryDatabaseHops(walker, name);
  if (!isFailure(found)) return found;
  return found.isNotFound ? { url: `https://${name}`, target: itself } : found;
}

/** tryDatabaseHops goes through all of GOPROXY: the patterns that keep a module from a proxy do not count here. */
function* tryDatabaseHops(walker: Walker, name: string): Walk<Attempt<SumdbBase>> {
  const { plan } = walker;
  const hops = plan.hops.map((hop) => ({ ...hop, isAsked: isInChain(hop.index, plan) }));
  return yield* tryHops<SumdbBase>({ ...walker, plan: { ...plan, hops } }, function* (hop, index) {
    if (hop.kind === 'direct' || hop.kind === 'off') return failure('none', { isNotFound: true });
    const target = { hop: index, entry: hop.shown };
    const url = joinSumdbUrl(hop.entry, `sumdb/${name}/supported`);
    const answer = yield* get(walker, target, { purpose: 'supported', url, names: false });
    if (isFailure(answer)) return answer;
    sayNext(walker, `it passes on to ${name}`);
    return { url: joinSumdbUrl(hop.entry, `sumdb/${name}`), target };
  });
}

function isInChain(index: number | undefined, { hops }: Walker['plan']): boolean {
  if (index === undefined) return false;
  const end = hops.find((hop) => hop.index !== undefined && (hop.kind === 'direct' || hop.kind === 'off'));
  return end?.index === undefined || index <= end.index;
}
