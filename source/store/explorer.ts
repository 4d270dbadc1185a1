import type { SymbolTable } from '../build-cache/archive-symbols.ts';
import type { EntryFacts } from '../build-cache/entry/entry-facts.ts';
import type { EntryList } from '../build-cache/entry/entry-rows.ts';
import type { EntryContent } from '../build-cache/entry/probe.ts';
import type { FuzzFile, FuzzTest } from '../build-cache/fuzz-probe.ts';
import type { Damage } from '../build-cache/index/check.ts';
import type { BuildCacheTotals } from '../build-cache/totals.ts';
import type { TrimForecast } from '../build-cache/trim-forecast.ts';
import type { CacheSearch } from '../operations/caches/scan.ts';
import type { ModuleDetail, ModuleFile } from '../operations/module-detail/detail.ts';
import type { DoctorReport } from './doctor.ts';
import type { AppState } from './state.ts';
import type { Level, ViewId } from './view.ts';

/**
 * Explorer is what was read of GOCACHE because a view that shows it is open, by the reading and its subject. What no open view shows is
 * forgotten.
 */
export type Explorer = {
  readonly looks: ReadonlyMap<string, Looked>;
  /** check is the comparing of outputs with their names: running, or done; undefined when nobody asked for it. */
  readonly check: CheckState | undefined;
};

/** CheckState is how far a check of all outputs is, and what it found. */
export type CheckState = {
  /** isRunning until all outputs were read, or it was stopped. */
  readonly isRunning: boolean;
  readonly done: number;
  readonly total: number | undefined;
  readonly wasStopped: boolean;
  readonly found: readonly CheckedDamage[];
};

/** CheckedDamage: isGone says that it was removed since, so that the next build makes it again. */
export type CheckedDamage = Damage & { readonly isGone: boolean };

/** Looked is what a look found, or why it found nothing. */
export type Looked =
  | { readonly type: 'entries'; readonly list: EntryList }
  | { readonly type: 'entry'; readonly facts: EntryFacts; readonly content: EntryContent }
  | { readonly type: 'symbols'; readonly table: SymbolTable }
  | { readonly type: 'trim'; readonly forecast: TrimForecast }
  | { readonly type: 'fuzz'; readonly tests: readonly FuzzTest[] }
  | { readonly type: 'fuzz-test'; readonly files: readonly FuzzFile[] }
  | { readonly type: 'fuzz-file'; readonly content: Uint8Array }
  | { readonly type: 'other-caches'; readonly search: CacheSearch }
  | { readonly type: 'other-cache'; readonly totals: BuildCacheTotals }
  | { readonly type: 'module-version'; readonly detail: ModuleDetail }
  | { readonly type: 'module-files'; readonly files: readonly ModuleFile[] }
  | { readonly type: 'doctor'; readonly report: DoctorReport }
  | { readonly type: 'failed'; readonly why: string };

/** Look is what an open view wants to be read. */
export type Look = {
  readonly reading: (typeof readings)[keyof typeof readings];
  readonly subject: string | undefined;
};

export const emptyExplorer: Explorer = { looks: new Map(), check: undefined };

/** readings are what is read for a view alone; the other views show what the state has anyway. */
const readings = {
  'cache-largest': 'entries',
  'cache-entries': 'entries',
  'cache-entry': 'entry',
  'cache-content': 'entry',
  'cache-symbols': 'symbols',
  'cache-trim': 'trim',
  'cache-fuzz': 'fuzz',
  'cache-fuzz-test': 'fuzz-test',
  'cache-fuzz-file': 'fuzz-file',
  'other-caches': 'other-caches',
  'other-cache': 'other-cache',
  'module-version': 'module-version',
  'module-mod': 'module-version',
  'module-files': 'module-files',
  'module-zip': 'module-zip',
  doctor: 'doctor',
  'doctor-finding': 'doctor',
} as const satisfies Partial<Record<ViewId, string>>;

/** needsNoIndex says that a reading can begin before GOCACHE was read by name. */
export function needsNoIndex({ reading }: Look): boolean {
  return ['fuzz', 'other-cache', 'module-', 'doctor'].some((start) => reading.startsWith(start));
}

/** lookKey names a look; views that show the same thing share it. */
export function lookKey({ reading, subject }: Look): string {
  return `${reading} ${subject ?? ''}`;
}

/** wantedLooks are the looks of all open views, by their keys. */
export function wantedLooks({ screen }: Pick<AppState, 'screen'>): ReadonlyMap<string, Look> {
  const looks = new Map<string, Look>();
  for (const { levels } of Object.values(screen.panes))
    for (const level of levels) {
      const look = lookOf(level);
      if (look !== undefined) looks.set(lookKey(look), look);
    }
  return looks;
}

/** needsInspecting: an open view shows more than the state holds, or what a check has found is to be kept true. */
export function needsInspecting(state: Pick<AppState, 'screen' | 'explorer'>): boolean {
  return state.explorer.check !== undefined || wantedLooks(state).size > 0;
}

function lookOf({ view, subject }: Pick<Level, 'view' | 'subject'>): Look | undefined {
  const reading = (readings as Partial<Record<ViewId, Look['reading']>>)[view];
  if (reading === undefined) return undefined;
  // Each of its findings is part of the one look.
  return { reading, subject: reading === 'doctor' ? undefined : subject };
}

/** takeLook keeps what a look found, as long as a view that shows it is open. */
export function takeLook(state: AppState, key: string, looked: Looked): AppState {
  const wanted = wantedLooks(state);
  if (!wanted.has(key)) return state;
  // What was counted of other caches stays in their list.
  const isListed = wanted.has(lookKey({ reading: 'other-caches', subject: undefined }));
  const kept = [...state.explorer.looks].filter(
    ([known]) => wanted.has(known) || (isListed && known.startsWith('other-cache ')),
  );
  return { ...state, explorer: { ...state.explorer, looks: new Map([...kept, [key, looked]]) } };
}

/** lookAt is what was found for a view; undefined while it is still being read. */
export function lookAt(state: AppState, level: Pick<Level, 'view' | 'subject'>): Looked | undefined {
  const look = lookOf(level);
  return look === undefined ? undefined : state.explorer.looks.get(lookKey(look));
}

/** lookWords says why a view has nothing to show (yet). */
export function lookWords(state: AppState, looked: Looked | undefined): string {
  if (looked?.type === 'failed') return looked.why;
  const { path, contents, reading } = state.buildCache;
  if (path === 'off') return 'GOCACHE is off';
  if (contents === undefined && reading !== undefined) return 'GOCACHE is being read first';
  return 'being read';
}
