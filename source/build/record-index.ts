import type { ProgressCounts } from './progress.ts';
import type { Outcome, PackageUnit, UnitRecord } from './unit.ts';

/** RecordIndex holds one record per unit with the sums over them: one writer, many readers. */
export type RecordIndex = {
  readonly revision: number;
  get(key: string): UnitRecord | undefined;
  values(): Iterable<UnitRecord>;
  readonly size: number;
  /** change replaces a record: its unit, and what is named; the rest stays. One that was not there begins as waiting. */
  change(key: string, unit: PackageUnit, change: Partial<Omit<UnitRecord, 'unit' | 'key'>>): void;
  counts(total: number | undefined): ProgressCounts;
  recent(count: number): readonly UnitRecord[];
  slowest(count: number): readonly UnitRecord[];
  compiling(): readonly UnitRecord[];
};

// recent keeps more than any screen has rows, and no more.
const recentLimit = 200;

/** createRecordIndex returns an empty index. */
export function createRecordIndex(): RecordIndex {
  const records = new Map<string, UnitRecord>();
  const running = new Map<string, UnitRecord>();
  const sums = new Map<Outcome, number>();
  let decided: string[] = [];
  let revision = 0;

  function add(outcome: Outcome, amount: number): void {
    sums.set(outcome, (sums.get(outcome) ?? 0) + amount);
  }

  return {
    get revision() {
      return revision;
    },
    get size() {
      return records.size;
    },
    get: (key) => records.get(key),
    values: () => records.values(),
    change(key, unit, change) {
      const before = records.get(key);
      const record = { ...(before ?? emptyRecord(key, unit)), unit, ...change };
      if (before !== undefined) add(before.outcome, -1);
      add(record.outcome, 1);
      records.set(key, record);
      if (record.outcome === 'compiling') running.set(key, record);
      else running.delete(key);
      if (isDecided(record.outcome) && before?.outcome !== record.outcome) {
        decided.push(key);
        if (decided.length > 2 * recentLimit) decided = decided.slice(-recentLimit);
      }
      revision += 1;
    },
    counts: (total) => ({
      total,
      hits: sums.get('hit') ?? 0,
      misses: sums.get('miss') ?? 0,
      failed: sums.get('failed') ?? 0,
      notReached: sums.get('not-reached') ?? 0,
      unknown: sums.get('unknown') ?? 0,
      waiting: sums.get('waiting') ?? 0,
      compiling: sums.get('compiling') ?? 0,
    }),
    recent(count) {
      const newest = new Set(decided.toReversed());
      return [...newest].slice(0, count).flatMap((key) => records.get(key) ?? []);
    },
    slowest(count) {
      const timed = [...records.values()].filter(
        (record) => record.outcome === 'miss' && record.durationMs !== undefined,
      );
      return timed.sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0)).slice(0, count);
    },
    compiling: () => [...running.values()].sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0)),
  };
}

function isDecided(outcome: Outcome): boolean {
  return outcome !== 'waiting' && outcome !== 'compiling';
}

function emptyRecord(key: string, unit: PackageUnit): UnitRecord {
  return {
    key,
    unit,
    outcome: 'waiting',
    evidence: '',
    startedAt: undefined,
    durationMs: undefined,
    buildId: undefined,
    actionId: undefined,
    outputId: undefined,
    outputBytes: undefined,
    cause: undefined,
  };
}
