import type { GoEnv } from './go/env.ts';
import { listArrivals, openArrivalFeed } from './module-cache/arrivals/feed.ts';
import type { SessionOptions } from './session-options.ts';
import type { AppEvent } from './store/event.ts';
import type { AppState } from './store/state.ts';
import type { Store } from './store/store.ts';

/** Arriving tells what go commands put into the module cache. */
export type Arriving = {
  /** settle resolves when all that came before now was told. */
  settle(): Promise<void>;
  close(): void;
};

/** createArriving watches the download cache where there is a screen; else what came is listed when it is to settle. */
export function createArriving({
  settings,
  options,
  since,
  signal,
  store,
}: {
  readonly settings: Promise<GoEnv | undefined>;
  readonly options: Pick<SessionOptions, 'screen'>;
  readonly since: number;
  readonly signal: AbortSignal;
  readonly store: Store<AppState, AppEvent>;
}): Arriving {
  const { dispatch, getState } = store;
  const watch = options.screen === undefined ? undefined : open();

  async function open(): Promise<ReturnType<typeof openArrivalFeed> | undefined> {
    const env = await settings;
    if (env === undefined || env.gomodcache === '' || signal.aborted) return undefined;
    return openArrivalFeed({
      gomodcache: env.gomodcache,
      since,
      emit(event) {
        // What a repair of ours puts there is no download of somebody's.
        const isOwn = getState().redownload.running !== undefined;
        if (!isOwn || event.type !== 'arrived') dispatch({ type: 'arrivals', event });
      },
    });
  }

  /** list: nothing can have come without a request that was seen, but from a file:// proxy, which prints no lines. */
  async function list(): Promise<void> {
    const env = await settings;
    if (env === undefined || env.gomodcache === '') return;
    store.flush();
    const { build, proxy } = getState();
    const hasFileHop = proxy.chain?.hops.some(({ kind }) => kind === 'file') ?? false;
    if (!hasFileHop && build?.downloads.length === 0) return;
    const arrivals = await listArrivals(env.gomodcache, since);
    if (arrivals.length > 0) dispatch({ type: 'arrivals', event: { type: 'arrived', arrivals } });
  }

  return {
    async settle() {
      if (watch === undefined) await list();
      else await (await watch)?.drain();
    },
    close: () => void watch?.then((opened) => opened?.close()),
  };
}
