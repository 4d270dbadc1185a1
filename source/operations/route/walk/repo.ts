import type { GoImport } from '../../../proxy/route/go-import.ts';
import type { Attempt } from './failure.ts';
import type { Target, Walk } from './walker.ts';

/** Info is what a `.info` says. */
export type Info = { readonly version: string; readonly time: string };

/** GoMod is a version's go.mod; its content is undefined from an origin that was not asked. */
export type GoMod = { readonly content: Buffer | undefined };

/** Page is what the page of an import path says of code. */
export type Page = { readonly shown: string; readonly imports: readonly GoImport[] };

/** SumdbBase is where the checksum database is asked. */
export type SumdbBase = { readonly url: string; readonly target: Target };

/** Zip is the beginning of a version's zip; undefined from an origin that was not asked. */
export type Zip = { readonly beginning: Buffer | undefined };

/** Repo is where a module's files are asked for: a proxy, or the origin. `cmd/go/internal/modfetch: Repo, go1.26` */
export type Repo = {
  /** versions lists tagged versions with a prefix, the oldest first. */
  versions(prefix: string): Walk<Attempt<readonly string[]>>;
  stat(revision: string): Walk<Attempt<Info>>;
  /** latest is for a module without tagged versions. */
  latest(): Walk<Attempt<Info>>;
  goMod(version: string): Walk<Attempt<GoMod>>;
  zip(version: string): Walk<Attempt<Zip>>;
};
