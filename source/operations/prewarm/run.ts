import { existsSync } from 'node:fs';
import { cachePath } from '../offline/cache-files.ts';
import type { Needs } from '../offline/needs.ts';
import { type NeedsOptions, probeNeeds, sumFiles } from '../offline/probe.ts';
import type { Fetched, FetchRequest } from './fetch.ts';
import { fetchAll } from './fetch-all.ts';

export type PrewarmOptions = NeedsOptions & {
  /** isForArchive: a module whose folder alone is there is downloaded as well, for its zip. */
  readonly isForArchive: boolean;
  onFetched?(fetched: Fetched, done: number, asked: number): void;
};

/** Prewarmed is what a prewarm did, and what was needed in the end. */
export type Prewarmed = {
  readonly fetched: readonly Fetched[];
  readonly needs: Needs;
  readonly wasStopped: boolean;
};

/**
 * prewarmModules looks what is missing, downloads it, several at once, and looks again: what a module imports is known once
 * it is there. It ends when nothing is missing, or nothing more can be had, and changes no go.mod and no go.sum.
 */
export async function prewarmModules(options: PrewarmOptions): Promise<Prewarmed> {
  const { env, environment, signal, onFetched } = options;
  const fetched: Fetched[] = [];
  const isStopped = (): boolean => signal?.aborted === true;
  let needs = await probeNeeds(options);
  while (!isStopped()) {
    const requests = requestsOf(needs, options.isForArchive).filter(
      (request) => !fetched.some((each) => isSame(each, request)),
    );
    if (requests.length === 0) break;
    const before = fetched.length;
    const more = await fetchAll(requests, {
      env,
      environment,
      sums: sumFiles(env, needs.mainModules),
      signal,
      onFetched: (each, done, asked) => onFetched?.(each, before + done, before + asked),
    });
    fetched.push(...more);
    if (!isStopped()) needs = await probeNeeds(options);
  }
  return { fetched, needs, wasStopped: isStopped() };
}

/**
 * requestsOf are the downloads that go asked for. What only may stand behind them is not fetched, except go.mod files, without
 * which go cannot tell.
 */
function requestsOf({ gomodcache, missing, modules }: Needs, isForArchive: boolean): FetchRequest[] {
  const requests = missing.flatMap(({ path, version, files, isCertain }): FetchRequest[] => {
    const module = { path, version };
    if (isCertain && files.includes('zip')) return [{ module, file: 'zip' }];
    return files.includes('mod') && !files.includes('zip') ? [{ module, file: 'mod' }] : [];
  });
  if (!isForArchive) return requests;
  const zips = modules.filter((module) => !existsSync(cachePath(gomodcache, module, 'zip')));
  return [...requests, ...zips.map((module) => ({ module, file: 'zip' as const }))];
}

function isSame(one: FetchRequest, other: FetchRequest): boolean {
  const [a, b] = [one.module, other.module];
  return one.file === other.file && a.path === b.path && a.version === b.version;
}
