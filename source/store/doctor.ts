import { type Finding, nameOf } from '../operations/doctor/finding.ts';
import type { Look } from '../operations/doctor/looks.ts';
import { lookAt } from './explorer.ts';
import type { AppState } from './state.ts';

/** DoctorReport is what a look at the Go set-up of this machine has found. */
export type DoctorReport = {
  /** findings, the errors first. */
  readonly findings: readonly Finding[];
  readonly looks: readonly Look[];
  /** goenv is the file of go env -w; empty with GOENV=off. */
  readonly goenv: string;
};

/** reportOf is the last look; undefined before it is done. */
export function reportOf(state: AppState): DoctorReport | undefined {
  const looked = lookAt(state, { view: 'doctor', subject: undefined });
  return looked?.type === 'doctor' ? looked.report : undefined;
}

/** findFinding finds one by its name, the first without one; undefined when it is gone. */
export function findFinding(state: AppState, name: string | undefined): Finding | undefined {
  const findings = reportOf(state)?.findings ?? [];
  return name === undefined ? findings[0] : findings.find((finding) => nameOf(finding) === name);
}
