/** Steps is long work that gives way at each yield, every few milliseconds. */
export type Steps<Result> = Generator<undefined, Result>;

/** rowsPerStep: so many rows are gone through in a few milliseconds. */
export const rowsPerStep = 8192;

/** finish does the work in one go. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** finishInSlices does it in slices, and lets everything else have its turn in between. */
export async function finishInSlices<Result>(
  steps: Steps<Result>,
  rest: () => Promise<unknown>,
): Promise<Result> {
  let startedAt = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - startedAt < sliceMs) continue;
    await rest();
    startedAt = performance.now();
  }
}

// A key is answered within 33 ms.
const sliceMs = 8;
