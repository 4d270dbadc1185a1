import { type Finding, isError } from '../finding.ts';
import type { Amount, RepointFacts, RepointStart } from './facts.ts';
import { findSettingFaults } from './setting-findings.ts';
import { findStartFaults } from './start-findings.ts';
import { findTargetFaults } from './target-findings.ts';

/** RepointPlan says exactly what a re-point will do. */
export type RepointPlan = {
  readonly facts: RepointFacts;
  readonly start: RepointStart;
  /** findings, the errors first. */
  readonly findings: readonly Finding[];
  readonly isPossible: boolean;
  /** isDone: GOCACHE is that folder already, and nothing has to be done. */
  readonly isDone: boolean;
  /** taken is what comes into the new folder. */
  readonly taken: Amount;
  /** neededBytes is what that takes on the disk there; freeAfter what is left, undefined when it is not known. */
  readonly neededBytes: number;
  readonly freeAfter: number | undefined;
  readonly command: readonly string[];
};

/** planRepoint weighs the facts for one way to start. */
export function planRepoint(facts: RepointFacts, start: RepointStart): RepointPlan {
  const { from, target, to } = facts;
  const isDone = target.isSameFolder;
  const found = isDone
    ? []
    : [...findTargetFaults(facts), ...findSettingFaults(facts), ...findStartFaults(facts, start)];
  const findings = [...found.filter(isError), ...found.filter((finding) => !isError(finding))];
  const neededBytes = start === 'copy' && from.isThere ? from.diskBytes : 0;
  return {
    facts,
    start,
    findings,
    isPossible: !findings.some(isError),
    isDone,
    taken: start === 'empty' ? { entries: 0, bytes: 0 } : { entries: from.entries, bytes: from.bytes },
    neededBytes,
    freeAfter: target.freeBytes === undefined ? undefined : Math.max(0, target.freeBytes - neededBytes),
    command: writeCommand(to),
  };
}

/** writeCommand is the go command that points GOCACHE to a folder; without one, back to what it is by default. */
export function writeCommand(folder: string | undefined): readonly string[] {
  return folder === undefined ? ['go', 'env', '-u', 'GOCACHE'] : ['go', 'env', '-w', `GOCACHE=${folder}`];
}
