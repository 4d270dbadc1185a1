import { quote } from '../go/shell-word.ts';
import type { ModuleVersion } from '../module-cache/paths.ts';
import { type DownloadPrice, sumByHop } from '../operations/module-prune/select.ts';
import type { Preview } from '../operations/redownload/redownload.ts';
import { formatProblem } from '../platform/problem.ts';
import type { DialogView } from './dialog.ts';
import { formatCount, formatCountOf } from './format.ts';
import { hopsOf } from './module-hop.ts';
import { downloadWords } from './module-price.ts';
import { findVersion } from './module-rows.ts';
import type { RedownloadRun } from './redownload.ts';
import { faultyVersions, redownloadedVersions } from './redownload-selection.ts';
import { partWords } from './repair-words.ts';
import type { Dialog, Effect, ScreenChange } from './screen.ts';
import type { AppState } from './state.ts';
import { newTextInput } from './text-input.ts';

/** openRedownload is what `d` does: it has the versions looked at and asks; while a repair runs, whether it goes on. */
export function openRedownload(state: AppState): ScreenChange {
  if (state.redownload.running !== undefined)
    return { screen: { ...state.screen, dialog: { id: 'redownload', choice: 0 } }, effects: [] };
  const { dialog, effects } = askRedownload(redownloadedVersions(state));
  return { screen: { ...state.screen, dialog }, effects };
}

/** askRedownload has versions looked at for the question about them. */
export function askRedownload(found: readonly ModuleVersion[]): {
  readonly dialog: Dialog;
  readonly effects: readonly Effect[];
} {
  const modules = found.map(({ path, version }) => ({ path, version }));
  return {
    dialog: { id: 'redownload', choice: 0, subject: namesOf(modules) },
    effects: [{ type: 'redownload', order: { type: 'look', modules } }],
  };
}

/** redownloadDialog names what is wrong, what goes and what comes; the default answer is No. */
export function redownloadDialog({ subject }: Dialog, state: AppState): DialogView {
  const { look, running } = state.redownload;
  if (running !== undefined) return runningDialog(running);
  if (look?.problem !== undefined) return closing([formatProblem(look.problem)], []);
  const isOther = look === undefined || (subject !== undefined && namesOf(look.modules) !== subject);
  if (isOther || look.previews.length < look.modules.length)
    return lookingDialog(isOther ? 0 : look.previews.length, isOther ? undefined : look.modules.length);
  const more = allFaulty(state, look.modules);
  const open = look.previews.filter(isOpen);
  if (open.length === 0) return closing(look.previews.flatMap(closedWords), more);
  const modules = open.map(({ repair }) => repair.module);
  const suspicious = suspiciousOf(state);
  const command = `gocachetop redownload ${modules.map((module) => quote(nameOf(module))).join(' ')}`;
  const start = { type: 'start', modules, agreed: new Set<string>() } as const;
  const [word] = suspicious;
  const yes =
    word === undefined
      ? { title: 'Yes', effects: [{ type: 'redownload', order: start } as const] }
      : {
          title: suspicious.length === 1 ? 'Yes, type its path' : 'Yes, type a word',
          effects: [],
          next: { id: 'redownload-word', choice: 0, input: newTextInput('') } as const,
        };
  return {
    title: 're-download',
    lines: [
      `Repair ${modules.length === 1 ? nameOf(modules[0]) : formatCountOf(modules.length, 'module version')}?`,
      '',
      ...open.slice(0, modulesShown).flatMap((preview) => moduleLines(preview, modules.length > 1)),
      ...moreLine(open.length),
      ...suspicionLines(suspicious, modules.length > 1),
      '',
      ...costLines(open, state).map((line) => `  ${line}`),
      '  what is there now goes to a quarantine, not to nothing',
      // A command that is longer than the dialog is for y alone.
      ...(modules.length > 1 ? [] : ['', `  the same:  ${command}   (y copies it)`]),
    ],
    choices: [{ title: 'No', effects: [] }, yes, ...more],
    command,
  };
}

/** allFaulty is the choice of all that was found faulty, where the question is not about just these. */
function allFaulty(state: AppState, asked: readonly ModuleVersion[]): DialogView['choices'] {
  const faulty = faultyVersions(state);
  const names = new Set(asked.map(nameOf));
  if (faulty.every((each) => names.has(nameOf(each)))) return [];
  const { dialog, effects } = askRedownload(faulty);
  return [{ title: `All ${formatCount(faulty.length)} faulty`, effects, next: dialog }];
}

// More lines than these do not fit on 24 rows.
const modulesShown = 4;

/** redownloadWordDialog asks for the path, or of several for their number: a repair would hide that somebody changed something. */
export function redownloadWordDialog(state: AppState): DialogView {
  const suspicious = suspiciousOf(state);
  const [first] = suspicious;
  const modules = (state.redownload.look?.previews ?? []).filter(isOpen).map(({ repair }) => repair.module);
  const word = suspicious.length > 1 ? `all ${suspicious.length}` : (first?.[0].replace(/@[^@]*$/, '') ?? '');
  return {
    title: 're-download',
    lines: [
      'This looks as if somebody changed it.',
      '',
      ...suspicionLines(suspicious, true),
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

type Suspicion = readonly [name: string, suspicion: string];

function suspicionLines(suspicious: readonly Suspicion[], isNamed: boolean): readonly string[] {
  const lines = suspicious.map(([name, suspicion]) => `  ! ${isNamed ? `${name}: ` : ''}${suspicion}`);
  return [...lines.slice(0, modulesShown), ...moreLine(lines.length)];
}

function moreLine(count: number): readonly string[] {
  return count > modulesShown ? [`  and ${formatCount(count - modulesShown)} more`] : [];
}

function suspiciousOf({ redownload }: AppState): readonly Suspicion[] {
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
    what.length === 0
      ? 'nothing is known to be wrong: the checksum database is asked'
      : what[0] === 'absent'
        ? 'it is not in GOMODCACHE, and go.sum names it'
        : what.join(', ');
  const how = plan?.way === 'local' ? 'made of what is right, without the network' : 'downloaded again';
  return [
    ...(isNamed ? [`  ${nameOf(repair.module)}`] : []),
    `  wrong  ${shown}`,
    ...(plan === undefined || plan.wrong.length === 0 ? [] : [`  new    ${partWords(plan.wrong)}: ${how}`]),
  ];
}

/** costLines are what is downloaded, and from where: of a zip that is right nothing. */
function costLines(open: readonly Preview[], state: AppState): readonly string[] {
  const fetched = open.filter(({ plan }) => plan?.way !== 'local');
  if (fetched.length === 0) return ['nothing is downloaded'];
  if (fetched.every(({ plan }) => plan?.way === 'judge'))
    return ['the checksum database is asked; what it does not know is downloaded again'];
  const price = repairPrice(fetched, state);
  const isTold = price.bytes > 0 || price.unknown > 0;
  return [
    'only what is wrong is downloaded:',
    `  ${isTold ? downloadWords(price, state.screen.sizes) : `go.mod or info, some KiB, from ${price.from.map(({ hop }) => hop).join(', ')}`}`,
  ];
}

function repairPrice(fetched: readonly Preview[], state: AppState): DownloadPrice {
  const wanted = fetched.map(({ repair, plan }) => {
    const { module } = repair;
    // A zip that was cut off does not tell how long it was.
    const isCut = repair.faults.some(({ code }) => code === 'zip-unreadable');
    const old = isCut ? undefined : findVersion(state, nameOf(module))?.version.zipBytes;
    const bytes = plan?.seeds.zip === true ? 0 : old;
    return { path: module.path, bytes: bytes ?? 0, isUnknown: bytes === undefined };
  });
  return sumByHop(wanted, hopsOf(state));
}

function closedWords({ repair }: Preview): readonly string[] {
  const { module, problems } = repair;
  return problems.length === 0
    ? [`${nameOf(module)}: nothing is wrong`]
    : problems.map((problem) => formatProblem(problem));
}

function closing(lines: readonly string[], more: DialogView['choices']): DialogView {
  return {
    title: 're-download',
    lines: [...lines.slice(0, modulesShown), ...moreLine(lines.length)],
    choices: [{ title: 'Close', effects: [] }, ...more],
  };
}

function lookingDialog(done: number, total: number | undefined): DialogView {
  return {
    title: 're-download',
    lines: [
      'Zip and folder are compared with their checksums',
      '',
      total === undefined ? '' : `  ${done} of ${total} looked at`,
    ],
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

function namesOf(modules: readonly ModuleVersion[]): string {
  return modules.map(nameOf).join(' ');
}

function nameOf(module: ModuleVersion | undefined): string {
  return module === undefined ? '' : `${module.path}@${module.version}`;
}
