import { type Finding, nameOf } from '../../operations/doctor/finding.ts';
import { findFinding } from '../doctor.ts';
import { focusedLevel, openLevel, pushLevel } from '../levels.ts';
import type { AppState } from '../state.ts';
import { type Binding, changed, defineBinding } from './binding.ts';

/** doctorKeys look at the Go set-up of this machine, and put single findings right. */
export const doctorKeys: readonly Binding[] = [
  defineBinding({
    keys: ['D'],
    shown: 'D',
    title: 'doctor',
    tooltip:
      'what is wrong with the Go set-up of this machine: toolchain, settings, caches, disks, and what repairs it',
    group: 'panes',
    isOffered: (state) => state.screen.focus === 'proxy' && !focusedLevel(state).view.startsWith('doctor'),
    press: (state) => {
      if (focusedLevel(state).view === 'doctor') return changed(state.screen);
      return changed(pushLevel(state.screen, openLevel({ view: 'doctor', subject: undefined })));
    },
  }),
  defineBinding({
    keys: ['f'],
    shown: 'f',
    title: 'fix',
    tooltip:
      'put the finding of the doctor under the cursor right, where a setting or a file does it, after a question',
    group: 'cache',
    isOffered: (state) => findingUnderCursor(state)?.fix !== undefined,
    unavailable(state) {
      const finding = findingUnderCursor(state);
      if (finding === undefined) return 'this is about a finding of the doctor: press D, and go to one';
      return finding.fix === undefined ? `only you can do this: ${finding.repair[0] ?? ''}` : undefined;
    },
    press(state) {
      const finding = findingUnderCursor(state);
      const subject = finding === undefined ? '' : nameOf(finding);
      return changed({ ...state.screen, dialog: { id: 'fix', choice: 0, subject } });
    },
  }),
];

/** findingUnderCursor is the finding that is open, or under the cursor, which begins at the first. */
function findingUnderCursor(state: AppState): Finding | undefined {
  const { view, subject, cursor } = focusedLevel(state);
  if (view === 'doctor-finding') return findFinding(state, subject);
  return view === 'doctor' ? findFinding(state, cursor) : undefined;
}
