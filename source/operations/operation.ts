/** OperationContext is what an operation may look at; the state of the app happens to satisfy it. */
export type OperationContext = {
  readonly buildCache: { readonly path: string | undefined };
  readonly moduleCache: { readonly path: string | undefined };
};

/** OperationPlan says exactly what an operation will do, before it does it. */
export type OperationPlan = {
  /** title is the question: `Remove 2 variants of modernc.org/sqlite from GOCACHE?` */
  readonly title: string;
  readonly files: number;
  readonly bytes: number;
  /** command is the shell command that does the same. */
  readonly command: string;
  /** confirmation is what the user has to answer. */
  readonly confirmation: 'none' | 'yes' | 'word';
};

/** OperationEvent is what an operation tells while it runs. */
export type OperationEvent =
  | { readonly type: 'progress'; readonly files: number; readonly bytes: number }
  | { readonly type: 'failed'; readonly what: string; readonly why: string };

/** Operation is something that a user does to a cache, as clean, prune, re-point, re-download. */
export type Operation = {
  readonly id: string;
  readonly key: string;
  readonly title: string;
  /** unavailableReason says why it cannot be done now; undefined when it can. */
  unavailableReason(context: OperationContext): string | undefined;
  plan(context: OperationContext): OperationPlan;
  run(plan: OperationPlan): AsyncIterable<OperationEvent>;
};
