import { isRedacted } from '../../go/redact.ts';
import type { Setting } from '../../go/settings.ts';
import { quote } from '../../go/shell-word.ts';
import type { Repair } from './finding.ts';

/** SettingRepairOptions: a value that stops every go command also stops the `go env -u` that would cure it. */
export type SettingRepairOptions = {
  /** shield is a value that the setting is given for the repairing command alone. */
  readonly shield?: string;
  /** fallback is what Go would take without the go.env of its distribution; needed where that sets it. */
  readonly fallback?: string;
};

/** clearSetting takes a setting away where it was set, so that what it hid, or the default, counts. */
export function clearSetting(
  setting: Pick<Setting, 'name' | 'value' | 'origin'>,
  { shield, fallback = '' }: SettingRepairOptions = {},
): Repair {
  const { name, value, origin } = setting;
  switch (origin) {
    case 'environment':
      return byHand(`unset ${name}`);
    case 'go env -w':
      return goEnv(setting, undefined, `go env -w ${quote(`${name}=${value}`)}`, shield);
    case 'GOROOT':
      return goEnv(setting, fallback, `go env -u ${name}`, shield);
    case 'default':
    case 'go.mod':
    case 'flag':
      return byHand(`set ${name} to another value`);
  }
}

/** changeSetting gives a setting another value at the place where it was set. */
export function changeSetting(setting: Pick<Setting, 'name' | 'value' | 'origin'>, to: string): Repair {
  const { name, value, origin } = setting;
  if (to === '') return clearSetting(setting);
  if (origin === 'environment') return byHand(`export ${name}=${quote(to)}`);
  const undo = origin === 'go env -w' ? `go env -w ${quote(`${name}=${value}`)}` : `go env -u ${name}`;
  return goEnv(setting, to, undo, undefined);
}

function goEnv(
  { name, value: before }: Pick<Setting, 'name' | 'value'>,
  value: string | undefined,
  undo: string,
  shield: string | undefined,
): Repair {
  const words = ['go', 'env', ...(value === undefined ? ['-u', name] : ['-w', `${name}=${value}`])];
  const prefix = shield === undefined ? '' : `${name}=${quote(shield)} `;
  const command = `${prefix}${words.map(quote).join(' ')}`;
  // A password is not shown, so that we could not give it back.
  if (isRedacted(before)) return byHand(command);
  const action = { type: 'setting', name, value, shield } as const;
  return { repair: [command], fix: { command, undo, before: before === '' ? undefined : before, action } };
}

function byHand(command: string): Repair {
  return { repair: [command], fix: undefined };
}
