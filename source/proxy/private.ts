import { findPrefixPattern } from '../go/module-path.ts';

/** PrivateSettings are the lists of globs that keep modules away from proxies and from the checksum database. */
export type PrivateSettings = {
  readonly gonoproxy: string;
  readonly gonosumdb: string;
  readonly goprivate: string;
};

/** PrivateMatch says which globs a module path matches, in the user's spelling; null where none does. */
export type PrivateMatch = {
  /** isPrivate: no proxy is asked and nothing is checked against the checksum database. */
  readonly isPrivate: boolean;
  /** GONOPROXY's glob: Go goes to the origin itself, whatever GOPROXY says, even `off`. */
  readonly GONOPROXY: string | null;
  /** GONOSUMDB's glob: the checksum database does not hear of the module. */
  readonly GONOSUMDB: string | null;
};

/**
 * matchPrivate finds the globs that apply to a module path. GONOPROXY and GONOSUMDB are GOPRIVATE where they are empty; `none`
 * is how to say "no module" there, since an empty value does not. `cmd/go/internal/modfetch: lookup, useSumDB, go1.26`
 */
export function matchPrivate(modulePath: string, settings: PrivateSettings): PrivateMatch {
  const gonoproxy = findPrefixPattern(settings.gonoproxy || settings.goprivate, modulePath) ?? null;
  const gonosumdb = findPrefixPattern(settings.gonosumdb || settings.goprivate, modulePath) ?? null;
  return { isPrivate: gonoproxy !== null && gonosumdb !== null, GONOPROXY: gonoproxy, GONOSUMDB: gonosumdb };
}
