import type { Flags } from './command-line.ts';
import type { Place } from './place.ts';
import type { Effect, ScreenState } from './store/screen.ts';
import type { ScreenUpdate } from './store/update.ts';

/** AppOptions are what the user asked for, and where. */
export type AppOptions = Place & { readonly command: readonly string[] | undefined; readonly flags: Flags };

export type SessionOptions = AppOptions & {
  /** screen is there when the session is shown on one. */
  readonly screen?: { readonly initial: ScreenState; readonly update: ScreenUpdate };
  /** watchesOthers says that builds which others run on this GOCACHE are looked for, while none of ours runs. */
  readonly watchesOthers?: boolean;
  /** onEffect does what the state asks for outside of it. */
  readonly onEffect?: (effect: Effect) => void;
};
