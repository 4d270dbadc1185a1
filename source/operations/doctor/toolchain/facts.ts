import type { GoLines } from '../facts.ts';
import type { Selection } from './select.ts';

/** GoOnPath is a file named go on PATH. */
export type GoOnPath = {
  readonly path: string;
  readonly realPath: string;
  /** goroot is the tree that it lies in; undefined for a script that lies in none. */
  readonly goroot: string | undefined;
  /** version as `go1.26.8`; undefined where neither its tree nor itself tells. */
  readonly version: string | undefined;
};

/** ToolchainFacts are about the go command, its GOROOT and the version that is wanted here. */
export type ToolchainFacts = {
  /** commands in the order of PATH, each real file once. */
  readonly commands: readonly GoOnPath[];
  /** version of the go command itself, whatever it switches to. */
  readonly version: string;
  readonly goroot: GorootFacts;
  readonly lines: GoLines | undefined;
  readonly selection: Selection;
  /** selected is where the toolchain that go switches to is; undefined where it does not switch. */
  readonly selected: 'PATH' | 'GOMODCACHE' | 'nowhere' | undefined;
  /** flagsFault are go's words when it cannot read GOFLAGS; undefined when it can. */
  readonly flagsFault: string | undefined;
};

/** GorootFacts are about the tree that GOROOT names. */
export type GorootFacts = {
  readonly path: string;
  /** version is the first line of its VERSION; undefined without one, as in a checkout of Go itself. */
  readonly version: string | undefined;
  /** releasedAt is the second line of its VERSION, Unix milliseconds: no clock is right that is before it. */
  readonly releasedAt: number | undefined;
  /** lacks are parts that every GOROOT has and that this one has not. */
  readonly lacks: readonly string[];
};
