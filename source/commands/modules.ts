import { indexFolderOf } from '../build-cache/index/index-store.ts';
import { matchImportPattern } from '../go/import-pattern.ts';
import { type ModuleCacheTotals, scanModuleCache } from '../module-cache/scan.ts';
import { mainModuleOf } from '../operations/module-needs/main-module.ts';
import { indexNeeds, type ModuleNeeds } from '../operations/module-needs/needs.ts';
import { scanNeeds } from '../operations/module-needs/scan.ts';
import type { Problem } from '../platform/problem.ts';
import { parseProxyChain } from '../proxy/chain.ts';
import { firstHop } from '../proxy/first-hop.ts';
import { modulesJson, modulesText } from '../report/modules.ts';
import { formatBytes, formatCount } from '../store/format.ts';
import type { CommandContext } from './context.ts';
import { finishRepairs } from './finish-repairs.ts';

/** runModules says what fills GOMODCACHE, version by version, and who needs it. */
export async function runModules(context: CommandContext): Promise<number> {
  const { env, flags, signal } = context;
  await finishRepairs(context);
  const opened = await openModules(context);
  if (opened === undefined) {
    context.say('stopped');
    return signal.aborted ? 130 : 1;
  }
  const { totals, needs, problems } = opened;
  const patterns = flags.operands;
  const shown = totals.sizes.filter(
    ({ path, version }) =>
      patterns.length === 0 ||
      patterns.some((pattern) => matchImportPattern(pattern, path) || pattern === `${path}@${version}`),
  );
  const chain = parseProxyChain(env.goproxy);
  const view = {
    totals,
    needs,
    shown,
    isWhole: patterns.length === 0,
    hopOf: (path: string) => firstHop(path, chain, env),
    problems,
    now: Date.now(),
  };
  await context.print(modulesJson(view), modulesText(view, flags.isSi));
  if (flags.isJson) context.tell(problems);
  return problems.length > 0 ? 1 : 0;
}

/** OpenedModules is GOMODCACHE as it is now, and who needs what of it. */
type OpenedModules = {
  readonly totals: ModuleCacheTotals;
  readonly needs: ModuleNeeds;
  readonly problems: readonly Problem[];
};

/** openModules reads GOMODCACHE and, at the same time, the roots: those named and the main module here. undefined when stopped. */
export async function openModules(context: CommandContext): Promise<OpenedModules | undefined> {
  const { env, flags, place, signal } = context;
  const named = [...flags.roots, ...mainModuleOf(env)];
  try {
    const [totals, scanned] = await Promise.all([
      scanModuleCache(env.gomodcache, {
        signal,
        keptIn: indexFolderOf(place.environment),
        isReadOnly: flags.isReadOnly,
        onProgress: ({ files, bytes }) =>
          context.progress(`${formatCount(files)} files, ${formatBytes(bytes)}`),
      }),
      scanNeeds({ gomodcache: env.gomodcache, named }, signal),
    ]);
    const problems = [...totals.problems, ...scanned.problems];
    return { totals, needs: indexNeeds(scanned.roots), problems };
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    context.progress('');
  }
}
