import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { Answer } from '../../proxy/ask/answer.ts';
import type { Known } from '../sumdb-check/judge.ts';

/** Request is one request below the URL of the proxy. */
export type Request = {
  readonly path: string;
  readonly method?: 'HEAD';
  /** range as `bytes=0-3`. */
  readonly range?: string;
};

/** Subject is what the proxy is asked for. */
export type Subject = {
  readonly module: ModuleName;
  /** capital is a module with a capital letter in its path that the proxy has; undefined where none is known. */
  readonly capital: ModuleName | undefined;
  /** known are the sums of `module` that this machine has. */
  readonly known: readonly Known[];
  /** toolchain is the version of golang.org/toolchain that is this go. */
  readonly toolchain: string;
  /** sumdb is the name of the checksum database of the settings; undefined with GOSUMDB=off. */
  readonly sumdb: string | undefined;
  /** isHttp is false for a file:// tree, which has no methods and no headers. */
  readonly isHttp: boolean;
};

/** Judgement is what came of a check; `skipped` could not be looked at, and the detail says why. */
export type Judgement = {
  readonly outcome: 'pass' | 'fail' | 'skipped';
  readonly detail: string;
};

/** Check is one thing that a GOPROXY server should do. */
export type Check = {
  readonly id: string;
  /** what is right, in one line. */
  readonly what: string;
  /** neededBy: without it a go command fails, or gets another result; the rest is only custom. */
  readonly neededBy: 'go' | 'custom';
  /** requests are asked in this order; a text is why this subject does not allow the check. */
  requests(subject: Subject): readonly Request[] | string;
  judge(answers: readonly Answer[], subject: Subject): Judgement | Promise<Judgement>;
};

export function pass(detail: string): Judgement {
  return { outcome: 'pass', detail };
}

export function fail(detail: string): Judgement {
  return { outcome: 'fail', detail };
}

export function skip(detail: string): Judgement {
  return { outcome: 'skipped', detail };
}
