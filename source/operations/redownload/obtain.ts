import { rmSync } from 'node:fs';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import type { SumdbUse } from '../../proxy/sumdb.ts';
import { type Downloaded, type DownloadOptions, goDownload } from './go-download.ts';
import type { ModuleFiles } from './module-files.ts';
import type { Approved, RepairPlan } from './plan.ts';
import { plantSeeds, type Stage, shareSumdb } from './stage.ts';

export type ObtainOptions = Pick<DownloadOptions, 'go' | 'environment' | 'goproxy' | 'goflags' | 'signal'> & {
  readonly gomodcache: string;
  /** place is where the present parts lie, good ones among them. */
  readonly place: ModuleFiles;
  readonly approved: Approved;
  readonly sumdbUse: SumdbUse;
  onGo?(isOffline: boolean, bytes: number): void;
};

/** Obtained is a stage that go has filled, or why not. */
export type Obtained = {
  readonly downloaded: Downloaded;
  readonly networkBytes: number | undefined;
  /** isSumdbAsked: go compared with the checksum database, and it agreed. */
  readonly isSumdbAsked: boolean;
  /** isInfoReal is false where the info is a made-up one. */
  readonly isInfoReal: boolean;
  readonly notes: readonly string[];
};

/**
 * obtain fills a stage. What is good is not downloaded again; where nobody here vouches for it, go judges it by the checksum
 * database first. Where the database cannot be asked, go.sum alone must vouch, as it does for go.
 */
export async function obtain(
  stage: Stage,
  module: ModuleVersion,
  plan: RepairPlan,
  options: ObtainOptions,
): Promise<Obtained> {
  const { approved, sumdbUse } = options;
  let networkBytes: number | undefined = 0;
  const notes: string[] = [];

  async function ask(isOffline: boolean, goSum: string): Promise<Downloaded> {
    options.onGo?.(isOffline, 0);
    const downloaded = await goDownload(stage, module, {
      ...options,
      isOffline,
      goSum,
      onBytes: (bytes) => options.onGo?.(isOffline, bytes),
    });
    const { networkBytes: bytes } = downloaded;
    networkBytes = networkBytes === undefined || bytes === undefined ? undefined : networkBytes + bytes;
    return downloaded;
  }
  const plant = (isInfoMadeUp: boolean): void =>
    plantSeeds(stage, options.place, plan.seeds, module.version, isInfoMadeUp);
  const ended = (downloaded: Downloaded, isSumdbAsked: boolean, isInfoReal = true): Obtained => ({
    downloaded,
    networkBytes,
    isSumdbAsked,
    isInfoReal,
    notes,
  });
  const goSum = sumLines(module, approved);

  if (plan.way === 'local') {
    plant(true);
    return ended(await ask(true, goSum), false, plan.seeds.info);
  }
  plant(false);
  if (!sumdbUse.isChecked) return ended(await ask(false, goSum), false);

  shareSumdb(options.gomodcache, stage, module);
  let answer = await ask(false, '');
  if (answer.type === 'mismatch' && plan.way === 'judge') {
    // What lies here is not what the database knows: all of it anew.
    for (const part of ['zip', 'ziphash', 'mod'] as const) rmSync(stage.files[part], { force: true });
    answer = await ask(false, '');
  }
  if (answer.type !== 'failed') return ended(answer, true);
  if (answer.why.includes('verifying') && goSum !== '') {
    notes.push(`the checksum database could not be asked, go.sum alone vouches: ${answer.why}`);
    answer = await ask(false, goSum);
    if (answer.type !== 'failed') return ended(answer, false);
  }
  if (plan.seeds.zip && plan.seeds.mod !== undefined && approved.zip !== undefined) {
    notes.push(`only the .info could not be downloaded, and is left as it is: ${answer.why}`);
    plant(true);
    return ended(await ask(true, goSum), false, false);
  }
  return ended(answer, true);
}

/** sumLines are lines of a go.sum for what is approved. */
function sumLines({ path, version }: ModuleVersion, { zip, mod }: Approved): string {
  return [
    ...(zip === undefined ? [] : [`${path} ${version} ${zip}\n`]),
    ...(mod === undefined ? [] : [`${path} ${version}/go.mod ${mod}\n`]),
  ].join('');
}
