import { isError } from '../operations/finding.ts';
import { readEffective } from '../operations/repoint/effective.ts';
import { type RepointStart, repointStarts } from '../operations/repoint/facts.ts';
import { formatFinding } from '../operations/repoint/finding.ts';
import { planRepoint, type RepointPlan } from '../operations/repoint/plan.ts';
import { probeRepoint } from '../operations/repoint/probe.ts';
import { repoint } from '../operations/repoint/repoint.ts';
import { repointJson, repointQuestion, repointText } from '../report/repoint.ts';
import { formatBytes, formatCount } from '../store/format.ts';
import type { CommandContext } from './context.ts';

/** runRepoint points GOCACHE to another folder, after it checked that folder and said what the move means. */
export async function runRepoint(context: CommandContext): Promise<number> {
  const { flags, place, say, signal } = context;
  const [asked] = flags.operands;
  const start = readStart(flags.start);
  if (asked === undefined || asked === '') {
    say('repoint needs a folder, as gocachetop repoint /big/gocache');
    return 2;
  }
  if (start === undefined) {
    say(`--start ${flags.start}: it starts ${repointStarts.join(', ')}`);
    return 2;
  }
  if (flags.isReadOnly && !flags.isDryRun) {
    say('repoint is refused: --read-only (--dry-run only says what it would do)');
    return 2;
  }
  const plan = await makePlan(context, asked, start);
  if (plan === undefined) return 130;
  const goPlace = { cwd: place.cwd, environment: place.userEnvironment };
  if (!plan.isPossible || plan.isDone || flags.isDryRun) return tellOnly(context, plan);
  if (!flags.isJson) process.stderr.write(repointQuestion(plan, flags.isSi));
  else warn(context, plan);
  const agreed = await context.agree('Point GOCACHE there?');
  if (agreed !== true) return agreed;
  const result = await repoint(plan, goPlace, {
    signal,
    now: Date.now,
    onProgress: ({ entries, bytes }) =>
      context.progress(
        `${formatCount(entries)} of ${formatCount(plan.taken.entries)} entries, ${formatBytes(bytes, { si: flags.isSi })}`,
      ),
  });
  context.progress('');
  await context.print(
    repointJson(plan, result, false, result.effective),
    repointText(plan, result, flags.isSi),
  );
  context.tell(result.problems);
  if (result.wasStopped) return 130;
  return result.problems.length > 0 ? 1 : 0;
}

/** makePlan looks at both folders; undefined when it was stopped. */
async function makePlan(
  { env, flags, place, signal, progress }: CommandContext,
  asked: string,
  start: RepointStart,
): Promise<RepointPlan | undefined> {
  try {
    const facts = await probeRepoint({
      asked,
      env,
      cwd: place.cwd,
      environment: place.userEnvironment,
      isReadOnly: flags.isReadOnly,
      signal,
      onProgress: (folders) => progress(`${folders} of 256 folders of GOCACHE are counted`),
    });
    progress('');
    return planRepoint(facts, start);
  } catch (error) {
    progress('');
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** tellOnly says what speaks against it, what it would do, or that there is nothing to do. */
async function tellOnly(context: CommandContext, plan: RepointPlan): Promise<number> {
  const { flags, place, say } = context;
  const answer = await readEffective({ cwd: place.cwd, environment: place.userEnvironment });
  const effective = typeof answer === 'string' ? answer : undefined;
  const text = plan.isDone
    ? `GOCACHE is ${plan.facts.to} already: there is nothing to do\n`
    : plan.isPossible
      ? repointQuestion(plan, flags.isSi)
      : '';
  await context.print(repointJson(plan, undefined, flags.isDryRun, effective), text);
  if (!plan.isPossible || flags.isJson) {
    warn(context, plan);
    if (!plan.isPossible) say('nothing was changed');
  }
  return plan.findings.some(isError) ? 1 : 0;
}

function warn({ say }: CommandContext, { findings }: RepointPlan): void {
  for (const finding of findings) say(`${isError(finding) ? '' : 'warning: '}${formatFinding(finding)}`);
}

function readStart(word: string | undefined): RepointStart | undefined {
  return word === undefined ? 'empty' : repointStarts.find((each) => each === word);
}
