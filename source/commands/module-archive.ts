import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseGoSum } from '../checksums/go-sum.ts';
import { checkArchive } from '../operations/module-archive/check.ts';
import { proveArchive } from '../operations/module-archive/prove.ts';
import { takeIn } from '../operations/module-archive/take-in.ts';
import { writeArchive } from '../operations/module-archive/write.ts';
import type { Needs } from '../operations/offline/needs.ts';
import { type NeedsOptions, sumFiles } from '../operations/offline/probe.ts';
import type { ArchiveView, TakenView } from '../report/module-archive.ts';
import { formatBytes } from '../store/format.ts';
import type { CommandContext } from './context.ts';

/** makeArchive does what `--archive` asks for, and proves it; undefined without that flag. */
export async function makeArchive(
  { env, flags, place, signal, progress }: CommandContext,
  needs: Needs,
  options: NeedsOptions,
): Promise<ArchiveView | undefined> {
  if (flags.modules.archive === undefined) return undefined;
  const directory = resolve(place.cwd, flags.modules.archive);
  const written = await writeArchive({
    env,
    needs,
    directory,
    hasTests: options.withTests,
    hasTools: options.withTools,
    signal,
    onProgress: (done, of) => progress(`archive: ${done} of ${of} modules`),
  });
  if (written.type === 'failed')
    return { directory, manifest: undefined, missing: undefined, problems: written.problems };
  const { manifest } = written;
  if (flags.modules.isWithoutProof) return { directory, manifest, missing: undefined, problems: [] };
  progress('archive: go list with it as the only proxy');
  const { missing, problems } = await proveArchive(options, directory);
  return { directory, manifest, missing, problems };
}

/** takeInArchive does what `--from` asks for; undefined without that flag. */
export async function takeInArchive({
  env,
  flags,
  place,
  signal,
  progress,
}: CommandContext): Promise<TakenView | undefined> {
  if (flags.modules.from === undefined) return undefined;
  const directory = resolve(place.cwd, flags.modules.from);
  const sums = sumFiles(env, []);
  const lines = sums.flatMap((file) => parseGoSum(readFileSync(file, 'utf8')).lines);
  const checked = await checkArchive(directory, lines, {
    signal,
    onProgress: (done, of) => progress(`checking the archive: ${done} of ${of} modules`),
  });
  if (!('manifest' in checked)) return { directory, manifest: undefined, fetched: [], problems: checked };
  const { manifest } = checked;
  if (flags.isDryRun) return { directory, manifest, fetched: [], problems: [] };
  const { environment } = place;
  const fetched = await takeIn(manifest, {
    env,
    environment,
    directory,
    sums,
    signal,
    onFetched: ({ bytes }, done, of) => progress(`taking in: ${done} of ${of}, ${formatBytes(bytes)}`),
  });
  return { directory, manifest, fetched, problems: [] };
}
