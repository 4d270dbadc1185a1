import type { RecoveryFacts, SumFact } from './facts.ts';
import { findSettingStates } from './setting-states.ts';
import type { RecoveryState } from './state.ts';
import { findSumStates } from './sum-states.ts';

/** recognize finds what is wrong, in the order of its cure: first the settings, so that the database is asked again after. */
export function recognize(facts: RecoveryFacts): readonly RecoveryState[] {
  return [...findSettingStates(facts), ...findSumStates(facts)];
}

/** countNotCompared counts sums of go.sum that nothing here can be held against: neither the file nor an answer is there. */
export function countNotCompared(sums: readonly SumFact[]): number {
  return sums.filter(({ cached, database }) => cached === undefined && database === undefined).length;
}
