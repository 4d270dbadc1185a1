import { readSettingFiles } from '../../go/env.ts';
import { type GoPlace, runGoCommand } from '../../go/run.ts';
import { quote } from '../../go/shell-word.ts';
import type { Problem } from '../../platform/problem.ts';
import { hasSecret, logChange, logUndoneChange, newChange, type SettingChange } from './record.ts';

/** ChangedSetting is what became of a change. */
export type ChangedSetting = {
  /** change is what an undo needs; undefined when nothing was changed, or it is about a password, which no log may hold. */
  readonly change: SettingChange | undefined;
  /** failure is empty when it is done. */
  readonly failure: string;
  readonly problems: readonly Problem[];
};

/** changeSetting runs go env -w, or -u without a value, and logs what was there before. `file` is that of go env -w. */
export async function changeSetting(
  place: GoPlace,
  wanted: { readonly file: string; readonly name: string; readonly value: string | undefined },
  now: number,
): Promise<ChangedSetting> {
  const { file, name, value: after } = wanted;
  // GOENV=off go env -w writes the default file all the same, which nothing reads then. cmd/go/internal/cfg: EnvFile, go1.26
  if (file === '')
    return { change: undefined, failure: 'GOENV is off: nothing reads go env -w', problems: [] };
  const before = await valueNow(file, name);
  const failure = await write(place, name, after);
  if (failure !== '') return { change: undefined, failure, problems: [] };
  const change = newChange({ at: now, name, file, before, after });
  if (hasSecret(change)) return { change: undefined, failure: '', problems: [] };
  const unlogged = logChange(place.environment, change);
  return { change, failure: '', problems: unlogged === undefined ? [] : [unlogged] };
}

/** undoSetting gives a setting the value that it had before, unless somebody has changed it since. */
export async function undoSetting(
  place: GoPlace,
  change: SettingChange,
): Promise<{ readonly failure: string; readonly problems: readonly Problem[] }> {
  const { name, file, before, after } = change;
  const value = await valueNow(file, name);
  if (value !== after) {
    const has = value === undefined ? `no ${name}` : `another ${name}`;
    return { failure: `${file} has ${has} now; by hand: ${undoCommand(change)}`, problems: [] };
  }
  const failure = await write(place, name, before);
  if (failure !== '') return { failure, problems: [] };
  const unlogged = logUndoneChange(place.environment, change);
  return { failure: '', problems: unlogged === undefined ? [] : [unlogged] };
}

/** undoCommand is what an undo runs. */
export function undoCommand({ name, before }: SettingChange): string {
  return ['go', ...wordsOf(name, before)].map(quote).join(' ');
}

async function valueNow(file: string, name: string): Promise<string | undefined> {
  const { goenv } = await readSettingFiles({ goenv: file, goroot: '' });
  return goenv.get(name);
}

async function write(place: GoPlace, name: string, value: string | undefined): Promise<string> {
  const ran = await runGoCommand(place, wordsOf(name, value));
  return ran.isFine ? '' : ran.stderr.trim() || ran.failure;
}

function wordsOf(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? ['env', '-u', name] : ['env', '-w', `${name}=${value}`];
}
