import { freeExpiredModules } from '../operations/module-prune/expire.ts';
import { type ModuleRemovalResult, removeModules } from '../operations/module-prune/remove.ts';
import { type ModuleSelectors, selectModules } from '../operations/module-prune/select.ts';
import { parseAge } from '../operations/prune/amounts.ts';
import { logRemoval } from '../operations/removal/log.ts';
import { isProcessAlive } from '../operations/removal/processes.ts';
import { parseProxyChain } from '../proxy/chain.ts';
import { firstHop } from '../proxy/first-hop.ts';
import { pruneModulesJson, pruneModulesQuestion, pruneModulesText } from '../report/prune-modules.ts';
import { formatCount } from '../store/format.ts';
import type { CommandContext } from './context.ts';
import { openModules } from './modules.ts';

/** runPruneModules removes from GOMODCACHE what the selectors say, after it said what goes and what it costs. */
export async function runPruneModules(context: CommandContext): Promise<number> {
  const { env, flags, say, signal } = context;
  const wanted = readSelectors(context);
  if (typeof wanted === 'string') {
    say(wanted);
    return 2;
  }
  if (flags.isReadOnly && !flags.isDryRun) {
    say('prune is refused: --read-only (--dry-run only says what would go)');
    return 2;
  }
  const opened = await openModules(context);
  if (opened === undefined) return 130;
  const { totals, needs } = opened;
  const isAboutNeed = wanted.selectors.isUnneeded === true || wanted.selectors.isSuperseded === true;
  if (isAboutNeed && needs.roots.length === 0) {
    say('who needs what is not known without a main module: name some by --root DIR, or run it in one');
    return 2;
  }
  const chain = parseProxyChain(env.goproxy);
  const selection = wanted.onlyTiles
    ? { ...emptySelection }
    : selectModules(totals.sizes, needs, wanted.selectors, {
        now: Date.now(),
        goroot: env.goroot,
        hopOf: (path) => firstHop(path, chain, env),
      });
  const tiles = wanted.takesTiles && totals.sumdb.files > 0 ? { bytes: totals.sumdb.bytes } : undefined;
  const view = {
    selection,
    tiles,
    roots: needs.roots.map(({ root }) => root.file),
    keepMs: wanted.keepMs,
    isSi: flags.isSi,
  };
  if (flags.isDryRun || (selection.targets.length === 0 && tiles === undefined)) {
    const { problems } = opened;
    await context.print(
      pruneModulesJson(view, undefined, flags.isDryRun, problems),
      pruneModulesText(view, undefined),
    );
    context.tell(problems);
    return problems.length > 0 ? 1 : 0;
  }
  if (!flags.isJson) process.stderr.write(pruneModulesQuestion(view));
  const agreed = await context.agree('Remove this?');
  if (agreed !== true) return agreed;
  await freeExpiredModules(env.gomodcache, Date.now(), isProcessAlive);
  const result: ModuleRemovalResult = await removeModules(
    { gomodcache: env.gomodcache, targets: selection.targets, takesTiles: tiles !== undefined },
    {
      keep: wanted.keepMs === undefined ? 'no' : { expiresAt: Date.now() + wanted.keepMs },
      about: 'prune --modules',
      environment: context.place.environment,
      now: Date.now,
      signal,
      onProgress: ({ done, total }) =>
        context.progress(`${formatCount(done)} of ${formatCount(total)} versions`),
    },
  );
  context.progress('');
  const { removed, kept, batch = null, failed } = result;
  const modules = selection.targets.map(({ version }) => `${version.path}@${version.version}`);
  const unlogged = logRemoval(context.place.environment, {
    what: 'prune modules',
    gocache: env.gocache,
    gomodcache: env.gomodcache,
    modules,
    removed,
    kept,
    batch,
    failed: failed.length,
  });
  if (unlogged !== undefined) context.tell([unlogged]);
  const problems = [...opened.problems, ...failed];
  await context.print(pruneModulesJson(view, result, false, problems), pruneModulesText(view, result));
  context.tell(problems);
  if (result.wasStopped) return 130;
  return problems.length > 0 ? 1 : 0;
}

const emptySelection = {
  targets: [],
  bytes: 0,
  download: { bytes: 0, unknown: 0, from: [] },
  needed: 0,
  unknownUse: 0,
};

type Wanted = {
  readonly selectors: ModuleSelectors;
  readonly takesTiles: boolean;
  /** onlyTiles: no selector of versions was given. */
  readonly onlyTiles: boolean;
  readonly keepMs: number | undefined;
};

/** readSelectors reads the flags; a text is what is wrong with them. */
function readSelectors({ flags }: CommandContext): Wanted | string {
  const { unusedFor, isSuperseded, keep } = flags.prune;
  const { module, isUnneeded, keepNewest, isZipsOnly, isFoldersOnly, isToolchains, isTiles } =
    flags.pruneModules;
  const alien = Object.entries({
    package: flags.prune.packages,
    variant: flags.prune.variant,
    'go-version': flags.prune.goVersion,
    'sources-in': flags.prune.sourcesIn,
    kind: flags.prune.kind,
    'max-size': flags.prune.maxSize,
    'never-reused': flags.prune.isNeverReused || undefined,
    damaged: flags.prune.isDamaged || undefined,
  }).find(([, value]) => value !== undefined);
  if (alien !== undefined) return `--${alien[0]} is about GOCACHE: leave it out, or leave out --modules`;
  const unusedForMs = unusedFor === undefined ? undefined : parseAge(unusedFor);
  if (unusedFor !== undefined && unusedForMs === undefined)
    return `--unused-for ${unusedFor}: an age is a number and a unit, as 36h or 14d`;
  const keepMs = keep === undefined ? undefined : parseAge(keep);
  if (keep !== undefined && keepMs === undefined)
    return `--keep ${keep}: an age is a number and a unit, as 36h or 14d`;
  if (keepNewest !== undefined && !/^\d+$/.test(keepNewest))
    return `--keep-newest ${keepNewest}: a number of versions, as 2`;
  if (isZipsOnly && isFoldersOnly) return '--zips-only and --folders-only leave nothing: give one of them';
  const narrows = [module, unusedFor, keepNewest].some((flag) => flag !== undefined);
  const selects = narrows || isUnneeded || isSuperseded || isToolchains || isZipsOnly || isFoldersOnly;
  if (!selects && !isTiles)
    return 'prune --modules needs a selector, as --unneeded or --keep-newest 2; go clean -modcache wipes all of GOMODCACHE';
  return {
    selectors: {
      pattern: module,
      isUnneeded,
      isSuperseded,
      unusedForMs,
      keepNewest: keepNewest === undefined ? undefined : Number(keepNewest),
      isToolchain: isToolchains,
      part: isZipsOnly ? 'zip' : isFoldersOnly ? 'folder' : 'all',
    },
    takesTiles: isTiles,
    onlyTiles: !selects,
    keepMs,
  };
}
