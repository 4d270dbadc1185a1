import { redactUrl } from '../../go/redact.ts';
import { quote } from '../../go/shell-word.ts';

/** SettingValue is a value for go env -w; undefined takes the name out of its file. */
export type SettingValue = { readonly name: string; readonly value: string | undefined };

/** shellCommand is what gives settings their values, for a shell. */
export function shellCommand(values: readonly SettingValue[]): string {
  const set = values.flatMap(({ name, value }) => (value === undefined ? [] : [`${name}=${value}`]));
  const unset = values.flatMap(({ name, value }) => (value === undefined ? [name] : []));
  return [
    ...(set.length === 0 ? [] : [['go', 'env', '-w', ...set]]),
    ...(unset.length === 0 ? [] : [['go', 'env', '-u', ...unset]]),
  ]
    .map((words) => words.map(quote).join(' '))
    .join(' && ');
}

/** holdsSecret says whether a value has a password: as a word of a go command everybody on this machine could read it. */
export function holdsSecret(value: string | undefined): boolean {
  return value !== undefined && redactUrl(value) !== value;
}
