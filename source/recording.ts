import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { GoEnv } from './go/env.ts';
import type { Environment } from './go/settings.ts';
import type { Problem } from './platform/problem.ts';
import type { MeasuredBytes } from './record/build-record.ts';
import { recordBuild } from './record/record.ts';
import { stateFolderOf } from './record/state-folder.ts';
import { selectFinishedBuild } from './store/build-record.ts';
import type { AppState } from './store/state.ts';

/** recordFinishedBuild adds a build that has ended to the record of builds, where there is a folder for it. */
export function recordFinishedBuild(
  { build }: AppState,
  { gocache, goversion }: Pick<GoEnv, 'gocache' | 'goversion'>,
  environment: Environment,
): Problem | undefined {
  const folder = stateFolderOf(environment);
  const finished = build === undefined ? undefined : selectFinishedBuild(build);
  if (folder === undefined || finished === undefined) return undefined;
  const hit = measureOutputs(gocache, finished.hitOutputs);
  return recordBuild(folder, { ...finished.build, gocache, goVersion: goversion, hit }, finished.times);
}

/** measureOutputs asks for the sizes of outputs, 5 µs each; what has gone meanwhile stays unmeasured. */
function measureOutputs(gocache: string, outputs: readonly string[]): MeasuredBytes {
  const sizes = outputs.flatMap((id) => {
    try {
      return statSync(join(gocache, id.slice(0, 2), `${id}-d`)).size;
    } catch {
      return [];
    }
  });
  return { archives: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
