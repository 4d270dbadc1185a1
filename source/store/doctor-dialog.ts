import type { DialogView } from './dialog.ts';
import { findFinding } from './doctor.ts';
import type { Dialog } from './screen.ts';
import type { AppState } from './state.ts';

/** fixDialog says what a fix will do and how it is undone; the default answer is No. */
export function fixDialog({ subject }: Dialog, state: AppState): DialogView {
  const finding = findFinding(state, subject);
  if (finding?.fix === undefined)
    return { title: 'fix', lines: ['It is gone meanwhile.'], choices: [{ title: 'Close', effects: [] }] };
  const { about, what, fix } = finding;
  const { command, before, undo } = fix;
  return {
    title: 'fix',
    lines: [
      `${about}: ${what}`,
      '',
      `  it runs  ${command}   (y copies it)`,
      ...(before === undefined ? [] : [`  before   ${before}`]),
      `  undo     ${undo ?? 'nothing to undo'}`,
      ...(fix.action.type === 'setting' ? ['           gocachetop undo does it, too'] : []),
      '',
      'Do it?',
    ],
    choices: [
      { title: 'No', effects: [] },
      { title: 'Yes', effects: [{ type: 'fix', fix }] },
    ],
    command,
  };
}
