import type { Fault } from './answer.ts';

/** RequestFailure ends a request that got no answer; ask turns it into one. */
export class RequestFailure extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.detail);
    this.fault = fault;
  }
}
