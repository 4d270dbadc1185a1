/** Finding is one thing that is wrong, or a risk, and what to do about it. All its words are fit to be shown. */
export type Finding = {
  /** code is for programs: `not-absolute`, `shadowed`. */
  readonly code: string;
  /** severity: an error stops what is meant to work; a warning is to be known before, or costs time, room or safety. */
  readonly severity: 'error' | 'warning';
  /** about is the setting, file, folder or server that it is about. */
  readonly about: string;
  readonly what: string;
  /** why it matters, in one sentence. */
  readonly why: string;
  /** repair are commands, or steps where no command does it, the best first; empty when nothing can be done. */
  readonly repair: readonly string[];
};

/** isError says that a finding stops what is meant to work. */
export function isError({ severity }: Pick<Finding, 'severity'>): boolean {
  return severity === 'error';
}
