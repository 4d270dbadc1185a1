import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AskedWorkspace, surveyWorkspaces } from '../operations/workspaces/probe.ts';
import { recommend } from '../operations/workspaces/recommend.ts';
import { measureWays } from '../operations/workspaces/run.ts';
import { groupByCache, type Workspace } from '../operations/workspaces/survey.ts';
import type { WayMeasured } from '../operations/workspaces/ways.ts';
import { workspacesJson, workspacesText } from '../report/workspaces.ts';
import type { CommandContext } from './context.ts';

/** runWorkspaces says which workspaces share a GOMODCACHE and, when asked, measures the ways to share or not to. */
export async function runWorkspaces(context: CommandContext): Promise<number> {
  const { flags, place, signal, say, progress } = context;
  const isMeasuring = flags.modules.isMeasuring && !flags.isDryRun;
  if (isMeasuring && flags.isReadOnly) {
    say('workspaces --measure is refused: --read-only');
    return 2;
  }
  const operands = flags.operands.length === 0 ? ['.'] : flags.operands;
  const asked = operands.map((operand) => readOperand(operand, place.cwd));
  try {
    const { workspaces, problems } = await surveyWorkspaces({
      asked,
      environment: place.environment,
      signal,
      onProgress: (directory) => progress(`${directory}: go list`),
    });
    const caches = groupByCache(workspaces);
    const measured = isMeasuring ? await measure(context, workspaces) : undefined;
    progress('');
    const ways = typeof measured === 'string' ? [] : measured;
    const recommendations = recommend(caches, ways ?? []);
    const view = { workspaces, caches, ways, recommendations, problems };
    await context.print(workspacesJson(view), workspacesText(view, flags.isSi));
    context.tell(flags.isJson ? problems : []);
    if (typeof measured === 'string') say(`nothing was measured: ${measured}`);
    return problems.length > 0 || typeof measured === 'string' ? 1 : 0;
  } catch (error) {
    progress('');
    if (signal.aborted) return 130;
    throw error;
  }
}

/** readOperand reads `DIR` or `DIR=GOMODCACHE`, relative to where we run. */
function readOperand(operand: string, cwd: string): AskedWorkspace {
  const equals = operand.lastIndexOf('=');
  if (equals === -1 || existsSync(resolve(cwd, operand)))
    return { directory: resolve(cwd, operand), gomodcache: undefined };
  const [directory, gomodcache] = [operand.slice(0, equals), operand.slice(equals + 1)];
  return { directory: resolve(cwd, directory), gomodcache: resolve(cwd, gomodcache) };
}

function measure(
  { env, place, signal, progress }: CommandContext,
  [first, second = first]: readonly Workspace[],
): Promise<readonly WayMeasured[] | string> {
  if (first === undefined || second === undefined) return Promise.resolve('there is no workspace');
  return measureWays({
    env,
    environment: place.environment,
    pair: [first, second],
    signal,
    onProgress: (way) => progress(`measuring: ${way}`),
  });
}
