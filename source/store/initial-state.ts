import { parseGoCommand } from '../build/go-command.ts';
import { createBuildProgress } from '../build/progress.ts';
import { noArrivals } from './downloads.ts';
import { emptyExplorer } from './explorer.ts';
import { noProbe } from './probe.ts';
import { noRecovery } from './recovery.ts';
import { noRedownload } from './redownload.ts';
import { noRepoint } from './repoint.ts';
import type { ScreenState } from './screen.ts';
import type { AppState } from './state.ts';
import { noVerification } from './verification.ts';
import { emptyWriteFeed } from './write-feed.ts';

/** initialState is the state before anything happened: nothing is known yet. */
export function initialState(start: {
  readonly cwd: string;
  readonly command: readonly string[] | undefined;
  readonly now: number;
  readonly screen: ScreenState;
}): AppState {
  const { cwd, command, now, screen } = start;
  return {
    now,
    workspace: { cwd, goVersion: undefined, goos: undefined, goarch: undefined },
    build:
      command === undefined
        ? undefined
        : {
            command,
            startedAt: now,
            end: undefined,
            progress: createBuildProgress(parseGoCommand(command)),
            revision: 0,
            output: { lines: [], dropped: 0 },
            downloads: [],
            arrived: new Map(),
            unrecognized: 0,
          },
    elsewhere: { running: [], compiling: [], compiled: [], compiledCount: 0, links: [], unreadable: 0 },
    buildCache: {
      path: undefined,
      totals: undefined,
      contents: undefined,
      diagnosis: undefined,
      reading: undefined,
      capMeasured: undefined,
      lastTrim: undefined,
      nextTrim: undefined,
      freeBytes: undefined,
      writes: emptyWriteFeed,
    },
    arrivals: noArrivals,
    explorer: emptyExplorer,
    moduleCache: {
      path: undefined,
      totals: undefined,
      progress: undefined,
      versions: undefined,
      needs: undefined,
    },
    verification: noVerification,
    proxy: { chain: undefined, sumdb: undefined, privatePatterns: [], basis: undefined },
    probe: noProbe,
    redownload: noRedownload,
    recovery: noRecovery,
    repoint: noRepoint,
    settings: [],
    problems: [],
    screen,
  };
}
