import { type GoEnvOptions, isProblem, parseGoEnvJson, runGo } from '../../go/env.ts';
import type { Environment } from '../../go/settings.ts';
import type { Problem } from '../../platform/problem.ts';
import { writeCommand } from './plan.ts';

/** GoPlace is where go is asked and told: in the user's folder, under the user's environment. */
export type GoPlace = { readonly cwd: string; readonly environment: Environment };

/** writeSetting runs go env -w GOCACHE=folder; undefined without one: go env -u GOCACHE. What fails is said in Go's words. */
export async function writeSetting(place: GoPlace, folder: string | undefined): Promise<Problem | undefined> {
  const command = writeCommand(folder);
  const ran = await runGo(options(place), command.slice(1));
  return isProblem(ran) ? { ...ran, where: command.join(' ') } : undefined;
}

/** readEffective asks go env which GOCACHE counts. */
export async function readEffective(place: GoPlace): Promise<string | Problem> {
  const ran = await runGo(options(place), ['env', '-json', 'GOCACHE']);
  if (isProblem(ran)) return ran;
  return parseGoEnvJson(ran.stdout)?.GOCACHE ?? '';
}

/** disagreement is the problem when go env says another GOCACHE than what was written. */
export function disagreement(to: string, effective: string): Problem {
  const why = `go env says ${effective}`;
  return { where: 'GOCACHE', what: `set to ${to}, and shadowed`, why, repair: 'gocachetop undo' };
}

function options({ cwd, environment }: GoPlace): GoEnvOptions {
  return { goCommand: 'go', cwd, environment };
}
