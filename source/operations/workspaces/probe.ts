import { realpathSync } from 'node:fs';
import { isProblem, readGoEnv } from '../../go/env.ts';
import { withoutNetwork } from '../../go/no-network.ts';
import type { Environment } from '../../go/settings.ts';
import type { Problem } from '../../platform/problem.ts';
import { cachePath, extractedDir } from '../offline/cache-files.ts';
import { packagePatterns } from '../offline/list.ts';
import type { NeededVersion } from '../offline/needs.ts';
import { probeNeeds } from '../offline/probe.ts';
import type { SizedModule, Workspace } from './survey.ts';
import { diskBytesOf } from './tree-bytes.ts';

/** AskedWorkspace is a folder, and the GOMODCACHE that it has by other means than go env, as direnv; undefined: that of go env. */
export type AskedWorkspace = { readonly directory: string; readonly gomodcache: string | undefined };

export type SurveyOptions = {
  readonly asked: readonly AskedWorkspace[];
  readonly environment: Environment;
  readonly signal?: AbortSignal;
  onProgress?(directory: string): void;
};

/** surveyWorkspaces asks go, in each folder, for its GOMODCACHE and what it needs of it. No network is asked. */
export async function surveyWorkspaces({ asked, environment, signal, onProgress }: SurveyOptions): Promise<{
  readonly workspaces: readonly Workspace[];
  readonly problems: readonly Problem[];
}> {
  const workspaces: Workspace[] = [];
  const problems: Problem[] = [];
  for (const { directory, gomodcache } of asked) {
    signal?.throwIfAborted();
    onProgress?.(directory);
    const own = gomodcache === undefined ? {} : { GOMODCACHE: gomodcache };
    const quiet = { ...withoutNetwork(environment), ...own, PWD: directory };
    const env = await readGoEnv({ goCommand: 'go', cwd: directory, environment: quiet });
    if (isProblem(env)) {
      problems.push({ ...env, where: directory });
      continue;
    }
    const needs = await probeNeeds({
      env,
      cwd: directory,
      environment: quiet,
      platforms: [{ goos: env.goos, goarch: env.goarch }],
      withTests: true,
      withTools: true,
      ...(signal === undefined ? {} : { signal }),
    });
    problems.push(
      ...needs.problems.map((problem) => ({ ...problem, where: `${directory}: ${problem.where}` })),
    );
    if (needs.mainModules.length === 0) continue;
    workspaces.push({
      directory,
      mainModules: needs.mainModules.map(({ path }) => path),
      patterns: packagePatterns(needs.mainModules),
      gomodcache: realPath(env.gomodcache),
      modules: needs.modules.map((module) => sized(env.gomodcache, module)),
      missing: needs.missing.length,
    });
  }
  return { workspaces, problems };
}

/** sized counts all files of one version beside its extracted folder. */
function sized(gomodcache: string, { path, version }: NeededVersion): SizedModule {
  const module = { path, version };
  const files = (['info', 'mod', 'zip', 'ziphash'] as const).map((file) =>
    cachePath(gomodcache, module, file),
  );
  return { ...module, bytes: diskBytesOf([...files, extractedDir(gomodcache, module)]) };
}

/** realPath follows links: two names for one folder are one cache. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // not made yet
  }
}
