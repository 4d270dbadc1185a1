import type { RouteEnd } from '../route.ts';
import { checkZip } from './checksum.ts';
import { type Failure, failure, isFailure } from './failure.ts';
import { fetchGoMod, fetchZip } from './fetcher.ts';
import { queryVersion } from './query.ts';
import { failLastStep, lastFault, sayNext, type Walk, type Walker } from './walker.ts';

/**
 * download goes the way of `go mod download MODULE@QUERY` with an empty GOMODCACHE: the version, its go.mod, its zip, each from the
 * first hop. A toolchain that Go switches to is its zip alone.
 * `cmd/go/internal/modcmd: runDownload, DownloadModule; cmd/go/internal/toolchain: Exec, go1.26`
 */
export function* download(walker: Walker): Walk<RouteEnd> {
  const { query, isToolchain } = walker.plan.question;
  if (walker.plan.problem !== undefined) return failed(failure(walker.plan.problem));
  let version = query;
  if (!isToolchain) {
    const info = yield* queryVersion(walker, query);
    if (isFailure(info)) return failed(info);
    version = info.version;
    walker.found.version = version;
    const goMod = yield* fetchGoMod(walker, version);
    if (isFailure(goMod)) return failed(goMod);
  } else walker.found.version = version;

  const served = yield* fetchZip(walker, version);
  if (isFailure(served)) return failed(served);
  const beginning = walker.found.zip;
  if (beginning !== undefined && lastFault(walker) !== undefined) {
    const why = failLastStep(walker, failure('zip: not a valid zip file'));
    sayNext(walker, 'stops: what came is looked into only when no other hop is asked any more');
    return failed(why);
  }
  sayNext(walker, 'it serves the module');
  const fault = yield* checkZip(walker, version);
  if (fault !== undefined) return failed(fault);
  return { type: 'served', servedBy: served.shown, version, isAssumed: beginning === undefined };
}

function failed({ text, fault }: Failure): RouteEnd {
  return { type: 'failed', goSays: text, fault };
}
