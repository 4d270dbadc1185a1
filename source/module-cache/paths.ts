import { unescapePath } from '../go/module-path.ts';
import { isSemver } from '../go/semver.ts';

/** ModuleVersion names one version of a module, both in plain form. */
export type ModuleVersion = { readonly path: string; readonly version: string };

/** DownloadKind is what a file of the download cache holds; `lock` and `partial` are marks without content. */
export type DownloadKind = 'info' | 'mod' | 'zip' | 'ziphash' | 'lock' | 'partial';

/** DownloadFile is a file `cache/download/MODULE/@v/NAME`; `other` are version lists, left-overs and unknown files. */
export type DownloadFile =
  | { readonly kind: DownloadKind; readonly version: string }
  | { readonly kind: 'list' | 'other'; readonly version: undefined };

/** toolchainModule is the module that Go's own toolchains come as. `cmd/go/internal/gover: golang.org/toolchain, go1.26` */
export const toolchainModule = 'golang.org/toolchain';

/** isToolchain says whether a version is one of Go itself. */
export function isToolchain({ path }: { readonly path: string }): boolean {
  return path === toolchainModule;
}

/**
 * isOurs says whether a folder below `cache` is one that gocachetop moves things to, so that a rename is enough. No go command
 * looks there: module paths begin in GOMODCACHE itself and in `cache/download`. go clean -modcache takes it with all the rest.
 */
export function isOurs(name: string): boolean {
  return name.startsWith('gocachetop-');
}

/**
 * parseDownloadName reads the name of a file in an `@v` folder: `v1.6.0.zip`, `v1.0.0-!r!c1.ziphash`, `list`. A temporary file
 * (`v1.6.0.zip123.tmp`) and a version that is no semantic one are `other`. `cmd/go/internal/modfetch: CachePath, tempFile, go1.26`
 */
export function parseDownloadName(name: string): DownloadFile {
  if (name === 'list') return { kind: 'list', version: undefined };
  const match = /^(.+)\.(info|mod|zip|ziphash|lock|partial)$/.exec(name);
  const version = match?.[1] === undefined ? undefined : unescapePath(match[1]);
  const kind = match?.[2];
  if (version === undefined || !isDownloadKind(kind) || !isSemver(version))
    return { kind: 'other', version: undefined };
  return { kind, version };
}

/**
 * parseExtractedDir reads the path of an extracted module below GOMODCACHE, with slashes: `github.com/!azure/x@v1.0.0`;
 * undefined for a folder that is none, such as `x@v1.0.0.tmp-123`. `cmd/go/internal/modfetch: DownloadDir, go1.26`
 */
export function parseExtractedDir(relative: string): ModuleVersion | undefined {
  const at = relative.indexOf('@');
  if (at < 0 || relative.indexOf('/', at) >= 0) return undefined;
  const path = unescapePath(relative.slice(0, at));
  const version = unescapePath(relative.slice(at + 1));
  return path === undefined || version === undefined || !isSemver(version) ? undefined : { path, version };
}

function isDownloadKind(kind: string | undefined): kind is DownloadKind {
  return kind !== undefined;
}
