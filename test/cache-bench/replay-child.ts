// Replays a cold and a warm build in a folder once: replay.test.ts looks at it through strace.
import { openReplay } from '../../source/cache-bench/run.ts';

const replay = await openReplay(new AbortController().signal, 3);
for (const phase of ['cold', 'warm'] as const) {
  const run = await replay.run(process.argv[2] ?? '', phase);
  if (run.type !== 'done') throw new Error(JSON.stringify(run));
}
await replay.close();
