/** Wait says how long to wait; it is a limit for when all has gone wrong, not a pace. */
export type Wait = {
  /** timeoutMs is 10 s when not given: many times what a program needs on a busy machine. */
  readonly timeoutMs?: number;
  /** what names, in a failure, that which was waited for. */
  readonly what?: string;
};

/** Watched is that which a wait looks at. */
export type Watched = {
  /** isWhole is false while a program is in the middle of a frame (synchronized update, `CSI ? 2026 h`). */
  readonly isWhole: () => boolean;
  /** hasEnded is true once nothing more will come. */
  readonly hasEnded: () => boolean;
  /** describe says, for a failure, how things stand: the whole screen. */
  readonly describe: () => string;
};

/** Waits look again whenever something has changed, and never sleep. */
export type Waits = {
  /** changed makes every open wait look again. */
  readonly changed: () => void;
  /** until waits for `look` to give something other than undefined. */
  readonly until: <T>(look: () => T | undefined, wait: Wait, caller: Caller) => Promise<T>;
};

/** Caller is the function whose caller a failure points to. */
type Caller = (...args: never[]) => unknown;

/** createWaits makes the waits of one terminal. */
export function createWaits(watched: Watched): Waits {
  const open = new Set<() => void>();

  const until = <T>(look: () => T | undefined, wait: Wait, caller: Caller): Promise<T> => {
    const { timeoutMs = 10_000, what = 'what the test waits for' } = wait;
    const place: { stack?: string } = {};
    Error.captureStackTrace(place, caller);

    return new Promise<T>((resolve, reject) => {
      const done = (settle: () => void) => {
        clearTimeout(timer);
        open.delete(again);
        settle();
      };
      const attempt = (last: string | undefined) => {
        try {
          const found = last !== undefined || watched.isWhole() ? look() : undefined;
          if (found !== undefined) done(() => resolve(found));
          else if (last !== undefined)
            done(() => reject(failure(`${what}: ${last}\n${watched.describe()}`, place.stack)));
        } catch (error) {
          done(() => reject(error));
        }
      };
      const again = () => attempt(watched.hasEnded() ? 'not there when the program had ended' : undefined);
      const timer = setTimeout(() => attempt(`not there within ${timeoutMs} ms`), timeoutMs);
      open.add(again);
      again();
    });
  };

  return {
    changed: () => {
      for (const again of [...open]) again();
    },
    until,
  };
}

/** failure makes an error that points to the line of the test, not to the timer that found out. */
function failure(message: string, stack: string | undefined): Error {
  const error = new Error(message);
  const frames = stack?.split('\n').slice(1).join('\n');
  if (frames !== undefined) error.stack = `Error: ${message}\n${frames}`;
  return error;
}
