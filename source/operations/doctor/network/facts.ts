import type { Fault } from '../../../proxy/ask/answer.ts';

/** NetworkFacts are what was asked because of `--network`. No name of a module was in any request. */
export type NetworkFacts = {
  readonly hops: readonly AskedHop[];
  /** sumdb is the checksum database, through the first proxy that answers for it or itself; undefined where it is off. */
  readonly sumdb: AskedHop | undefined;
  /** serverAheadMs is how far the clock of the first server that says its time is ahead of ours. */
  readonly serverAheadMs: number | undefined;
};

/** AskedHop is an entry of GOPROXY, or the checksum database, and what came of a request; without a fault it answered. */
export type AskedHop = {
  readonly shown: string;
  readonly fault: Fault | undefined;
  readonly durationMs: number;
  /** isLast: nothing is asked after it, whatever it says. */
  readonly isPassedOver: boolean;
};
