import { checkOutputs } from '../build-cache/index/check.ts';
import { summarize } from '../build-cache/index/summary.ts';
import { readTrim } from '../build-cache/trim-file.ts';
import { diagnose } from '../operations/diagnosis/diagnose.ts';
import { scanJson, scanText } from '../report/scan.ts';
import type { CommandContext } from './context.ts';
import { openIndex } from './open-index.ts';

/** runScan says what fills GOCACHE; with `--check` it also reads every output and compares it with its name. */
export async function runScan(context: CommandContext): Promise<number> {
  const { env, flags, signal } = context;
  const startedAt = performance.now();
  const opened = await openIndex(context);
  if (opened === undefined) return stopped(context);
  const now = Date.now();
  const { index, owners, scan, history } = opened;
  const { builds, times, damaged } = history;
  const check = flags.isChecking
    ? await checkOutputs({
        gocache: env.gocache,
        gomodcache: env.gomodcache,
        index,
        owners,
        signal,
        onProgress: (done, total) => context.progress(`${done} of ${total} outputs checked`),
      })
    : undefined;
  context.progress('');
  if (signal.aborted) return stopped(context);
  const problems = [...scan.problems, ...history.problems, ...(check?.problems ?? [])];
  const summary = summarize(index, owners, now, times.msOf);
  const patient = { index, owners, summary, builds, timeOf: times.msOf, goflags: env.goflags, now };
  const view = {
    gocache: env.gocache,
    summary,
    findings: [...diagnose(patient)],
    record: { builds: builds.length, compiles: times.count, damagedLines: damaged },
    trim: readTrim(env.gocache, now),
    fuzz: scan.fuzz,
    foreign: scan.foreign,
    problems,
    checked: check?.checked,
    durationMs: performance.now() - startedAt,
    now,
  };
  await context.print(scanJson(view), scanText(view, flags.isSi));
  if (flags.isJson) context.tell(problems);
  return problems.length > 0 ? 1 : 0;
}

function stopped({ say }: CommandContext): number {
  say('stopped');
  return 130;
}
