import { afterAll, beforeAll, expect, test } from 'vitest';
import { brokenServers } from './rows.ts';
import { openWorld, type World } from './world.ts';

let world: World;
let reference: readonly string[];

beforeAll(async () => {
  world = await openWorld();
  reference = await world.goOutcomes();
  for (const outcome of reference) expect(outcome).toMatch(/: 0 /);
});
afterAll(() => world?.close());

test.each(brokenServers)(
  '%s: a real go gets another result exactly where a check says so',
  async (_, change) => {
    world.server.change(change);
    const { checks } = await world.check();
    const isNeeded = checks.some(({ outcome, neededBy }) => outcome === 'fail' && neededBy === 'go');
    const outcomes = await world.goOutcomes();
    if (isNeeded) expect(outcomes).not.toEqual(reference);
    else expect(outcomes).toEqual(reference);
  },
);
