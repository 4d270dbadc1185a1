import type { Fault } from '../../proxy/ask/answer.ts';
import type { Leak, RoutePlan } from '../../proxy/route/plan.ts';
import type { RequestPurpose, RouteRequest } from '../../proxy/route/request.ts';

/** Route is the way of a module as far as answers tell it. */
export type Route = {
  readonly plan: RoutePlan;
  /** version is the one that the query stands for; undefined as long as it is not known. */
  readonly version: string | undefined;
  readonly steps: readonly RouteStep[];
  /** next is what Go would ask now; undefined at the end. */
  readonly next: RouteRequest | undefined;
  readonly end: RouteEnd | undefined;
};

/** RouteStep is one request and what came of it, or what was not asked and why. All its words are fit to be shown. */
export type RouteStep = {
  /** hop is the place in `RoutePlan.hops`; undefined for a checksum database that is asked itself. */
  readonly hop: number | undefined;
  readonly entry: string;
  readonly purpose: RequestPurpose | 'vcs' | 'off';
  /** request is the URL, or the command that would be run. */
  readonly request: string;
  readonly outcome: 'found' | 'not-found' | 'failed' | 'not-asked';
  /** result is the answer in words: `404 Not Found`. */
  readonly result: string;
  readonly status: number | undefined;
  readonly durationMs: number | undefined;
  readonly fault: Fault | undefined;
  /** next is what Go does then, and by which rule. */
  readonly next: string;
};

/** RouteEnd is how it ends. */
export type RouteEnd =
  /** servedBy is the hop that has the zip: as it is shown, or `direct`. */
  | {
      readonly type: 'served';
      readonly servedBy: string;
      readonly version: string;
      /** isAssumed: it is the origin, whose version control was not asked. */
      readonly isAssumed: boolean;
    }
  /** The origin is next, and only its version control can say which version the query stands for. */
  | { readonly type: 'origin' }
  /** goSays is Go's error, as far as it is known word for word. */
  | { readonly type: 'failed'; readonly goSays: string; readonly fault: Fault | undefined }
  /** It would be asked where a module that looks private is not to be heard of. */
  | { readonly type: 'not-sent'; readonly leak: Leak };
