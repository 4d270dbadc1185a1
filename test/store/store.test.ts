import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from '../../source/store/store.ts';

// Frames are time itself: the clock is the test's.
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Sum = { readonly sum: number; readonly batches: readonly number[] };

function makeStore(frameMs = (_: Sum) => 50) {
  const store = createStore<Sum, number>({
    initial: { sum: 0, batches: [] },
    update(state, events) {
      const added = events.reduce((total, event) => total + event, 0);
      return added === 0 ? state : { sum: state.sum + added, batches: [...state.batches, events.length] };
    },
    frameMs,
  });
  let told = 0;
  const stop = store.subscribe(() => {
    told += 1;
  });
  return { store, stop, told: () => told };
}

test('ten thousand events are one batch and one frame', () => {
  const { store, told } = makeStore();
  for (let index = 0; index < 10_000; index++) store.dispatch(1);
  expect(store.getState().sum).toBe(0);
  vi.advanceTimersByTime(49);
  expect(told()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(store.getState()).toEqual({ sum: 10_000, batches: [10_000] });
  expect(told()).toBe(1);
});

test('without events there are no frames', () => {
  const { store, told } = makeStore();
  store.dispatch(1);
  vi.advanceTimersByTime(60_000);
  expect(told()).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('the same state back tells nobody', () => {
  const { store, told } = makeStore();
  store.dispatch(0);
  vi.advanceTimersByTime(50);
  expect(told()).toBe(0);
});

test('flush applies what waits at once, and its frame does not come again', () => {
  const { store, told } = makeStore();
  store.dispatch(1);
  store.flush();
  expect([store.getState().sum, told()]).toEqual([1, 1]);
  vi.advanceTimersByTime(50);
  store.flush();
  expect(told()).toBe(1);
});

test('the time of a frame comes from the state', () => {
  const { store, told } = makeStore((state) => (state.sum === 0 ? 50 : 1000));
  store.dispatch(1);
  vi.advanceTimersByTime(50);
  store.dispatch(1);
  vi.advanceTimersByTime(999);
  expect(told()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(told()).toBe(2);
});

test('what a listener dispatches comes with the next frame', () => {
  const { store } = makeStore();
  const stop = store.subscribe(() => {
    if (store.getState().sum < 3) store.dispatch(1);
  });
  store.dispatch(1);
  vi.advanceTimersByTime(150);
  expect(store.getState()).toEqual({ sum: 3, batches: [1, 1, 1] });
  stop();
});

test('who has unsubscribed is told no more', () => {
  const { store, stop, told } = makeStore();
  stop();
  store.dispatch(1);
  vi.advanceTimersByTime(50);
  expect([store.getState().sum, told()]).toEqual([1, 0]);
});

test('close applies what is left and ends the frames', () => {
  const { store, told } = makeStore();
  store.dispatch(5);
  store.close();
  expect([store.getState().sum, told(), vi.getTimerCount()]).toEqual([5, 1, 0]);
});
