import { reasonOf } from './platform/problem.ts';

/** OneAtATime is the operations of the screen on a cache: one of them runs, and what came of it is told in a line. */
export type OneAtATime = {
  /** run begins an operation, which gives the line; what is refused or breaks is told in one, too. It never rejects. */
  run(what: string, operation: () => Promise<string>): Promise<void>;
  readonly isBusy: boolean;
  /** settled resolves when what was begun last is over. */
  settled(): Promise<void>;
};

/** createOneAtATime returns one with nothing under way; `afterwards` is called after each operation, also after one that broke. */
export function createOneAtATime(options: {
  readonly isReadOnly: boolean;
  readonly say: (text: string) => void;
  readonly afterwards: () => void;
}): OneAtATime {
  const { isReadOnly, say, afterwards } = options;
  let isBusy = false;
  let current: Promise<void> = Promise.resolve();

  async function carryOut(what: string, operation: () => Promise<string>): Promise<void> {
    try {
      say(await operation());
    } catch (error) {
      say(`${what}: ${reasonOf(error)}`);
    } finally {
      isBusy = false;
    }
    afterwards();
  }

  return {
    run(what, operation) {
      if (isReadOnly) say(`${what} is refused: --read-only`);
      else if (isBusy) say(`${what}: another operation is still running`);
      else {
        isBusy = true;
        current = carryOut(what, operation);
      }
      return current;
    },
    get isBusy() {
      return isBusy;
    },
    settled: () => current,
  };
}
