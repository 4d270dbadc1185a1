import { quote } from '../go/shell-word.ts';
import { type Finding, isError } from '../operations/finding.ts';
import { type RepointFacts, type RepointStart, repointStarts } from '../operations/repoint/facts.ts';
import { formatFinding } from '../operations/repoint/finding.ts';
import { planRepoint, type RepointPlan } from '../operations/repoint/plan.ts';
import { formatProblem } from '../platform/problem.ts';
import type { DialogView } from './dialog.ts';
import { formatBytes, formatCount, formatCountOf, type SizeFormat } from './format.ts';
import type { RepointRun } from './repoint.ts';
import type { Dialog } from './screen.ts';
import type { AppState } from './state.ts';
import { newTextInput } from './text-input.ts';

/** openRepoint is the dialog that `o` opens: where to; while a re-point runs, whether it goes on. */
export function openRepoint({ buildCache, repoint }: AppState): Dialog {
  if (repoint.running !== undefined) return { id: 'repoint', choice: 0 };
  return askFolder(repoint.pointsTo ?? buildCache.path ?? '');
}

function askFolder(text: string): Dialog {
  return { id: 'repoint-folder', choice: 0, input: newTextInput(text) };
}

/** repointFolderDialog asks for the folder, beginning with the one that GOCACHE is now. */
export function repointFolderDialog(): DialogView {
  return {
    title: 're-point',
    lines: ['Point GOCACHE to which folder?', '', '  it is checked first, and then asked again'],
    choices: [],
    input: {
      verb: 'check it',
      submit: (asked) => ({
        dialog: { id: 'repoint', choice: 0, subject: asked },
        effects: [{ type: 'repoint', order: { type: 'check', asked } }],
      }),
    },
  };
}

/** repointDialog says what the move means, and asks how GOCACHE starts there; the default answer is No. */
export function repointDialog({ subject = '', choice }: Dialog, { repoint, screen }: AppState): DialogView {
  const { running, check } = repoint;
  if (running !== undefined) return runningDialog(running);
  if (check === undefined || check.asked !== subject || check.type === 'checking')
    return checkingDialog(subject, check?.type === 'checking' ? check.folders : 0);
  if (check.type === 'failed') return refusedDialog(subject, [formatProblem(check.problem)], undefined);
  const { facts } = check;
  const plans = repointStarts.map((start) => planRepoint(facts, start));
  const [first] = plans;
  if (first === undefined) throw new Error('there is no way to start');
  if (first.isDone) return refusedDialog(subject, [`GOCACHE is ${facts.to} already.`], undefined);
  if (!first.isPossible) {
    const errors = first.findings.filter(isError).map(formatFinding);
    const [line] = facts.setting.shadow?.lines ?? [];
    return refusedDialog(subject, errors, line);
  }
  return questionDialog(facts, plans, choice, screen.sizes);
}

function questionDialog(
  facts: RepointFacts,
  plans: readonly RepointPlan[],
  choice: number,
  sizes: SizeFormat,
): DialogView {
  const possible = plans.filter(({ isPossible }) => isPossible);
  const chosen = possible[choice - 1];
  const warningsOf = (plan: RepointPlan | undefined): readonly string[] =>
    plan?.findings.map((finding) => shortFinding(finding, facts.to)) ?? [];
  const warnings = new Set([...warningsOf(plans[0]), ...warningsOf(chosen)]);
  const command = commandOf(facts, chosen?.start ?? 'empty');
  return {
    title: 're-point',
    lines: [
      `Point GOCACHE to ${facts.to}?`,
      `  ${chosen === undefined ? 'No: nothing changes' : meaning(chosen, sizes)}`,
      '',
      `  now    ${facts.from.path}, ${amount(facts.from, sizes)}`,
      `  there  ${targetWords(facts, sizes)}`,
      ...[...warnings].map((line) => `  ! ${line}`),
      ...plans.filter(({ isPossible }) => !isPossible).map(whyNot),
      '',
      `  the same:  ${command}   (y copies it)`,
      '',
      '  z undoes it until you quit, gocachetop undo afterwards',
    ],
    choices: [
      { title: 'No', effects: [] },
      ...possible.map(({ start }) => ({
        title: start === 'empty' && facts.target.state === 'cache' ? 'As it is' : titles[start],
        effects: [{ type: 'repoint', order: { type: 'start', facts, start } }] as const,
      })),
    ],
    command,
  };
}

/** shortFinding leaves out the folder that the question names anyway. */
function shortFinding(finding: Finding, to: string): string {
  return finding.about === to ? `${finding.what}: ${finding.why}` : formatFinding(finding);
}

const titles: Readonly<Record<RepointStart, string>> = {
  empty: 'Empty',
  copy: 'Copy',
  link: 'Link',
  rename: 'Rename',
};

function commandOf({ to }: RepointFacts, start: RepointStart): string {
  return start === 'empty'
    ? `go env -w ${quote(`GOCACHE=${to}`)}`
    : `gocachetop repoint ${quote(to)} --start ${start}`;
}

/** meaning is what a start costs, and what the builds after it find. */
function meaning({ start, facts, neededBytes, freeAfter }: RepointPlan, sizes: SizeFormat): string {
  const stays = 'the old folder stays';
  switch (start) {
    case 'empty':
      return facts.target.state === 'cache'
        ? `As it is: builds hit what is there; ${stays}`
        : `Empty: every build begins cold; ${stays}`;
    case 'copy':
      return `Copy: ${formatBytes(neededBytes, sizes)} more on disk, ${formatBytes(freeAfter, sizes)} free afterwards; ${stays}`;
    case 'link':
      return `Link: hard links, so that the bytes are shared; ${stays}`;
    case 'rename':
      return 'Rename: the folder moves as it is, at once';
  }
}

function targetWords({ target }: RepointFacts, sizes: SizeFormat): string {
  const { state, freeBytes, fileSystem } = target;
  const lies = state === 'cache' ? `a GOCACHE, ${amount(target, sizes)}` : (words[state] ?? '');
  return `${lies}, ${formatBytes(freeBytes, sizes)} free, ${fileSystem ?? 'unknown file system'}`;
}

const words: Readonly<Record<string, string>> = { missing: 'to be made', empty: 'an empty folder' };

function whyNot({ start, findings }: RepointPlan): string {
  const error = findings.find(isError);
  return `  no ${titles[start]}: ${error === undefined ? '' : `${error.what}, ${error.why}`}`;
}

function refusedDialog(asked: string, lines: readonly string[], command: string | undefined): DialogView {
  return {
    title: 're-point',
    lines: [...lines, ...(command === undefined ? [] : ['', `  ${command}   (y copies it)`])],
    choices: [
      { title: 'Another folder', effects: [], next: askFolder(asked) },
      { title: 'Close', effects: [] },
    ],
    ...(command === undefined ? {} : { command }),
  };
}

function checkingDialog(asked: string, folders: number): DialogView {
  const counted = `  ${formatCount(folders)} of 256 folders of the present GOCACHE are counted`;
  return {
    title: 're-point',
    lines: [`${asked} is being checked`, '', counted],
    choices: [{ title: 'Cancel', effects: [{ type: 'repoint', order: { type: 'stop' } }] }],
  };
}

function runningDialog({ to, start, done, total }: RepointRun): DialogView {
  return {
    title: 're-point',
    lines: [
      `GOCACHE is on its way to ${to}`,
      '',
      `  ${start}: ${formatCount(done.entries)} of ${formatCount(total.entries)} entries`,
      '',
      '  stopped, what came there is taken back, and nothing changes',
    ],
    choices: [
      { title: 'Go on', effects: [] },
      { title: 'Stop', effects: [{ type: 'repoint', order: { type: 'stop' } }] },
    ],
  };
}

function amount({ entries, bytes }: { entries: number; bytes: number }, sizes: SizeFormat): string {
  return `${formatCountOf(entries, 'entry')}, ${formatBytes(bytes, sizes)}`;
}
