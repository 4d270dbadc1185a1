import type { DownloadKind } from './paths.ts';

/** ModuleVersion is what GOMODCACHE has of one version of a module. */
export type ModuleVersion = {
  readonly path: string;
  readonly version: string;
  readonly state: ModuleState;
  /** kinds are its files in the download cache. */
  readonly kinds: readonly DownloadKind[];
  /** zipBytes is undefined where there is no zip. */
  readonly zipBytes: number | undefined;
  /** hasDir says that it has an extracted folder; dirBytes and files are undefined without one, or until it was measured. */
  readonly hasDir: boolean;
  readonly dirBytes: number | undefined;
  readonly files: number | undefined;
  /** metadataBytes are its info, go.mod, ziphash, lock and partial files. */
  readonly metadataBytes: number;
  /** usedAt is when it was last used, Unix ms, as far as access times tell; see `lastUse`. */
  readonly usedAt: number | undefined;
};

/**
 * ModuleState is how whole a version is. `complete`: zip and folder. `zip-only`, `folder-only`: one of them; a build needs
 * the folder, and extracts the zip when it is missing. `graph-only`: no more than its go.mod or info was needed so far.
 * `partial`: an extraction began and did not end. `locked`: a go command is at it now.
 */
export type ModuleState = 'complete' | 'zip-only' | 'folder-only' | 'graph-only' | 'partial' | 'locked';

/** classifyState says how whole a version is. `cmd/go/internal/modfetch: DownloadDir, go1.26` */
export function classifyState(has: {
  readonly kinds: readonly DownloadKind[];
  readonly hasDir: boolean;
  readonly isLocked: boolean;
}): ModuleState {
  if (has.isLocked) return 'locked';
  if (has.kinds.includes('partial')) return 'partial';
  const hasZip = has.kinds.includes('zip');
  if (has.hasDir) return hasZip ? 'complete' : 'folder-only';
  return hasZip ? 'zip-only' : 'graph-only';
}

/**
 * FileTimes are the times of the file that a use shows at, Unix ms.
 */
export type FileTimes = { readonly atimeMs: number; readonly mtimeMs: number };

/**
 * lastUse tells when a version was last used, from the file that each use of it reads. A build, warm or cold, reads the
 * `.ziphash` of every module that gives it a package, and so does go mod download; of a version that only the module graph
 * needs it reads the `.mod` (measured with go1.26.8: access times before and after go build, go list -m all). Under relatime
 * the kernel notes a day's first reading only, so that the use may be up to a day later. go mod verify reads it as well.
 */
export function lastUse({ atimeMs, mtimeMs }: FileTimes): number {
  return Math.floor(Math.max(atimeMs, mtimeMs));
}

/** bytesOf is all that a version takes up. */
export function bytesOf({ zipBytes, dirBytes, metadataBytes }: ModuleVersion): number {
  return (zipBytes ?? 0) + (dirBytes ?? 0) + metadataBytes;
}

/** missingKinds are the files that a complete version has and this one lacks: without them Go downloads or asks again. */
export function missingKinds({ kinds, hasDir }: ModuleVersion): readonly (DownloadKind | 'folder')[] {
  if (!hasDir && !kinds.includes('zip')) return [];
  const wanted: readonly DownloadKind[] = ['info', 'mod', 'zip', 'ziphash'];
  const missing: readonly (DownloadKind | 'folder')[] = wanted.filter((kind) => !kinds.includes(kind));
  return hasDir ? missing : [...missing, 'folder'];
}
