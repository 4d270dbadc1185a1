import type { Problem } from '../../platform/problem.ts';

/** NeededVersion names one version of a module, in plain form. */
export type NeededVersion = { readonly path: string; readonly version: string };

/**
 * MissingFile is what a build asks for: the module's `.zip` (with it go makes the ziphash and the folder), its `.mod`, or a
 * line of go.sum, of the zip or of the go.mod. An `.info` is never among them: go build does not need it (measured, go1.26).
 */
export type MissingFile = 'zip' | 'mod' | 'go.sum' | 'go.sum/go.mod';

/** MissingModule is a module version of which something is missing. */
export type MissingModule = NeededVersion & {
  readonly files: readonly MissingFile[];
  /** neededFor are the packages of this module that cannot be loaded without it. */
  readonly neededFor: readonly string[];
  /** importedBy are the packages of the main modules, and the tools, that need these. */
  readonly importedBy: readonly string[];
  /** platforms as `linux/amd64`. */
  readonly platforms: readonly string[];
  /**
   * isCertain: go itself asked for it. Otherwise it stands behind a module that is missing, whose imports nobody can know:
   * go.sum knows it, and it may be needed.
   */
  readonly isCertain: boolean;
};

/** NeededToolchain is one that go.mod, go.work or GOTOOLCHAIN ask for in place of the installed one. */
export type NeededToolchain = {
  /** name as `go1.27.0`. */
  readonly name: string;
  readonly isThere: boolean;
  /** module is what it comes as. */
  readonly module: NeededVersion;
};

/** Needs are what the main modules take to be built without a network, and what of it is not there. */
export type Needs = {
  readonly gomodcache: string;
  readonly mainModules: readonly MainModule[];
  readonly platforms: readonly string[];
  /** packages outside of the standard library, by import path; undefined where nothing could be listed. */
  readonly packages: { readonly needed: number; readonly missing: number } | undefined;
  /** isComplete: nothing hides behind a missing module. */
  readonly isComplete: boolean;
  /** modules are those whose zip the packages come from, sorted. */
  readonly modules: readonly NeededVersion[];
  readonly missing: readonly MissingModule[];
  /** toolchain is undefined when the installed go does. */
  readonly toolchain: NeededToolchain | undefined;
  readonly problems: readonly Problem[];
};

/** MainModule is a module that is built here: one, or all of a go.work. */
export type MainModule = {
  readonly path: string;
  readonly dir: string;
  /** goMod is its go.mod file. */
  readonly goMod: string;
};

/** isReady says that a build needs no network, as far as can be known. */
export function isReady({ missing, toolchain, problems, isComplete }: Needs): boolean {
  return missing.length === 0 && toolchain?.isThere !== false && problems.length === 0 && isComplete;
}
