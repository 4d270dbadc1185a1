// Opens the index of a GOCACHE in a process of its own and prints what that took, in milliseconds.
//
//   node scripts/bench/index-child.ts first|second GOCACHE FOLDER_OF_KEPT_INDEXES
import { createEntryIndex } from '../../source/build-cache/index/entry-index.ts';
import { keep, openKept } from '../../source/build-cache/index/index-store.ts';
import { findOwners } from '../../source/build-cache/index/owners.ts';
import { createLearned, scanEntries } from '../../source/build-cache/index/scan.ts';
import { summarize } from '../../source/build-cache/index/summary.ts';

const [, , mode, gocache = '', folder = ''] = process.argv;
const opened =
  mode === 'second'
    ? await openKept(folder, gocache)
    : { index: createEntryIndex(), learned: createLearned() };
const { index, learned } = opened;
const startedAt = performance.timeOrigin;
let listedAt: number | undefined;
await scanEntries({
  gocache,
  gomodcache: '/nowhere',
  index,
  learned,
  which: mode === 'second' ? 'changed' : 'all',
  onProgress({ folders }) {
    if (folders === 256) listedAt ??= Date.now();
  },
});
const namedAt = Date.now();
const summary = summarize(index, findOwners(index, learned), Date.now());
const shownAt = Date.now();
if (mode === 'first') await keep(folder, gocache, opened);
console.log(
  JSON.stringify({
    entries: summary.entries.action + summary.entries.output,
    listed: (listedAt ?? namedAt) - startedAt,
    named: namedAt - startedAt,
    shown: shownAt - startedAt,
  }),
);
