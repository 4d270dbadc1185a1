import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { GoEnv } from '../../go/env.ts';
import { withoutNetwork } from '../../go/no-network.ts';
import type { Environment } from '../../go/settings.ts';
import { cachePath, hasModuleFiles } from '../offline/cache-files.ts';
import type { Fetched, FetchRequest } from '../prewarm/fetch.ts';
import { fetchAll } from '../prewarm/fetch-all.ts';
import type { ArchivedModule, Manifest } from './manifest.ts';

export type TakeInOptions = {
  readonly env: GoEnv;
  readonly environment: Environment;
  readonly directory: string;
  /** sums are the go.sum files of the main modules; none without one. */
  readonly sums: readonly string[];
  readonly signal?: AbortSignal;
  onFetched?(fetched: Fetched, done: number, asked: number): void;
};

/**
 * takeIn downloads all of a checked archive into GOMODCACHE, through a real go with GOPROXY=file://DIR and no network. Modules
 * that go.sum does not know are held against the manifest, which was just checked: a build compares them with go.sum again.
 */
export function takeIn(
  { modules }: Manifest,
  { env, environment, directory, sums, signal, onFetched }: TakeInOptions,
): Promise<readonly Fetched[]> {
  const requests = modules.flatMap((module): FetchRequest[] => {
    const { path, version, zip } = module;
    if (isThere(env.gomodcache, module)) return [];
    return [{ module: { path, version }, file: zip === undefined ? 'mod' : 'zip' }];
  });
  return fetchAll(requests, {
    env,
    environment: { ...withoutNetwork(environment), GOPROXY: pathToFileURL(directory).href },
    sums,
    sumLines: modules.flatMap(sumLines),
    signal,
    ...(onFetched === undefined ? {} : { onFetched }),
  });
}

function isThere(gomodcache: string, module: ArchivedModule): boolean {
  const hasMod = existsSync(cachePath(gomodcache, module, 'mod'));
  return hasMod && (module.zip === undefined || hasModuleFiles(gomodcache, module));
}

function sumLines({ path, version, zip, mod }: ArchivedModule): readonly string[] {
  const modLine = `${path} ${version}/go.mod ${mod}`;
  return zip === undefined ? [modLine] : [`${path} ${version} ${zip}`, modLine];
}
