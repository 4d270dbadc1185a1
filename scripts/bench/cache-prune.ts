import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEntryIndex, type EntryIndex } from '../../source/build-cache/index/entry-index.ts';
import { createLearned, rowsWhere, scanEntries } from '../../source/build-cache/index/scan.ts';
import { knownActions } from '../../source/operations/prune/select.ts';
import { removeEntries } from '../../source/operations/removal/removal.ts';
import { timeRun } from './app.ts';
import { fillWithPairs, makeFastFolder } from './cache-load.ts';
import { figureOf } from './figure.ts';
import { type Bench, interleave, pairwise, type Row } from './row.ts';

/** cachePrune: removing much of a GOCACHE, beside rm and beside Go's own trim. */
export const cachePrune: Row = {
  name: 'cache-prune',
  title: 'a prune of 100,000 of 200,000 entries, beside rm of the same files and beside the trim of go',
  async measure(bench) {
    const entries = bench.isQuick ? 20_000 : 200_000;
    const folder = makeFastFolder('bench-prune');
    const [full, copy] = [join(folder, 'full'), join(folder, 'copy')];
    try {
      await fillWithPairs(full, entries, 0.5);
      const renew = (): void => {
        rmSync(copy, { recursive: true, force: true });
        execFileSync('cp', ['-a', full, copy]);
      };
      const anew = (time: () => Promise<number>) => () => {
        renew();
        return time();
      };
      const rounds = bench.isQuick ? 1 : 5;
      const removals = await interleave(rounds, {
        rm: anew(() => timeRm(copy, folder)),
        deleted: anew(() => timeRemoval(copy, 'delete')),
        moved: anew(() => timeRemoval(copy, 'trash')),
      });
      const kept = { go: new Set<string>(), us: new Set<string>() };
      const trims = await interleave(rounds, {
        trim: async () => {
          renew();
          const ms = await timeTrim(bench, copy);
          kept.go = entriesOf(copy);
          return ms;
        },
        prune: async () => {
          renew();
          const ms = await timePrune(bench, copy);
          kept.us = entriesOf(copy);
          return ms;
        },
      });
      const original = entriesOf(full);
      const lost = [...kept.go].filter((name) => original.has(name) && !kept.us.has(name));
      const ratio = (one: readonly number[], other: readonly number[]) =>
        pairwise(one, other, (a, b) => a / b);
      return [
        figureOf('rm', removals.rm, 'ms', undefined),
        figureOf('prune to nothing / rm', ratio(removals.deleted, removals.rm), 'x', { atMost: 1.5 }),
        figureOf('prune to the trash / rm', ratio(removals.moved, removals.rm), 'x', { atMost: 1.5 }),
        figureOf('trim of go, with the command that it ends', trims.trim, 'ms', undefined),
        figureOf('gocachetop prune --unused-for 5d / trim', ratio(trims.prune, trims.trim), 'x', {
          atMost: 1.5,
        }),
        figureOf('entries that go keeps and we do not', [lost.length], '', { atMost: 0 }),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function entriesOf(gocache: string): Set<string> {
  return new Set(
    readdirSync(gocache, { recursive: true, encoding: 'utf8' }).filter((name) => /-[ad]$/.test(name)),
  );
}

const isAged = (mtime: number): boolean => mtime < Date.now() - 5.5 * 86_400_000;

async function readIndex(gocache: string): Promise<EntryIndex> {
  const index = createEntryIndex();
  await scanEntries({ gocache, gomodcache: '/nowhere', index, learned: createLearned() });
  return index;
}

/** agedEntries are those that go, as IDs and as files. */
async function agedEntries(gocache: string) {
  const index = await readIndex(gocache);
  const { actions, outputs } = index;
  const ids = <Id>(rows: typeof actions | typeof outputs, id: (row: number) => Id): Id[] =>
    Array.from(
      rowsWhere(rows, (row) => rows.isUsed(row) && isAged(rows.mtime(row))),
      id,
    );
  return {
    actions: ids(actions, actions.id),
    outputs: ids(outputs, outputs.id),
    known: knownActions(index),
  };
}

async function timeRm(gocache: string, folder: string): Promise<number> {
  const { actions, outputs } = await agedEntries(gocache);
  const list = join(folder, 'list');
  const names = [...actions.map((id) => `${id}-a`), ...outputs.map((id) => `${id}-d`)];
  writeFileSync(list, names.map((name) => `${gocache}/${name.slice(0, 2)}/${name}`).join('\0'));
  const startedAt = performance.now();
  execFileSync('xargs', ['-0', '-a', list, 'rm']);
  return performance.now() - startedAt;
}

/** timeRemoval takes the time until GOCACHE is free of them. */
async function timeRemoval(gocache: string, mode: 'delete' | 'trash'): Promise<number> {
  const plan = await agedEntries(gocache);
  const startedAt = performance.now();
  const { failed } = await removeEntries(
    { gocache, ...plan },
    mode === 'delete' ? { type: 'delete' } : { type: 'trash', expiresAt: undefined },
    { now: Date.now },
  );
  if (failed.length > 0) throw new Error(failed[0]?.why);
  return performance.now() - startedAt;
}

/** timeTrim runs a go command that has nothing to build and finds its last trim a day old. */
async function timeTrim(bench: Bench, gocache: string): Promise<number> {
  const cwd = emptyModule(bench);
  const env = { GOCACHE: gocache, GOFLAGS: '', GOPROXY: 'off' };
  await timeRun(['go', 'build', '.'], { cwd, env });
  writeFileSync(join(gocache, 'trim.txt'), String(Math.floor(Date.now() / 1000) - 2 * 86_400));
  return timeRun(['go', 'build', '.'], { cwd, env });
}

function timePrune({ app, folder }: Bench, gocache: string): Promise<number> {
  return timeRun([...app.words, 'prune', '--unused-for', '5d', '--yes', '--gocache', gocache], {
    cwd: folder,
    env: app.environment,
  });
}

function emptyModule({ folder }: Bench): string {
  const directory = join(folder, 'empty');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'go.mod'), 'module example.com/empty\n\ngo 1.21\n');
  writeFileSync(join(directory, 'a.go'), 'package empty\n');
  return directory;
}
