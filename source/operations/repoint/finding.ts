/** Finding is what speaks against a re-point: an error stops it, a warning is to be known before. */
export type Finding = {
  /** code is for programs: `not-absolute`, `shadowed`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** about is the folder, file or setting that it is about. */
  readonly about: string;
  readonly what: string;
  readonly why: string;
  /** repair are things to do, commands where there are some; empty when nothing can be done. */
  readonly repair: readonly string[];
};

/** finder makes findings about one thing. */
export function finder(severity: Finding['severity'], about: string) {
  return (code: string, what: string, why: string, ...repair: readonly string[]): Finding => ({
    code,
    severity,
    about,
    what,
    why,
    repair,
  });
}

/** isError says that a finding stops it. */
export function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

/** formatFinding writes a finding on one line. */
export function formatFinding({ about, what, why, repair }: Finding): string {
  return `${about}: ${what}: ${why}${repair.length === 0 ? '' : ` (${repair.join('; ')})`}`;
}
