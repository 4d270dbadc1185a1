import type { Step } from '../operations/recovery/state.ts';
import type { DialogView } from './dialog.ts';
import { stepsOf } from './recovery.ts';
import { askRedownload } from './redownload-dialog.ts';
import type { Dialog } from './screen.ts';
import type { AppState } from './state.ts';
import { askAllId } from './views/module-recovery.ts';

/** recoverDialog says what a step does before it is done, and how it is undone; the default answer is No. */
export function recoverDialog({ subject }: Dialog, state: AppState): DialogView {
  if (state.recovery.doing !== undefined)
    return { title: 'recover', lines: [state.recovery.doing], choices: [{ title: 'Close', effects: [] }] };
  if (subject === askAllId) return askDialog();
  const found = stepsOf(state).find(({ id }) => id === subject);
  if (found === undefined)
    return {
      title: 'recover',
      lines: ['This was settled meanwhile.'],
      choices: [{ title: 'Close', effects: [] }],
    };
  return stepDialog(found.step, found.state.about);
}

function stepDialog(step: Step, about: string): DialogView {
  const { what, why, command, undo, before, action } = step;
  const isUsers = action.type === 'user';
  return {
    title: 'recover',
    lines: [
      `${what.charAt(0).toUpperCase()}${what.slice(1)}${isUsers ? '' : '?'}`,
      '',
      `  ${about}`,
      `  why    ${why}`,
      ...(before === undefined ? [] : [`  now    ${before}`]),
      `  ${isUsers ? 'by you' : 'runs'}   ${command}   (y copies it)`,
      ...(undo === undefined ? [] : [`  undo   ${undo}`]),
      ...(action.type === 'setting' ? ['', '  z undoes it, gocachetop undo afterwards'] : []),
    ],
    choices: isUsers ? [{ title: 'Close', effects: [] }] : [{ title: 'No', effects: [] }, yesTo(step)],
    command,
  };
}

/** yesTo: a module that is put right has a question of its own, with the price and what would be hidden. */
function yesTo(step: Step): DialogView['choices'][number] {
  const { action } = step;
  if (action.type === 'redownload') {
    const { dialog, effects } = askRedownload([action.module]);
    return { title: 'Yes, after its price', effects, next: dialog };
  }
  const order =
    action.type === 'ask database'
      ? ({ type: 'look', asksNetwork: true } as const)
      : ({ type: 'step', step } as const);
  return { title: 'Yes', effects: [{ type: 'recover', order }] };
}

function askDialog(): DialogView {
  const command = 'gocachetop recover --network';
  return {
    title: 'recover',
    lines: [
      'Ask the checksum database?',
      '',
      '  of what disagrees here and what go kept no answer for: go looks it up in a temporary folder, some KiB each; it',
      '  learns the names of these modules, not of those that GONOSUMDB keeps from it',
      '',
      `  the same:  ${command}   (y copies it)`,
    ],
    choices: [
      { title: 'No', effects: [] },
      { title: 'Yes', effects: [{ type: 'recover', order: { type: 'look', asksNetwork: true } }] },
    ],
    command,
  };
}
