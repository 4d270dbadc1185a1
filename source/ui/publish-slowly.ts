import type { ScreenStore } from './use-store.ts';

/** publishSlowly is a store whose readers see a new state at most every `ms`, but at once what a key did. */
export function publishSlowly(store: ScreenStore, ms: number): ScreenStore {
  const listeners = new Set<() => void>();
  let shown = store.getState();
  let publishedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function publish(): void {
    clearTimeout(timer);
    timer = undefined;
    if (shown === store.getState()) return;
    shown = store.getState();
    publishedAt = performance.now();
    for (const listener of listeners) listener();
  }

  function later(): void {
    timer ??= setTimeout(publish, Math.max(0, publishedAt + ms - performance.now()));
  }

  let stop: (() => void) | undefined;
  return {
    getState: () => shown,
    dispatch: store.dispatch,
    flush() {
      store.flush();
      publish();
    },
    subscribe(listener) {
      listeners.add(listener);
      stop ??= store.subscribe(later);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}
