/** Store holds one state, which only `update` changes, and tells its readers once per frame. */
export type Store<State, Event> = {
  getState(): State;
  /** subscribe calls the listener after each change, at most once per frame; it returns the way to stop that. */
  subscribe(listener: () => void): () => void;
  /** dispatch puts an event in the queue, no more. */
  dispatch(event: Event): void;
  /** flush applies the queue now, as a key needs it. */
  flush(): void;
  /** close applies what is left and ends the frames; what is dispatched afterwards is dropped. */
  close(): void;
};

export type StoreOptions<State, Event> = {
  readonly initial: State;
  /** update applies a batch of events; the same state back means that nothing changed. */
  readonly update: (state: State, events: readonly Event[]) => State;
  /** frameMs is the least time between two frames. */
  readonly frameMs: (state: State) => number;
};

/** createStore returns a store whose frames run only while there are events. */
export function createStore<State, Event>(options: StoreOptions<State, Event>): Store<State, Event> {
  let state = options.initial;
  let queue: Event[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const listeners = new Set<() => void>();

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (queue.length === 0) return;
    const batch = queue;
    queue = [];
    const next = options.update(state, batch);
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch(event) {
      // What is still on its way when all is over must not keep the process for another frame.
      if (isClosed) return;
      queue.push(event);
      timer ??= setTimeout(flush, options.frameMs(state));
    },
    flush,
    close() {
      flush();
      clearTimeout(timer);
      isClosed = true;
      listeners.clear();
    },
  };
}
