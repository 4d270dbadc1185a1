import { render } from 'ink-testing-library';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AppEvent } from '../../source/store/event.ts';
import { updateScreen } from '../../source/store/screen.ts';
import type { AppState } from '../../source/store/state.ts';
import { createStore } from '../../source/store/store.ts';
import { update } from '../../source/store/update.ts';
import { Screen } from '../../source/ui/screen.tsx';
import { StoreContext } from '../../source/ui/use-store.ts';
import { begin, failedShop } from '../store/state.ts';

// ink-testing-library has a terminal of 100 columns and 24 rows.
const size = { columns: 100, rows: 24 };
const opened: { unmount: () => void }[] = [];

afterEach(() => {
  for (const screen of opened.splice(0)) screen.unmount();
});

describe('the screen in ink-testing-library', () => {
  test('shows the failed package of a build with what the compiler said', async () => {
    const { lastFrame } = show(failedShop(size));
    await vi.waitFor(() => expect(lastFrame()).toMatch(/failed/));
    expect(lastFrame()).toMatch(/1 build/);
  });

  test('draws anew when the state changes, and each line is as wide as the terminal at most', async () => {
    const { store, lastFrame } = show(begin(undefined, size));
    expect(lastFrame()).toMatch(/GOCACHE/);
    store.dispatch({ type: 'screen', event: { type: 'key', key: '?' } });
    store.flush();
    await vi.waitFor(() => expect(lastFrame()).toMatch(/filter as you type/));
    for (const line of (lastFrame() ?? '').split('\n')) expect(line.length).toBeLessThanOrEqual(size.columns);
  });
});

function show(initial: AppState) {
  const store = createStore<AppState, AppEvent>({
    initial,
    update: (state, events) => update(state, events, updateScreen).state,
    frameMs: () => 0,
  });
  const screen = render(
    <StoreContext value={store}>
      <Screen />
    </StoreContext>,
  );
  opened.push(screen);
  return { store, lastFrame: screen.lastFrame };
}
