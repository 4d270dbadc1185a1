import type { ModuleVersion } from '../module-cache/paths.ts';
import type { Preview } from '../operations/redownload/redownload.ts';
import { quote } from '../operations/shell-word.ts';
import { formatProblem } from '../platform/problem.ts';
import type { DialogView } from './dialog.ts';
import { formatBytes, formatCount, formatCountOf } from './format.ts';
import type { RedownloadRun } from './redownload.ts';
import { redownloadedVersions } from './redownload-selection.ts';
import { partWords } from './repair-words.ts';
import type { Dialog, ScreenChange } from './screen.ts';
import type { AppState } from './state.ts';
import { newTextInput } from './text-input.ts';

/** openRedownload is what `d` does: it has the versions looked at and asks; while a repair runs, whether it goes on. */
export function openRedownload(state: AppState): ScreenChange {
  const dialog: Dialog = { id: 'redownload', choice: 0 };
  const modules = redownloadedVersions(state).map(({ path, version }) => ({ path, version }));
  const order = { type: 'look', modules } as const;
  return {
    screen: { ...state.screen, dialog },
    effects: state.redownload.running === undefined ? [{ type: 'redownload', order }] : [],
  };
}

/** redownloadDialog names what is wrong, what goes and what comes; the default answer is No. */
export function redownloadDialog(state: AppState): DialogView {
  const { look, running } = state.redownload;
  if (running !== undefined) return runningDialog(running);
  if (look === undefined || look.previews.length < look.modules.length)
    return lookingDialog(look?.previews.length ?? 0, look?.modules.length ?? 0);
  if (look.problem !== undefined) return closing([formatProblem(look.problem)]);
  const open = look.previews.filter(isOpen);
  if (open.length === 0) return closing(look.previews.flatMap(closedWords));
  const modules = open.map(({ repair }) => repair.module);
  const suspicious = suspiciousOf(state);
  const command = `gocachetop redownload ${modules.map((module) => quote(nameOf(module))).join(' ')}`;
  const start = { type: 'start', modules, agreed: new Set<string>() } as const;
  const yes =
    suspicious.length === 0
      ? { title: 'Yes', effects: [{ type: 'redownload', order: start } as const] }
      : {
          title: 'Yes, type its path',
          effects: [],
          next: { id: 'redownload-word', choice: 0, input: newTextInput('') } as const,
        };
  return {
    title: 're-download',
    lines: [
      `Repair ${modules.length === 1 ? nameOf(modules[0]) : formatCountOf(modules.length, 'module version')}?`,
      '',
      ...open.slice(0, modulesShown).flatMap((preview) => moduleLines(preview, modules.length > 1)),
      ...(open.length > modulesShown ? [`  and ${formatCount(open.length - modulesShown)} more`] : []),
      ...suspicious.map(([name, suspicion]) => `  ! ${modules.length > 1 ? `${name}: ` : ''}${suspicion}`),
      '',
      `  ${costWords(open, state)}`,
      '  what is there now goes to a quarantine, not to nothing',
      '',
      `  the same:  ${command}   (y copies it)`,
    ],
    choices: [{ title: 'No', effects: [] }, yes],
    command,
  };
}

// More lines than these do not fit on 24 rows.
const modulesShown = 4;

/** redownloadWordDialog asks for the path: a repair would hide that somebody changed something. */
export function redownloadWordDialog(state: AppState): DialogView {
  const suspicious = suspiciousOf(state);
  const [first] = suspicious;
  const modules = (state.redownload.look?.previews ?? []).filter(isOpen).map(({ repair }) => repair.module);
  const word = first?.[0].replace(/@[^@]*$/, '') ?? '';
  return {
    title: 're-download',
    lines: [
      'This looks as if somebody changed it.',
      '',
      ...suspicious.map(([name, suspicion]) => `  ${name}: ${suspicion}`),
      '',
      'A repair takes that away from where builds find it.',
      `To do it, type ${word}`,
    ],
    choices: [],
    input: {
      verb: 'repair it',
      submit: (typed) => ({
        dialog:
          typed.trim() === word ? undefined : { id: 'redownload-word', choice: 0, input: newTextInput('') },
        effects:
          typed.trim() === word
            ? [
                {
                  type: 'redownload',
                  order: { type: 'start', modules, agreed: new Set(suspicious.map(([name]) => name)) },
                },
              ]
            : [],
      }),
    },
  };
}

function suspiciousOf({ redownload }: AppState): readonly (readonly [name: string, suspicion: string])[] {
  return (redownload.look?.previews ?? []).filter(isOpen).flatMap(({ repair }) => {
    const name = nameOf(repair.module);
    const suspicion = repair.suspicion ?? redownload.suspicions.get(name);
    return suspicion === undefined ? [] : [[name, suspicion] as const];
  });
}

function isOpen({ plan }: Preview): boolean {
  return plan !== undefined && plan.way !== 'none';
}

function moduleLines({ repair, plan }: Preview, isNamed: boolean): readonly string[] {
  const { faults } = repair;
  const what = faults.map(({ code, files }) => (files.length === 0 ? code : `${code} ${files[0]}`));
  const shown =
    what.length === 0 ? 'nothing is known to be wrong: the checksum database is asked' : what.join(', ');
  const how = plan?.way === 'local' ? 'made of what is right, without the network' : 'downloaded again';
  return [
    ...(isNamed ? [`  ${nameOf(repair.module)}`] : []),
    `  wrong  ${shown}`,
    ...(plan === undefined || plan.wrong.length === 0 ? [] : [`  new    ${partWords(plan.wrong)}: ${how}`]),
  ];
}

function costWords(open: readonly Preview[], { moduleCache, screen }: AppState): string {
  const fetched = open.filter(({ plan }) => plan?.way !== 'local');
  if (fetched.length === 0) return 'nothing is downloaded';
  if (fetched.every(({ plan }) => plan?.way === 'judge'))
    return 'the checksum database is asked; what it does not know is downloaded again';
  const sizes = fetched.map(
    ({ repair: { module } }) =>
      moduleCache.versions?.find(({ path, version }) => path === module.path && version === module.version)
        ?.zipBytes,
  );
  const isKnown = sizes.every((size) => size !== undefined);
  const about = isKnown
    ? `, as far as the old zips tell ${formatBytes(
        sizes.reduce((sum, size) => sum + (size ?? 0), 0),
        screen.sizes,
      )}`
    : '';
  return `only what is wrong is downloaded${about}`;
}

function closedWords({ repair }: Preview): readonly string[] {
  const { module, problems } = repair;
  return problems.length === 0
    ? [`${nameOf(module)}: nothing is wrong`]
    : problems.map((problem) => formatProblem(problem));
}

function closing(lines: readonly string[]): DialogView {
  const shown = lines.slice(0, modulesShown);
  const more = lines.length - shown.length;
  return {
    title: 're-download',
    lines: [...shown, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])],
    choices: [{ title: 'Close', effects: [] }],
  };
}

function lookingDialog(done: number, total: number): DialogView {
  return {
    title: 're-download',
    lines: ['Zip and folder are compared with their checksums', '', `  ${done} of ${total} looked at`],
    choices: [{ title: 'Cancel', effects: [{ type: 'redownload', order: { type: 'stop' } }] }],
  };
}

function runningDialog({ module, step, done, total }: RedownloadRun): DialogView {
  return {
    title: 're-download',
    lines: [
      `${nameOf(module)} is being repaired`,
      '',
      `  ${step}${total > 1 ? `, ${done} of ${total} done` : ''}`,
      '',
      '  stopped, what was not swapped in yet is taken back',
    ],
    choices: [
      { title: 'Go on', effects: [] },
      { title: 'Stop', effects: [{ type: 'redownload', order: { type: 'stop' } }] },
    ],
  };
}

function nameOf(module: ModuleVersion | undefined): string {
  return module === undefined ? '' : `${module.path}@${module.version}`;
}
