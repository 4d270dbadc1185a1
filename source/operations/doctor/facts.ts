import type { GoEnv } from '../../go/env.ts';
import type { Environment, Setting, SettingFiles } from '../../go/settings.ts';
import type { Problem } from '../../platform/problem.ts';
import type { CacheFacts, RemainderFacts, TrimFacts, TrimpathFacts } from './caches/facts.ts';
import type { MachineFacts } from './machine/facts.ts';
import type { NetworkFacts } from './network/facts.ts';
import type { ToolchainFacts } from './toolchain/facts.ts';

/** Refusal is a setting with which no go command runs. */
export type Refusal = {
  readonly setting: string;
  /** words are go's own. */
  readonly words: string;
  /** shield is a value with which it runs. */
  readonly shield: string;
};

/** AskedGo is what came of asking go env; without an answer `failure` says why. */
export type AskedGo = { readonly refusals: readonly Refusal[] } & (
  | { readonly env: GoEnv; readonly failure: undefined }
  | { readonly env: undefined; readonly failure: Problem }
);

/** GoLines are the lines of go.work or go.mod that choose a toolchain. */
export type GoLines = {
  readonly file: string;
  /** module is the path of the main module; undefined in a workspace. */
  readonly module: string | undefined;
  readonly go: string | undefined;
  readonly toolchain: string | undefined;
  /** members are the go.mod files of a workspace. */
  readonly members: readonly { readonly file: string; readonly go: string | undefined }[];
};

/** DoctorFacts are all that the checks go by, as they were at one moment. */
export type DoctorFacts = {
  /** now is Unix milliseconds. */
  readonly now: number;
  readonly cwd: string;
  readonly env: GoEnv;
  readonly refusals: readonly Refusal[];
  /** settings by name: all that Go knows, with their origin. */
  readonly settings: ReadonlyMap<string, Setting>;
  readonly files: SettingFiles;
  /** fileProblems are files of settings that cannot be read: Go passes over them without a word. */
  readonly fileProblems: readonly Problem[];
  /** variables are the user's environment. It may hold secrets: show its values through `redactUrl` only. */
  readonly variables: Environment;
  readonly toolchain: ToolchainFacts;
  readonly gocache: CacheFacts | undefined;
  readonly gomodcache: CacheFacts | undefined;
  readonly trim: TrimFacts | undefined;
  readonly trimpath: TrimpathFacts | undefined;
  readonly remainders: RemainderFacts | undefined;
  readonly machine: MachineFacts;
  /** network is undefined unless it was asked for. */
  readonly network: NetworkFacts | undefined;
};
