/*
 * A removal in a process of its own, for tests that kill it, take its rights away or give it a small disk:
 * node child.ts '{"gocache": ..., "mode": {"type": "delete"}, "pairs": 0, "killAt": 0}'. It prints its result as JSON.
 */
import { type RemovalMode, removeEntries } from '../../../source/operations/removal/removal.ts';
import { layOut, planOfAll, putPair } from './cache.ts';

export type ChildOrder = {
  readonly gocache: string;
  readonly mode: RemovalMode;
  /** pairs to put into a new GOCACHE first. */
  readonly pairs?: number;
  /** killAt: it kills itself, as by kill -9, when so many entries are done. */
  readonly killAt?: number;
};

const {
  gocache,
  mode,
  pairs = 0,
  killAt = Number.POSITIVE_INFINITY,
}: ChildOrder = JSON.parse(process.argv[2] ?? '');
if (pairs > 0) {
  layOut(gocache);
  for (let index = 0; index < pairs; index++) putPair(gocache, { content: `output ${index}` });
}
const result = await removeEntries(planOfAll(gocache), mode, {
  now: Date.now,
  pauseMs: 1,
  onProgress: ({ done }) => {
    if (done >= killAt) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(JSON.stringify(result));
