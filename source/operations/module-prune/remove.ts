import { join } from 'node:path';
import { escapePath } from '../../go/module-path.ts';
import type { ModuleVersion } from '../../module-cache/module-version.ts';
import type { DownloadKind } from '../../module-cache/paths.ts';
import { measureTree } from '../../module-cache/tree-size.ts';
import type { Problem } from '../../platform/problem.ts';
import { lockVersion, type VersionLock } from '../redownload/version-lock.ts';
import { createFailures } from '../removal/failures.ts';
import { createSlices } from '../removal/slices.ts';
import { freeModules, openBatch, sumdbFolder } from './batch.ts';
import type { ModuleTarget } from './select.ts';
import { watchUsers } from './users.ts';

/** ModuleRemoval says what goes. */
export type ModuleRemoval = {
  readonly gomodcache: string;
  readonly targets: readonly ModuleTarget[];
  /** takesTiles: the kept answers of the checksum database too. */
  readonly takesTiles: boolean;
};

export type ModuleRemovalOptions = {
  /** keep: moved aside until then, Unix ms, or, with `quit`, until this process quits; `no` deletes it at once. */
  readonly keep: 'no' | 'quit' | { readonly expiresAt: number };
  readonly about: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly signal?: AbortSignal;
  onProgress?(progress: { readonly done: number; readonly total: number }): void;
};

/** ModuleRemovalResult: entries are versions (and one for the checksum database's answers). */
export type ModuleRemovalResult = {
  readonly removed: { readonly entries: number; readonly bytes: number };
  /** kept: `in use` by a running go command, `locked` by one. */
  readonly kept: readonly { readonly reason: string; readonly entries: number }[];
  readonly batch: string | undefined;
  readonly failed: readonly Problem[];
  readonly wasStopped: boolean;
};

/**
 * removeModules moves versions aside, each under its own lock, while go commands may run: what the main module of one needs
 * stays, and what one that just began needs is put back at once. Folder first, then the files that vouch for it. What is to
 * be deleted is moved aside, too, and then deleted: a version is never half there.
 */
export async function removeModules(
  { gomodcache, targets, takesTiles }: ModuleRemoval,
  options: ModuleRemovalOptions,
): Promise<ModuleRemovalResult> {
  const { keep, about, environment, now, signal, onProgress } = options;
  const expiresAt = keep === 'quit' || keep === 'no' ? undefined : keep.expiresAt;
  const batch = openBatch(gomodcache, { at: now(), expiresAt, about });
  const users = watchUsers(gomodcache);
  const failures = createFailures();
  const slices = createSlices();
  const kept = new Map<string, number>();
  const removed = { entries: 0, bytes: 0 };
  const stay = (reason: string): void => void kept.set(reason, (kept.get(reason) ?? 0) + 1);
  let done = 0;
  users.look();
  for (const target of targets) {
    if (signal?.aborted === true) break;
    await removeOne(target);
    done += 1;
    if (!slices.isFull()) continue;
    onProgress?.({ done, total: targets.length });
    await slices.rest();
  }
  if (takesTiles && signal?.aborted !== true) takeTiles();
  batch.finish();
  onProgress?.({ done, total: targets.length });
  if (keep === 'no' && !batch.isEmpty) {
    const freed = await freeModules(gomodcache, batch.id);
    for (const problem of freed.failed) failures.add(problem.where, problem.what, new Error(problem.why));
  }
  return {
    removed,
    kept: Array.from(kept, ([reason, entries]) => ({ reason, entries })),
    batch: keep === 'no' || batch.isEmpty ? undefined : batch.id,
    failed: failures.list(),
    wasStopped: signal?.aborted === true,
  };

  async function removeOne(target: ModuleTarget): Promise<void> {
    const { version, bytes } = target;
    const places = placesOf(target);
    if (places === undefined) return;
    users.look();
    if (users.uses(version)) return stay('in use');
    const lock = await lockNow(join(gomodcache, `${places.stem}.lock`));
    if (lock === undefined) return;
    const taken: string[] = [];
    try {
      for (const path of places.paths) if (batch.take(path)) taken.push(path);
      users.look();
      if (users.uses(version)) {
        giveBack(taken);
        stay('in use');
      } else if (taken.length > 0) {
        removed.entries += 1;
        removed.bytes += bytes;
      }
    } catch (error) {
      giveBack(taken);
      failures.add(`${version.path}@${version.version}`, 'moving it aside', error);
    } finally {
      lock.release();
    }
  }

  async function lockNow(file: string): Promise<VersionLock | undefined> {
    const answer = await lockVersion(file, { environment, isWaiting: false, signal });
    if (answer.type === 'held') return answer.lock;
    if (answer.type === 'busy') stay('locked');
    else if (answer.type === 'failed') {
      const { where, what, why } = answer.problem;
      failures.add(where, what, new Error(why));
    }
    return undefined;
  }

  function giveBack(paths: readonly string[]): void {
    for (const path of paths.toReversed()) {
      try {
        batch.giveBack(path);
      } catch (error) {
        failures.add(join(gomodcache, path), 'moving it back', error);
      }
    }
  }

  function takeTiles(): void {
    try {
      const { bytes } = measureTree(join(gomodcache, sumdbFolder), () => undefined);
      if (!batch.take(sumdbFolder)) return;
      removed.entries += 1;
      removed.bytes += bytes;
    } catch (error) {
      failures.add(join(gomodcache, sumdbFolder), 'moving it aside', error);
    }
  }
}

/** placesOf are the files and the folder that go, below GOMODCACHE; undefined for a name that Go does not escape. */
function placesOf({
  version,
  takesZip,
  takesFolder,
  takesMetadata,
}: ModuleTarget): { readonly stem: string; readonly paths: readonly string[] } | undefined {
  const [module, escaped] = [escapePath(version.path), escapePath(version.version)];
  if (module === undefined || escaped === undefined) return undefined;
  const stem = `cache/download/${module}/@v/${escaped}`;
  const takes = (kind: DownloadKind): boolean =>
    takesKind(kind, version, { takesZip, takesFolder, takesMetadata });
  return {
    stem,
    paths: [
      ...(takesFolder ? [`${module}@${escaped}`] : []),
      ...version.kinds.filter(takes).map((kind) => `${stem}.${kind}`),
    ],
  };
}

/**
 * takesKind: `.ziphash` stays as long as the folder or the zip does, since without it Go downloads again. The lock stays: another
 * go command may be waiting for it, and would lock a file that is no longer there. `cmd/go/internal/modfetch: DownloadDir, go1.26`
 */
function takesKind(
  kind: DownloadKind,
  { hasDir, zipBytes }: ModuleVersion,
  takes: Pick<ModuleTarget, 'takesZip' | 'takesFolder' | 'takesMetadata'>,
): boolean {
  const isEmptied = (takes.takesFolder || !hasDir) && (takes.takesZip || zipBytes === undefined);
  switch (kind) {
    case 'zip':
      return takes.takesZip;
    case 'ziphash':
      return isEmptied;
    case 'partial':
      return takes.takesFolder;
    case 'info':
    case 'mod':
      return takes.takesMetadata;
    case 'lock':
      return false;
  }
}
