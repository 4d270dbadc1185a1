import type { ModuleFacts } from '../../checksums/facts.ts';
import { judge } from '../../checksums/judge.ts';
import { readFacts } from '../../checksums/read-facts.ts';
import type { Claim, Claims, Fault, FaultCode } from '../../checksums/verdict.ts';
import type { GoEnv } from '../../go/env.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import { keyOf } from '../../module-graph/graph.ts';
import { checksumUse, type SumdbUse } from '../../proxy/sumdb.ts';
import type { MainWord } from './main-module.ts';
import type { ModuleFiles } from './module-files.ts';
import { type Approved, planRepair, type RepairPlan } from './plan.ts';

/** AppraisalContext is what decides who vouches for a module version. */
export type AppraisalContext = { readonly env: GoEnv; readonly mainModule: MainWord };

/** Appraisal is what lies there of a module version, what is wrong with it, and who says so. */
export type Appraisal = {
  readonly facts: ModuleFacts;
  readonly claims: Claims;
  readonly faults: readonly RepairFault[];
  readonly approved: Approved;
  readonly plan: RepairPlan;
  readonly sumdbUse: SumdbUse;
  /** goSum is the line that vouches for the zip; undefined where no go.sum here has one. */
  readonly goSum: Claim | undefined;
};

/** RepairFault is a fault as verify names it, or a part that is missing, or all of them: that is no fault for a build, and repaired all the same. */
export type RepairFault = Omit<Fault, 'code'> & {
  readonly code: FaultCode | 'zip-missing' | 'mod-missing' | 'absent';
};

/**
 * appraise reads a module version and decides who vouches for it: go.sum, whose first line counts; else the checksum
 * database, which go will ask; else, for what is private, zip and .ziphash where they agree as when it was downloaded.
 * `cmd/go/internal/modfetch: haveModSumLocked, go1.26`
 */
export async function appraise(
  module: ModuleVersion,
  files: ModuleFiles,
  { env, mainModule }: AppraisalContext,
): Promise<Appraisal> {
  const facts = await readModuleFacts(module, files);
  const { zip = [], goMod = [] } = mainModule.recorded.get(keyOf(module)) ?? {};
  const claims: Claims = { zip, goMod, database: undefined, missing: undefined, busy: undefined };
  const sumdbUse = checksumUse(module.path, env);
  const isAsFirst =
    !sumdbUse.isChecked &&
    facts.zip.state === 'hashed' &&
    facts.ziphash.state === 'sum' &&
    facts.zip.h1 === facts.ziphash.h1;
  const [goSum] = zip;
  const first = isAsFirst && facts.zip.state === 'hashed' ? facts.zip.h1 : undefined;
  const approved = { zip: goSum?.sum ?? first, mod: goMod[0]?.sum };
  return {
    facts,
    claims,
    faults: faultsOf(facts, claims),
    approved,
    plan: planRepair(facts, approved, sumdbUse.isChecked),
    sumdbUse,
    goSum,
  };
}

/** readModuleFacts reads a module version; with another zip it says in what the folder differs from that. */
export function readModuleFacts(
  { path, version }: ModuleVersion,
  { mod, dir, ...files }: ModuleFiles,
  zip: string = files.zip,
): Promise<ModuleFacts> {
  return readFacts({ ...files, zip, goMod: mod, folder: dir }, path, version);
}

/** faultsOf are those that verify finds, and the parts that are missing. */
export function faultsOf(facts: ModuleFacts, claims: Claims): readonly RepairFault[] {
  const missing = (code: RepairFault['code'], detail: string): RepairFault => ({
    code,
    expected: undefined,
    actual: undefined,
    detail,
    files: [],
  });
  const { zip, goMod, folder } = facts;
  const { ziphash, info } = facts;
  if ([zip, goMod, folder, ziphash, info].every(({ state }) => state === 'absent'))
    return [missing('absent', 'it is not in GOMODCACHE, and go.sum names it')];
  const unread = folder.state === 'unreadable' ? folder.why : undefined;
  return [
    ...judge(facts, claims).faults,
    ...(zip.state === 'absent' ? [missing('zip-missing', 'there is no zip')] : []),
    ...(goMod.state === 'absent' ? [missing('mod-missing', 'there is no .mod file')] : []),
    ...(unread === undefined ? [] : [missing('dir-modified', `the extracted folder is none: ${unread}`)]),
  ];
}
