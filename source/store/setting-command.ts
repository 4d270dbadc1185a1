import { redactUrl } from '../go/redact.ts';
import { type SettingValue, shellCommand } from '../operations/setting-change/values.ts';
import type { AppState } from './state.ts';
import { whatIfNames } from './tried.ts';
import { whatIfChanges } from './what-if.ts';

/** SettingCommand is the go command that would make what is tried real. */
export type SettingCommand = {
  readonly changes: readonly SettingValue[];
  /** shown is for a shell, passwords hidden. */
  readonly shown: string;
};

/** settingCommand is undefined where nothing is tried. */
export function settingCommand(state: AppState): SettingCommand | undefined {
  const tried = whatIfChanges(state);
  const changes = whatIfNames.flatMap((name): readonly SettingValue[] => {
    const value = tried[name];
    return value === undefined ? [] : [{ name, value: value === '' ? undefined : value }];
  });
  return changes.length === 0 ? undefined : { changes, shown: redactUrl(shellCommand(changes)) };
}
