import { afterEach, expect, test } from 'vitest';
import { compile, start, store } from '../store/state.ts';
import { largeBuild } from './builds.ts';
import { type OpenScreen, openScreen } from './open-screen.ts';

let screen: OpenScreen | undefined;

afterEach(async () => {
  screen?.running.exit();
  await screen?.running.exited;
  screen?.store.close();
});

test('a tick of a build at 120x40 is less than 2 kB', async () => {
  const initial = largeBuild({ columns: 120, rows: 40 }, 1000);
  screen = await openScreen(initial);
  const frames = 20;
  const before = screen.bytes();
  for (let frame = 0; frame < frames; frame += 1) {
    const path = `example.com/late/p${frame}`;
    const after = 60_000 + frame * 100;
    const events = [
      ...compile(`b${5000 + frame}`, path, after),
      ...store(`b${5000 + frame}`, path, after + 90, 4096),
    ];
    await screen.dispatch(...events.map((event) => ({ type: 'build', event }) as const), {
      type: 'clock',
      now: start + after + 100,
    });
  }
  const bytes = (screen.bytes() - before) / frames;
  expect(screen.text()).toContain('example.com/late/p19');
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(2000);
});
