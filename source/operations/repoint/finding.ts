import type { Finding } from '../finding.ts';

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

/** formatFinding writes a finding on one line. */
export function formatFinding({ about, what, why, repair }: Finding): string {
  return `${about}: ${what}: ${why}${repair.length === 0 ? '' : ` (${repair.join('; ')})`}`;
}
