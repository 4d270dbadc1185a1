import { setImmediate as nextTurn } from 'node:timers/promises';

/** Slices cut long work on the main thread into pieces, so that keys are read and the screen is drawn in between. */
export type Slices = {
  /** isFull is asked after each step; true when the piece is long enough. */
  isFull(): boolean;
  /** rest lets everything else have its turn. */
  rest(): Promise<void>;
};

/** createSlices begins the first piece. */
export function createSlices(): Slices {
  let steps = 0;
  let startedAt = performance.now();
  return { isFull, rest };

  function isFull(): boolean {
    steps += 1;
    return steps >= mostSteps || performance.now() - startedAt >= longestMs;
  }

  async function rest(): Promise<void> {
    await nextTurn();
    steps = 0;
    startedAt = performance.now();
  }
}

// 200 entries take some 10 ms on a local disk; on a slow one the time counts. A frame lasts 50 ms.
const mostSteps = 200;
const longestMs = 15;
