import { join } from 'node:path';
import type { Problem } from '../../platform/problem.ts';
import {
  type DeepOptions,
  type DeepWatch,
  listSince,
  type SeenFile,
  watchDeep,
} from '../../platform/watch-deep.ts';
import { type Arrival, isArrivalFolder, isVersionFolder, parseArrival } from './arrival.ts';

/** ArrivalEvent is what a watch of the download cache tells. */
export type ArrivalEvent =
  | { readonly type: 'arrived'; readonly arrivals: readonly Arrival[] }
  | { readonly type: 'watching'; readonly mode: 'events' | 'polling' }
  /** missing: there is no download cache yet; it is awaited. */
  | { readonly type: 'missing' }
  | { readonly type: 'problem'; readonly problem: Problem };

/** openArrivalFeed tells what go commands put into the download cache, whoever started them; `since` tells what came before. */
export function openArrivalFeed(options: {
  readonly gomodcache: string;
  readonly since: number;
  readonly emit: (event: ArrivalEvent) => void;
}): DeepWatch {
  const { gomodcache, since, emit } = options;
  return watchDeep(downloads(gomodcache), deepOptions(since), (event) => {
    switch (event.type) {
      case 'files': {
        const arrivals = toArrivals(event.files);
        if (arrivals.length > 0) emit({ type: 'arrived', arrivals });
        return;
      }
      case 'watching':
        emit({ type: 'watching', mode: event.mode });
        return;
      case 'missing':
      case 'problem':
        emit(event);
    }
  });
}

/** listArrivals lists what came into the download cache since then, without a watch. */
export async function listArrivals(gomodcache: string, since: number): Promise<readonly Arrival[]> {
  return toArrivals((await listSince(downloads(gomodcache), deepOptions(since))).files);
}

function downloads(gomodcache: string): string {
  return join(gomodcache, 'cache', 'download');
}

function deepOptions(since: number): DeepOptions {
  return {
    isFolder: isArrivalFolder,
    isLeaf: isVersionFolder,
    isFile: (relative) => parseArrival(relative) !== undefined,
    since,
  };
}

function toArrivals(files: readonly SeenFile[]): readonly Arrival[] {
  return files.flatMap(({ name, bytes, at, writtenAt }) => {
    const parsed = parseArrival(name);
    return parsed === undefined || at - writtenAt > stalestMs ? [] : [{ ...parsed, bytes, at }];
  });
}

// Go renames what it has just written. What was written long before was linked, moved back, or got another mode.
const stalestMs = 60_000;
