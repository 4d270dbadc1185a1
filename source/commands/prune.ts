import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkOutputs } from '../build-cache/index/check.ts';
import { freePrice } from '../build-cache/index/price.ts';
import { type EntryKind, entryKinds } from '../build-cache/output-kind.ts';
import type { PruneFlags } from '../command-line.ts';
import { parseAge, parseSize } from '../operations/prune/amounts.ts';
import { knownActions, type PruneSelection, selectPrune } from '../operations/prune/select.ts';
import type { PruneSelectors } from '../operations/prune/selectors.ts';
import { openCacheFolder } from '../operations/removal/cache-folder.ts';
import { logRemoval } from '../operations/removal/log.ts';
import { isProcessAlive } from '../operations/removal/processes.ts';
import {
  type RemovalPlan,
  RemovalRefused,
  type RemovalResult,
  removeEntries,
} from '../operations/removal/removal.ts';
import { freeExpired } from '../operations/removal/trash.ts';
import { diskSpace } from '../platform/disk.ts';
import { pruneJson, pruneQuestion, pruneText } from '../report/prune.ts';
import { formatCount } from '../store/format.ts';
import type { CommandContext } from './context.ts';
import { type OpenedIndex, openIndex } from './open-index.ts';
import { runPruneModules } from './prune-modules.ts';

/** runPrune removes from GOCACHE what the selectors say, after it said what goes and what it costs. */
export async function runPrune(context: CommandContext): Promise<number> {
  const { env, flags, say } = context;
  if (flags.pruneModules.isMeant) return runPruneModules(context);
  const wanted = await readSelectors(flags.prune, env.gocache, context.place.cwd);
  if (typeof wanted === 'string') {
    say(wanted);
    return 2;
  }
  if (flags.isReadOnly && !flags.isDryRun) {
    say('prune is refused: --read-only (--dry-run only says what would go)');
    return 2;
  }
  const opened = await openIndex(context);
  if (opened === undefined) return 130;
  const damaged = flags.prune.isDamaged ? (await check(context, opened)).damaged : undefined;
  const { history } = opened;
  const now = Date.now();
  const selection = wanted.isFuzz
    ? none
    : selectPrune(opened.index, opened.owners, { ...wanted.selectors, damaged }, now, history.times.msOf);
  const fuzz = wanted.isFuzz ? opened.scan.fuzz : undefined;
  const selected = fuzz === undefined ? selection.selected : { entries: fuzz.files, bytes: fuzz.bytes };
  const view = { selection: { ...selection, selected }, keepMs: wanted.keepMs, isSi: flags.isSi };
  if (flags.isDryRun || selected.entries === 0) {
    const problems = [...opened.scan.problems, ...history.problems];
    await context.print(pruneJson(view, undefined, flags.isDryRun, problems), pruneText(view, undefined));
    context.tell(problems);
    return problems.length > 0 ? 1 : 0;
  }
  const refusal = refusalOf(env.gocache);
  if (refusal !== undefined) {
    say(refusal);
    return 1;
  }
  if (!flags.isJson) process.stderr.write(pruneQuestion(view));
  const agreed = await context.agree('Remove this?');
  if (agreed !== true) return agreed;
  const result =
    fuzz === undefined
      ? await remove(context, selection, knownActions(opened.index), wanted.keepMs)
      : removeFuzz(env.gocache, fuzz);
  // What could not be read was not looked at: it may hold more of what was meant.
  const problems = [...opened.scan.problems, ...result.failed];
  await context.print(pruneJson(view, result, false, problems), pruneText(view, result));
  context.tell(problems);
  if (result.fellBack !== undefined) context.tell([result.fellBack]);
  if (result.wasStopped) return 130;
  return problems.length > 0 ? 1 : 0;
}

/** refusalOf is why nothing is removed in a folder that is no GOCACHE, as a home folder given by mistake. */
function refusalOf(gocache: string): string | undefined {
  try {
    openCacheFolder(gocache);
    return undefined;
  } catch (error) {
    if (error instanceof RemovalRefused) return error.message;
    throw error;
  }
}

const none: PruneSelection = {
  actions: [],
  outputs: [],
  selected: { entries: 0, bytes: 0 },
  packages: [],
  rebuild: freePrice,
};

type Wanted = {
  readonly selectors: PruneSelectors;
  readonly isFuzz: boolean;
  readonly keepMs: number | undefined;
};

/** readSelectors reads the flags; a text is what is wrong with them. */
async function readSelectors(flags: PruneFlags, gocache: string, cwd: string): Promise<Wanted | string> {
  const { unusedFor, packages, variant, goVersion, sourcesIn, kind, maxSize, keep } = flags;
  const { isSuperseded, isNeverReused, isDamaged } = flags;
  const narrowing = [unusedFor, packages, variant, goVersion, sourcesIn, maxSize];
  const isOpen = [...narrowing, kind].every((flag) => flag === undefined);
  if (isOpen && !isSuperseded && !isNeverReused && !isDamaged)
    return 'prune needs a selector, as --unused-for 14d or --max-size 10GiB; gocachetop clean wipes all of GOCACHE';
  const unusedForMs = unusedFor === undefined ? undefined : parseAge(unusedFor);
  if (unusedFor !== undefined && unusedForMs === undefined)
    return `--unused-for ${unusedFor}: an age is a number and a unit, as 36h or 14d`;
  const keepMs = keep === undefined ? undefined : parseAge(keep);
  if (keep !== undefined && keepMs === undefined)
    return `--keep ${keep}: an age is a number and a unit, as 36h or 14d`;
  const isFuzz = kind === 'fuzz';
  if (kind !== undefined && !isFuzz && !isEntryKind(kind))
    return `--kind ${kind}: kinds are ${[...entryKinds, 'fuzz'].join(', ')}`;
  if (isFuzz && [...narrowing, keep].some((flag) => flag !== undefined))
    return '--kind fuzz stands alone: the corpus is removed as a whole, without a trash';
  const maxBytes =
    maxSize === undefined ? undefined : parseSize(maxSize, (await diskSpace(gocache))?.totalBytes);
  if (maxSize !== undefined && maxBytes === undefined)
    return `--max-size ${maxSize}: a size is as 500MB, 10GiB or 10% of the file system`;
  const selectors = {
    unusedForMs,
    packages,
    variant,
    goVersion: goVersion === undefined ? undefined : `go${goVersion.replace(/^go/, '')}`,
    // As the compiler wrote it down: absolute, without a slash at its end.
    sourcesIn: sourcesIn === undefined ? undefined : resolve(cwd, sourcesIn),
    kind: isEntryKind(kind) ? kind : undefined,
    isSuperseded,
    isNeverReused,
    maxBytes,
  };
  return { selectors, isFuzz, keepMs };
}

function isEntryKind(kind: string | undefined): kind is EntryKind {
  return entryKinds.some((each) => each === kind);
}

async function check(context: CommandContext, { index, owners }: OpenedIndex) {
  const { gocache, gomodcache } = context.env;
  const found = await checkOutputs({
    gocache,
    gomodcache,
    index,
    owners,
    signal: context.signal,
    onProgress: (done, total) => context.progress(`${done} of ${total} outputs checked`),
  });
  context.progress('');
  return found;
}

async function remove(
  context: CommandContext,
  { actions, outputs, packages }: PruneSelection,
  known: RemovalPlan['known'],
  keepMs: number | undefined,
): Promise<RemovalResult> {
  const { signal } = context;
  const { gocache } = context.env;
  await freeExpired(gocache, Date.now(), isProcessAlive);
  const mode =
    keepMs === undefined
      ? ({ type: 'delete' } as const)
      : ({ type: 'trash', expiresAt: Date.now() + keepMs } as const);
  const result = await removeEntries({ gocache, actions, outputs, known }, mode, {
    now: Date.now,
    signal,
    onProgress: ({ done, total }) =>
      context.progress(`${formatCount(done)} of ${formatCount(total)} entries`),
  });
  context.progress('');
  const { removed, kept, batch = null, failed } = result;
  const record = { what: 'prune', gocache, packages, removed, kept, batch, failed: failed.length };
  const unlogged = logRemoval(context.place.environment, record);
  if (unlogged !== undefined) context.tell([unlogged]);
  return result;
}

/** removeFuzz removes the fuzz corpus as `go clean -fuzzcache` does. */
function removeFuzz(
  gocache: string,
  fuzz: { readonly files: number; readonly bytes: number },
): RemovalResult {
  rmSync(join(gocache, 'fuzz'), { recursive: true, force: true });
  return {
    removed: { entries: fuzz.files, bytes: fuzz.bytes },
    kept: [],
    batch: undefined,
    failed: [],
    wasStopped: false,
    fellBack: undefined,
  };
}
