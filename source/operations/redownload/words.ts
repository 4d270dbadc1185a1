import type { GoEnv } from '../../go/env.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import { keyOf } from '../../module-graph/graph.ts';
import type { Problem } from '../../platform/problem.ts';
import { parseSumdb } from '../../proxy/sumdb.ts';
import type { Appraisal, AppraisalContext } from './appraisal.ts';
import type { Downloaded } from './go-download.ts';

/** notesOf say that builds here do not use it. */
export function notesOf(module: ModuleVersion, { env, mainModule }: AppraisalContext): readonly string[] {
  const by = mainModule.replaceOf(module);
  const replaced = by === undefined ? [] : [`${keyOf(module)} is replaced by ${by} here: builds use that`];
  const isVendored = /(?:^|\s)--?mod=vendor(?:\s|$)/.test(env.goflags);
  return isVendored ? [...replaced, 'GOFLAGS has -mod=vendor: builds here use vendor/, not this'] : replaced;
}

export function sumdbName({ gosumdb }: GoEnv): string {
  const setting = parseSumdb(gosumdb);
  return setting.kind === 'database' ? setting.name : 'the checksum database';
}

/** unchanged adds to a problem that the cache is as before. */
export function unchanged(problem: Problem): Problem {
  return { ...problem, why: `${problem.why}; nothing was changed` };
}

export function noVersion(module: ModuleVersion): Problem {
  const why = 'a version is as v1.6.0, in full; go list -m names it';
  return { where: keyOf(module), what: 'is no module version', why, repair: '' };
}

export function absent(module: ModuleVersion, gomodcache: string): Problem {
  return {
    where: keyOf(module),
    what: 'there is nothing to repair',
    why: `it is not in ${gomodcache}, and no go.sum here has its sum to hold a download against`,
    repair: `go mod download ${keyOf(module)} brings it`,
  };
}

export function notDownloaded(module: ModuleVersion, why: string): Problem {
  const words = why.startsWith(`${keyOf(module)}: `) ? why.slice(keyOf(module).length + 2) : why;
  const repair = words.includes('GOPROXY=off') ? 'set GOPROXY to a proxy that has it' : '';
  return unchanged({ where: keyOf(module), what: 'cannot be downloaded', why: words, repair });
}

export function notAgreed(module: ModuleVersion, suspicion: string): Problem {
  return {
    where: keyOf(module),
    what: 'refused, nothing was changed',
    why: `${suspicion}: a repair takes that away, and it was not agreed to`,
    repair: 'look at it first; the repair keeps it in a quarantine',
  };
}

/** disagreed: go itself found that what is served is not what it should be. */
export function disagreed(
  module: ModuleVersion,
  { goSum }: Appraisal,
  { downloaded, other, expected }: Extract<Downloaded, { type: 'mismatch' }>,
): Problem {
  const own = goSum === undefined || other === 'go.sum' ? '' : `, and ${goSum.where} says ${goSum.sum}`;
  return {
    where: keyOf(module),
    what: 'refused, nothing was changed',
    why: `${other === 'go.sum' ? (goSum?.where ?? other) : other} says ${expected}${own}, the proxy serves ${downloaded}: one of them is wrong`,
    repair: 'ask another proxy: GOPROXY=... gocachetop redownload',
  };
}
