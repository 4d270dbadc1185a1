import type { Flags } from '../command-line.ts';
import type { Subcommand } from '../help/registry.ts';
import type { Place } from '../place.ts';
import { runBench } from './bench.ts';
import { runClean } from './clean.ts';
import { openCommandContext } from './context.ts';
import { runModules } from './modules.ts';
import { readOfflineEnv, runOffline } from './offline.ts';
import { runPrewarm } from './prewarm.ts';
import { runProxy } from './proxy.ts';
import { runPrune } from './prune.ts';
import { runRecover } from './recover.ts';
import { runRedownload } from './redownload.ts';
import { runRepoint } from './repoint.ts';
import { runScan } from './scan.ts';
import { runUndo } from './undo.ts';
import { runVerify } from './verify.ts';
import { runWorkspaces } from './workspaces.ts';

/** runSubcommand runs a subcommand that needs no screen and gives its exit code. */
export async function runSubcommand(
  subcommand: Exclude<Subcommand, 'report' | 'doctor'>,
  place: Place,
  flags: Flags,
): Promise<number> {
  const looksOnly = subcommand === 'offline' || (subcommand === 'prewarm' && flags.isDryRun);
  const env = looksOnly ? readOfflineEnv(place) : place.goEnv;
  const context = await openCommandContext(place, flags, !withoutGocache.has(subcommand), env);
  if (typeof context === 'number') return context;
  switch (subcommand) {
    case 'scan':
      return runScan(context);
    case 'prune':
      return runPrune(context);
    case 'clean':
      return runClean(context);
    case 'undo':
      return runUndo(context);
    case 'redownload':
      return runRedownload(context);
    case 'repoint':
      return runRepoint(context);
    case 'bench':
      return runBench(context);
    case 'modules':
      return runModules(context);
    case 'verify':
      return runVerify(context);
    case 'prewarm':
      return runPrewarm(context);
    case 'offline':
      return runOffline(context);
    case 'recover':
      return runRecover(context);
    case 'proxy':
      return runProxy(context);
    case 'workspaces':
      return runWorkspaces(context);
  }
}

/** withoutGocache are the subcommands that work where there is no GOCACHE. */
const withoutGocache: ReadonlySet<Subcommand> = new Set(['modules', 'verify', 'proxy']);
