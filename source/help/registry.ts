import { benchHelp } from './bench.ts';
import { cleanHelp } from './clean.ts';
import { doctorHelp } from './doctor.ts';
import { generalHelp } from './general.ts';
import { modulesHelp } from './modules.ts';
import { offlineHelp } from './offline.ts';
import { prewarmHelp } from './prewarm.ts';
import { proxyHelp } from './proxy.ts';
import { pruneHelp } from './prune.ts';
import { recoverHelp } from './recover.ts';
import { redownloadHelp } from './redownload.ts';
import { repointHelp } from './repoint.ts';
import { reportHelp } from './report.ts';
import { scanHelp } from './scan.ts';
import { undoHelp } from './undo.ts';
import { verifyHelp } from './verify.ts';
import { workspacesHelp } from './workspaces.ts';

/** helps are what `--help` prints behind each subcommand; its name here is what makes a subcommand known. */
export const helps = {
  report: reportHelp,
  scan: scanHelp,
  prune: pruneHelp,
  clean: cleanHelp,
  undo: undoHelp,
  repoint: repointHelp,
  bench: benchHelp,
  modules: modulesHelp,
  verify: verifyHelp,
  prewarm: prewarmHelp,
  offline: offlineHelp,
  workspaces: workspacesHelp,
  recover: recoverHelp,
  redownload: redownloadHelp,
  proxy: proxyHelp,
  doctor: doctorHelp,
} as const;

export type Subcommand = keyof typeof helps;

/** helpText is what `--help` prints, in general or for a subcommand. */
export function helpText(subcommand: Subcommand | undefined): string {
  return subcommand === undefined ? generalHelp : helps[subcommand];
}
