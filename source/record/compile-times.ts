import { buildIdOf } from '../go/build-id.ts';
import type { ActionId } from '../go/ids.ts';

/** CompileTime is how long one package took to compile: the action as the first part of its build ID, wall time beside the others. */
export type CompileTime = { readonly action: string; readonly ms: number };

/** CompileTimes are the compiles that were recorded, by action. */
export type CompileTimes = {
  readonly count: number;
  /** damaged counts lines that could not be read. */
  readonly damaged: number;
  /** msOf is how long the compile of this action took the last time; undefined when it was not recorded. */
  msOf(action: ActionId): number | undefined;
};

/** formatCompileTimes writes a line for each: `3q2-7wABAgMEBQYHCAkK 1234`. */
export function formatCompileTimes(times: readonly CompileTime[]): string {
  return times.map(({ action, ms }) => `${action} ${Math.round(ms)}\n`).join('');
}

/** parseCompileTimes reads such lines; the last one of an action counts. */
export function parseCompileTimes(text: string): CompileTimes {
  const times = new Map<string, number>();
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (lineForm.test(line)) times.set(line.slice(0, 20), Number(line.slice(21)));
    else damaged += 1;
  }
  return { count: times.size, damaged, msOf: (action) => times.get(buildIdOf(action)) };
}

const lineForm = /^[\w-]{20} \d{1,9}$/;
