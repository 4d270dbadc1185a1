import { isProblem, parseGoEnvJson, readSettingFiles, runGo } from '../../go/env.ts';
import { redactUrl } from '../../go/redact.ts';
import type { GoPlace } from '../../go/run.ts';
import type { Problem } from '../../platform/problem.ts';
import { changeSetting, undoSetting } from './change.ts';
import type { SettingChange } from './record.ts';
import { holdsSecret, type SettingValue } from './values.ts';

/** AppliedSettings is what became of settings that were applied together. */
export type AppliedSettings = {
  /** changes are those that were made, for an undo; none when one of them failed. */
  readonly changes: readonly SettingChange[];
  readonly problems: readonly Problem[];
};

/**
 * applySettings gives settings their values with go env -w, all of them or none, and asks go env whether they count. None with a
 * password in it: it would stand in the list of processes, and no undo could put it back.
 */
export async function applySettings(
  values: readonly SettingValue[],
  place: GoPlace & { readonly file: string },
  now: number,
): Promise<AppliedSettings> {
  const { file } = place;
  const { goenv } = await readSettingFiles({ goenv: file, goroot: '' });
  const secret = values.find(({ name, value }) => holdsSecret(value) || holdsSecret(goenv.get(name)));
  if (secret !== undefined) return { changes: [], problems: [secretProblem(secret.name, file)] };
  const changes: SettingChange[] = [];
  const problems: Problem[] = [];
  for (const { name, value } of values) {
    // Each with a time of its own, so that they are undone in their order.
    const done = await changeSetting(place, { file, name, value }, now + changes.length);
    problems.push(...done.problems);
    if (done.change !== undefined) changes.push(done.change);
    if (done.failure === '') continue;
    const problem = { where: name, what: 'not written', why: redactUrl(done.failure), repair: '' };
    return { changes: [], problems: [problem, ...(await undoSettings(changes, place)), ...problems] };
  }
  return { changes, problems: [...(await findShadowed(values, place)), ...problems] };
}

/** undoSettings takes changes back, the last one first, up to the first that somebody has changed since. */
export async function undoSettings(
  changes: readonly SettingChange[],
  place: GoPlace,
): Promise<readonly Problem[]> {
  for (const change of changes.toReversed()) {
    const { failure, problems } = await undoSetting(place, change);
    if (failure !== '') {
      const problem = { where: change.name, what: 'not put back', why: redactUrl(failure), repair: '' };
      return [problem, ...problems];
    }
    if (problems.length > 0) return problems;
  }
  return [];
}

/** findShadowed: what was written may not count, since a variable of the environment does. */
async function findShadowed(
  values: readonly SettingValue[],
  { cwd, environment }: GoPlace,
): Promise<readonly Problem[]> {
  const names = values.map(({ name }) => name);
  const ran = await runGo({ goCommand: 'go', cwd, environment }, ['env', '-json', ...names]);
  if (isProblem(ran)) return [ran];
  const effective = parseGoEnvJson(ran.stdout) ?? {};
  return values.flatMap(({ name, value }) => {
    const says = effective[name] ?? '';
    if (value === undefined || says === value) return [];
    const why = `go env says ${redactUrl(says)}`;
    return [{ where: name, what: 'written, and shadowed', why, repair: `unset ${name}` }];
  });
}

function secretProblem(name: string, file: string): Problem {
  return {
    where: name,
    what: 'not written by us',
    why: 'it has a password, which would stand in the list of processes',
    repair: `write it into ${file === '' ? 'the file of go env -w' : file} yourself`,
  };
}
