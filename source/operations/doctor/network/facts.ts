import type { Fault } from '../../../proxy/ask/answer.ts';

/** NetworkFacts are what was asked because of `--network`. No name of a module was in any request. */
export type NetworkFacts = {
  readonly hops: readonly AskedHop[];
  /** sumdb is the checksum database, through the first proxy that answers for it or itself; undefined where it is off. */
  readonly sumdb: AskedHop | undefined;
  /** clockAheadMs is how far our clock is ahead of those of the servers; undefined where none says its time. */
  readonly clockAheadMs: number | undefined;
};

/** AskedHop is an entry of GOPROXY, or the checksum database, and what came of a request; without a fault it answered. */
export type AskedHop = {
  readonly shown: string;
  readonly fault: Fault | undefined;
  readonly durationMs: number;
  /** isPassedOver: go goes on to the next entry after any error of it. */
  readonly isPassedOver: boolean;
};
