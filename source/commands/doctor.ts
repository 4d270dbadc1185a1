import type { Flags } from '../command-line.ts';
import { readGoEnv } from '../go/env.ts';
import { examine } from '../operations/doctor/checks.ts';
import type { DoctorFacts } from '../operations/doctor/facts.ts';
import { nameOf } from '../operations/doctor/finding.ts';
import { type NoGo, probeDoctor } from '../operations/doctor/probe.ts';
import { runFix } from '../operations/doctor/run.ts';
import type { Place } from '../place.ts';
import { type DoctorView, doctorJson, doctorText, fixedText, fixPlanText } from '../report/doctor.ts';
import { type Console, openConsole } from './context.ts';

/** runDoctor says what is wrong with the Go set-up, and puts one finding right, when asked. */
export async function runDoctor(place: Place, flags: Flags): Promise<number> {
  const console = openConsole(flags);
  const { say } = console;
  if (flags.fix !== undefined && flags.isReadOnly && !flags.isDryRun) {
    say('doctor --fix is refused: --read-only');
    return 2;
  }
  const view = await look(place, console, place.goEnv);
  if (flags.fix !== undefined) return fix(flags.fix, view, place, console);
  await console.print(doctorJson(view), doctorText(view, flags.isSi));
  return view.findings.length === 0 ? 0 : 1;
}

async function look(place: Place, console: Console, goEnv: Place['goEnv']): Promise<DoctorView> {
  const { flags, signal } = console;
  const facts: DoctorFacts | NoGo = await probeDoctor({
    ...place,
    goEnv,
    isReadOnly: flags.isReadOnly,
    asksNetwork: flags.asksNetwork,
    now: Date.now(),
    signal,
  });
  return { facts, findings: examine(facts) };
}

/** fix repairs the one finding of that code; of several the user has to choose. */
async function fix(code: string, view: DoctorView, place: Place, console: Console): Promise<number> {
  const { say, flags } = console;
  const found = view.findings.filter((each) => each.code === code || nameOf(each) === code);
  const [finding] = found;
  if (finding === undefined) {
    const others = view.findings.map(({ code }) => code).join(', ');
    say(`nothing was changed: there is no finding ${code} here${others === '' ? '' : `, but ${others}`}`);
    return 1;
  }
  if (found.length > 1) {
    say(`nothing was changed: ${found.length} findings have this code; give one of them:`);
    for (const each of found) say(`  --fix '${nameOf(each)}'`);
    return 2;
  }
  if (finding.fix === undefined) {
    say(`nothing was changed: only you can do this: ${finding.repair[0] ?? 'no repair is known'}`);
    return 1;
  }
  process.stderr.write(fixPlanText(finding, finding.fix));
  if (flags.isDryRun) {
    await console.print({ ...doctorJson(view), fixed: null }, '');
    return 0;
  }
  const agreed = await console.agree('Do it?');
  if (agreed !== true) return agreed;
  const { cwd, userEnvironment: environment } = place;
  const { failure, problems } = await runFix(finding.fix, {
    place: { cwd, environment, signal: console.signal },
    goenv: 'failure' in view.facts ? '' : view.facts.env.goenv,
    now: Date.now(),
  });
  console.tell(problems);
  if (failure !== '') {
    say(`it failed, and nothing was changed: ${failure}`);
    return 1;
  }
  const after = await look(place, console, askAgain(place, console));
  const isGone = !after.findings.some((each) => nameOf(each) === nameOf(finding));
  const { command, undo } = finding.fix;
  const fixed = { code: finding.code, about: finding.about, command, undo: undo ?? null, gone: isGone };
  await console.print({ ...doctorJson(after), fixed }, fixedText(finding.fix, isGone, after.findings));
  return isGone ? 0 : 1;
}

function askAgain({ cwd, environment }: Place, { signal }: Console): Place['goEnv'] {
  return readGoEnv({ goCommand: 'go', cwd, environment: { ...environment, GOTOOLCHAIN: 'local' }, signal });
}
