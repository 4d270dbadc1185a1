import { devNull } from 'node:os';
import { isReady, type Needs } from '../operations/offline/needs.ts';
import type { Platform } from '../operations/offline/platform.ts';
import { type NeedsOptions, probeNeeds } from '../operations/offline/probe.ts';
import { type Proof, proveOffline } from '../operations/prewarm/proof.ts';
import { type Prewarmed, prewarmModules } from '../operations/prewarm/run.ts';
import { isTakenFine } from '../report/module-archive.ts';
import { isPrewarmFine, type PrewarmView, prewarmJson, prewarmText } from '../report/prewarm.ts';
import { formatBytes } from '../store/format.ts';
import type { CommandContext } from './context.ts';
import { makeArchive, takeInArchive } from './module-archive.ts';
import { needsOptions, readPlatforms } from './offline.ts';

/** runPrewarm downloads all that the main modules need to be built without a network, and proves it by building so. */
export async function runPrewarm(context: CommandContext): Promise<number> {
  const { flags, say, signal } = context;
  if (flags.isReadOnly && !flags.isDryRun) {
    say('prewarm is refused: --read-only (--dry-run only says what it would download)');
    return 2;
  }
  const platforms = await readPlatforms(context);
  if (platforms === undefined) return 2;
  try {
    const view = await prewarm(context, platforms);
    context.progress('');
    await context.print(prewarmJson(view), prewarmText(view, flags.isSi));
    if (flags.isJson) context.tell(view.needs.problems);
    return view.wasStopped ? 130 : isPrewarmFine(view) ? 0 : 1;
  } catch (error) {
    context.progress('');
    if (!signal.aborted) throw error;
    say('stopped: what was downloaded stays');
    return 130;
  }
}

async function prewarm(context: CommandContext, platforms: readonly Platform[]): Promise<PrewarmView> {
  const { env, flags } = context;
  const startedAt = performance.now();
  const options = needsOptions(context, platforms);
  const taken = await takeInArchive(context);
  const hasMainModule = env.gowork !== '' || (env.gomod !== '' && env.gomod !== devNull);
  // A machine that only takes in an archive has nothing to build.
  if (taken !== undefined && (!hasMainModule || !isTakenFine(taken)))
    return tell({ fetched: [], needs: emptyNeeds(context, hasMainModule), wasStopped: false });
  const { fetched, needs, wasStopped } = await (flags.isDryRun
    ? lookOnly(options)
    : download(context, options));
  const isDone = !flags.isDryRun && !wasStopped && isReady(needs);
  const durationMs = performance.now() - startedAt;
  const archive = isDone ? await makeArchive(context, needs, options) : undefined;
  const proof = isDone && !flags.modules.isWithoutProof ? await prove(options, needs) : undefined;
  return tell({ fetched, needs, wasStopped }, durationMs, archive, proof);

  function tell(
    done: Prewarmed,
    tookMs = performance.now() - startedAt,
    archived?: PrewarmView['archive'],
    proven?: Proof,
  ): PrewarmView {
    return {
      isDryRun: flags.isDryRun,
      ...done,
      taken,
      archive: archived,
      proof: proven,
      durationMs: tookMs,
    };
  }
}

function prove(options: NeedsOptions, { mainModules }: Needs): Promise<Proof> {
  return proveOffline(options, mainModules);
}

async function lookOnly(options: NeedsOptions): Promise<Prewarmed> {
  return { fetched: [], needs: await probeNeeds(options), wasStopped: false };
}

function download({ flags, progress }: CommandContext, options: NeedsOptions): Promise<Prewarmed> {
  let bytes = 0;
  return prewarmModules({
    ...options,
    isForArchive: flags.modules.archive !== undefined,
    onFetched(each, done, asked) {
      bytes += each.bytes ?? 0;
      progress(`${done} of ${asked} downloads, ${formatBytes(bytes, { si: flags.isSi })}`);
    },
  });
}

/** emptyNeeds is the answer where nothing was listed: nothing is built here, or the archive was refused. */
function emptyNeeds({ env }: CommandContext, hasMainModule: boolean): Needs {
  return {
    gomodcache: env.gomodcache,
    mainModules: [],
    platforms: [],
    packages: undefined,
    isComplete: !hasMainModule,
    modules: [],
    missing: [],
    toolchain: undefined,
    problems: [],
  };
}
