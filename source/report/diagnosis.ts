import type { Cure, Finding } from '../operations/diagnosis/finding.ts';
import { cureCommand, cureWords, findingTitle, findingWords } from '../store/finding-words.ts';
import { priceJson } from './price.ts';
import { timeJson } from './time.ts';

/** DiagnosisView is what was found in a GOCACHE of so many bytes. */
export type DiagnosisView = {
  readonly gocache: string;
  readonly bytes: number;
  readonly findings: readonly Finding[];
};

/** diagnosisJson is the `diagnosis` of `scan --json`. */
export function diagnosisJson(view: DiagnosisView): readonly Readonly<Record<string, unknown>>[] {
  return view.findings.map((finding) => ({
    code: finding.code,
    what: findingWords(finding, view.bytes, { si: false }),
    ...(finding.code === 'churn' ? churnJson(finding) : amountJson(finding, view)),
  }));
}

function amountJson(
  finding: Exclude<Finding, { code: 'churn' }>,
  view: DiagnosisView,
): Readonly<Record<string, unknown>> {
  return {
    entries: finding.sum.entries,
    bytes: finding.sum.bytes,
    share: view.bytes === 0 ? 0 : finding.sum.bytes / view.bytes,
    variant: finding.code === 'stale-variant' ? finding.variant : null,
    roots:
      finding.code === 'several-roots'
        ? finding.roots.map((root) => ({ ...root, lastUsed: timeJson(root.lastUsed) }))
        : [],
    packages: finding.packages,
    cures: finding.cures.map((cure) => cureJson(cure, finding.sum.bytes, view.gocache)),
  };
}

/** cureJson: what -trimpath saves is at most the copies, and nothing is freed by it. */
function cureJson(cure: Cure, copies: number, gocache: string): Readonly<Record<string, unknown>> {
  const command = cureCommand(cure, gocache);
  switch (cure.type) {
    case 'prune':
      return { command, frees: cure.frees, savesAtMost: null, rebuild: priceJson(cure.rebuild) };
    case 'trimpath':
      return { command, frees: null, savesAtMost: copies, rebuild: null };
  }
}

function churnJson({
  builds,
  hits,
  misses,
  hit,
  written,
}: Extract<Finding, { code: 'churn' }>): Readonly<Record<string, unknown>> {
  const isKnown = builds.length > 0;
  return {
    builds: builds.length,
    since: timeJson(builds[0]?.at),
    hits: isKnown ? hits : null,
    misses: isKnown ? misses : null,
    hit: isKnown ? hit : null,
    written: isKnown ? written : null,
    cures: [],
  };
}

/** diagnosisLines is the same as text. */
export function diagnosisLines(view: DiagnosisView, isSi: boolean): readonly string[] {
  return view.findings.flatMap((finding) => [
    `  ${findingTitle(finding)}: ${findingWords(finding, view.bytes, { si: isSi })}`,
    ...(finding.code === 'churn' ? [] : finding.cures).map(
      (cure) => `    ${cureCommand(cure, view.gocache)}   ${cureWords(cure, { si: isSi })}`,
    ),
  ]);
}
