import type { Operation } from './operation.ts';

/** operations are all operations there are: a key is looked up here first. */
export const operations: readonly Operation[] = [];
