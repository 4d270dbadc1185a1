import { redactUrl } from '../go/redact.ts';
import { holdsSecret } from '../operations/setting-change/values.ts';
import type { DialogView } from './dialog.ts';
import { formatCount, formatCountOf } from './format.ts';
import { openLevel, pushLevel } from './levels.ts';
import type { ScreenState } from './screen.ts';
import { settingCommand } from './setting-command.ts';
import type { AppState } from './state.ts';
import { mainModules, routeChanges } from './what-if.ts';

/** routeModuleDialog asks for the module whose route is to be shown. */
export function routeModuleDialog(): DialogView {
  return {
    title: 'route of a module',
    lines: ['Which module? MODULE or MODULE@VERSION', '', '  nobody is asked before you say so'],
    choices: [],
    input: {
      verb: 'show its route',
      submit: (asked) => ({ dialog: undefined, effects: [], open: { view: 'route', subject: asked.trim() } }),
    },
  };
}

/** openInProxyPane focuses the proxy pane and opens a view there. */
export function openInProxyPane(screen: ScreenState, target: Parameters<typeof openLevel>[0]): ScreenState {
  return pushLevel({ ...screen, focus: 'proxy' }, openLevel(target));
}

/** applySettingsDialog names what is written with the values that are there, and what it changes; the default answer is No. */
export function applySettingsDialog(state: AppState): DialogView {
  const command = settingCommand(state);
  const { basis } = state.proxy;
  if (command === undefined || basis === undefined)
    return refusal(['Nothing is tried: there is nothing to apply.']);
  const secret = command.changes.find(
    ({ name, value }) => holdsSecret(value) || holdsSecret(basis.written.get(name)),
  );
  if (secret !== undefined) {
    return refusal([
      `${secret.name} has a password: as a word of go env -w it would stand in the list of processes.`,
      '',
      `  write it into ${basis.goenv === '' ? 'the file of go env -w' : basis.goenv} yourself`,
    ]);
  }
  if (basis.goenv === '')
    return refusal([
      'go env -w has no effect with GOENV=off: go reads no file of settings then.',
      '',
      '  unset GOENV',
    ]);
  return {
    title: 'apply',
    lines: [
      'Write these settings with go env -w?',
      '',
      ...command.changes.flatMap(({ name, value }) => changeLines(state, name, value)),
      '',
      ...moduleLines(state),
      `  the same:  ${command.shown}   (y copies it)`,
      '',
      '  z undoes it until you quit, gocachetop undo afterwards',
    ],
    choices: [
      { title: 'No', effects: [] },
      { title: 'Yes', effects: [{ type: 'apply-settings', changes: command.changes }] },
    ],
    command: command.shown,
  };
}

function changeLines(
  { settings, proxy }: AppState,
  name: string,
  value: string | undefined,
): readonly string[] {
  const written = proxy.basis?.written.get(name);
  const setting = settings.find((each) => each.name === name);
  const isShadowed = setting?.origin === 'environment' || setting?.origin === 'flag';
  return [
    `  ${name}=${value === undefined ? '   (taken out of the file)' : redactUrl(value)}`,
    `    there now: ${written === undefined ? 'nothing' : redactUrl(written)}`,
    ...(isShadowed
      ? [`  ! no effect: the environment has ${name}=${setting.value}, which counts first; unset it`]
      : []),
  ];
}

function moduleLines(state: AppState): readonly string[] {
  if (mainModules(state) === undefined) return [];
  const changes = routeChanges(state);
  const changed = changes.filter(({ isChanged }) => isChanged);
  const told = changes.filter(({ before, after }) => after.leaksTo.length > before.leaksTo.length);
  return [
    `  ${formatCount(changed.length)} of ${formatCountOf(changes.length, 'module')} of the go.mod here would go another way`,
    ...(told.length === 0
      ? []
      : [`  ! ${formatCountOf(told.length, 'module')} that look private would be told outside`]),
    '',
  ];
}

function refusal(lines: readonly string[]): DialogView {
  return { title: 'apply', lines, choices: [{ title: 'Close', effects: [] }] };
}
