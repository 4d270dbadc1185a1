import type { RecoveryState } from '../../recovery/state.ts';
import type { Finding, Fix } from '../finding.ts';

/** toFindings gives states that recovery recognizes as findings: the same words and commands wherever they are met. */
export function toFindings(states: readonly RecoveryState[]): readonly Finding[] {
  return states.map(({ code, severity, about, what, why, steps }) => ({
    code,
    severity,
    about,
    what,
    why,
    repair: steps.map(({ command }) => command),
    fix: steps.map(toFix).find((fix) => fix !== undefined),
  }));
}

function toFix({ command, undo, before, action }: RecoveryState['steps'][number]): Fix | undefined {
  return action.type === 'setting'
    ? { command, undo, before, action: { ...action, shield: undefined } }
    : undefined;
}
