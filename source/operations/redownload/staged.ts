import type { ModuleFacts } from '../../checksums/facts.ts';
import type { GoEnv } from '../../go/env.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import { keyOf } from '../../module-graph/graph.ts';
import type { Problem } from '../../platform/problem.ts';
import { type Appraisal, faultsOf, type RepairFault, readModuleFacts } from './appraisal.ts';
import type { SwapPart } from './journal.ts';
import type { ModuleFiles } from './module-files.ts';
import { planRepair, wrongParts } from './plan.ts';
import type { Stage } from './stage.ts';
import { sumdbName } from './words.ts';

/** Staged are the sums of what go made. */
export type Staged = { readonly zip: string; readonly mod: string };

/** checkStaged hashes what go made: it may be told to, but the disk may have lied since. A text is what is wrong. */
export async function checkStaged(stage: Stage, module: ModuleVersion): Promise<Staged | string> {
  const { zip, folder, ziphash, goMod } = await readModuleFacts(module, stage.files);
  if (zip.state !== 'hashed') return zip.state === 'absent' ? 'go made no zip' : zip.why;
  if (goMod.state !== 'hashed') return 'go made no .mod';
  if (ziphash.state !== 'sum' || ziphash.h1 !== zip.h1) return 'go made a .ziphash that is not of its zip';
  if (folder.state !== 'hashed' || folder.h1 !== zip.h1)
    return 'the folder that go made is not what is in its zip';
  return { zip: zip.h1, mod: goMod.h1 };
}

/** compareWithGoSum refuses what go.sum does not approve: somebody is wrong, and it is not for us to say who. */
export function compareWithGoSum(
  module: ModuleVersion,
  { claims }: Appraisal,
  staged: Staged,
  isSumdbAsked: boolean,
  env: GoEnv,
): Problem | undefined {
  const [zip, goMod] = [claims.zip[0], claims.goMod[0]];
  const [claim, served, what] =
    zip !== undefined && zip.sum !== staged.zip
      ? [zip, staged.zip, '']
      : goMod !== undefined && goMod.sum !== staged.mod
        ? [goMod, staged.mod, ' for its go.mod']
        : [undefined, '', ''];
  if (claim === undefined) return undefined;
  const verdict = isSumdbAsked
    ? `, and ${sumdbName(env)} vouches for that: the line of go.sum is wrong`
    : ': one of them is wrong';
  return {
    where: keyOf(module),
    what: 'refused, nothing was changed',
    why: `${claim.where} says ${claim.sum}${what}, the proxy serves ${served}${verdict}`,
    repair: isSumdbAsked
      ? 'find out who changed that line; go.sum is never changed here'
      : 'compare with another proxy, or with a go.sum that you trust',
  };
}

/** Finding is what is known of the old parts once the right ones are at hand. */
export type Finding = {
  readonly faults: readonly RepairFault[];
  readonly suspicion: string | undefined;
  /** parts are those to swap; what is as it should be is not touched. */
  readonly parts: readonly SwapPart[];
};

/** compareWithStaged looks at the old parts in the light of the right ones. */
export async function compareWithStaged(
  module: ModuleVersion,
  { facts, claims, goSum, sumdbUse }: Appraisal,
  place: ModuleFiles,
  stage: Stage,
  staged: Staged,
  proof: { readonly sumdb: string | undefined; readonly isInfoReal: boolean },
): Promise<Finding> {
  const isRight = facts.zip.state === 'hashed' && facts.zip.h1 === staged.zip;
  const beside = isRight ? facts : await readModuleFacts(module, place, stage.files.zip);
  const database =
    proof.sumdb === undefined
      ? undefined
      : { name: proof.sumdb, zip: staged.zip, goMod: staged.mod, standing: 'proven' as const };
  const known = { ...claims, database };
  const isOfFolder = ({ code }: RepairFault): boolean => code.startsWith('dir-');
  const own = faultsOf(facts, known);
  const faults = own.some(({ code }) => code === 'absent')
    ? own
    : [...own.filter((fault) => !isOfFolder(fault)), ...faultsOf(beside, known).filter(isOfFolder)];
  const all = wrongParts(facts, staged);
  const isInfoMissing = facts.info.state === 'absent';
  const parts = [
    ...all.filter((part) => part !== 'info' || proof.isInfoReal),
    ...(isInfoMissing && proof.isInfoReal ? ['info' as const] : []),
  ];
  const suspicion = [
    planRepair(facts, staged, false).suspicion,
    isRight ? undefined : planRepair(beside, staged, false).suspicion,
    changedSinceFirst(facts, goSum !== undefined || sumdbUse.isChecked, staged),
  ].filter((words) => words !== undefined);
  return {
    faults,
    suspicion: suspicion.length === 0 ? undefined : [...new Set(suspicion)].join(', '),
    parts,
  };
}

/** changedSinceFirst: of what is private and in no go.sum only .ziphash remembers what was downloaded first. */
function changedSinceFirst(
  { ziphash }: ModuleFacts,
  isVouchedFor: boolean,
  staged: Staged,
): string | undefined {
  if (isVouchedFor || ziphash.state !== 'sum' || ziphash.h1 === staged.zip) return undefined;
  return `nobody vouches for it, and what is served now is not what was downloaded first (${ziphash.h1})`;
}
