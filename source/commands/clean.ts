import { spawnSync } from 'node:child_process';
import { freePrice, type RebuildPrice, sumPrices } from '../build-cache/index/price.ts';
import { summarize } from '../build-cache/index/summary.ts';
import type { Flags } from '../command-line.ts';
import { priceJson } from '../report/price.ts';
import { formatBytes, formatCount } from '../store/format.ts';
import { priceWords } from '../store/price-words.ts';
import type { CommandContext } from './context.ts';
import { openIndex } from './open-index.ts';

/** runClean wipes GOCACHE or a part of it through go clean, after it said what that costs. */
export async function runClean(context: CommandContext): Promise<number> {
  const { env, flags, place, say } = context;
  const { gocache } = env;
  if (flags.isReadOnly && !flags.isDryRun) {
    say('clean is refused: --read-only');
    return 2;
  }
  const opened = await openIndex(context);
  if (opened === undefined) return 130;
  const { index, owners, scan, history } = opened;
  const summary = summarize(index, owners, Date.now(), history.times.msOf);
  const all = summary.entries.action + summary.entries.output;
  const selected =
    flags.cleans === 'all'
      ? { entries: all, bytes: summary.bytes }
      : flags.cleans === 'fuzz'
        ? { entries: scan.fuzz.files, bytes: scan.fuzz.bytes }
        : { entries: 0, bytes: 0 };
  const rebuild =
    flags.cleans === 'all' ? sumPrices(summary.packages.map((each) => each.rebuild)) : freePrice;
  const command = ['go', 'clean', cleanFlags[flags.cleans]];
  const answer = (removed: { entries: number; bytes: number }) => ({
    schema: 'gocachetop.clean/1',
    dryRun: flags.isDryRun,
    cleans: flags.cleans,
    command,
    selected,
    rebuild: priceJson(rebuild),
    removed,
    problems: scan.problems,
  });
  const what = describe(flags, selected, summary.packages.length, rebuild);
  if (flags.isDryRun) {
    await context.print(answer({ entries: 0, bytes: 0 }), `${what}\n  the same: ${command.join(' ')}\n`);
    return 0;
  }
  if (!flags.isJson) process.stderr.write(`${what}\n`);
  const agreed = await context.agree(`Run ${command.join(' ')}?`);
  if (agreed !== true) return agreed;
  const ran = spawnSync('go', command.slice(1), {
    cwd: place.cwd,
    env: { ...place.environment, GOCACHE: gocache, GOFLAGS: '' },
    encoding: 'utf8',
  });
  if (ran.status !== 0) {
    say(`${command.join(' ')}: ${(ran.stderr || String(ran.error ?? 'failed')).trim()}`);
    return 1;
  }
  await context.print(answer(selected), `${doneText(flags.cleans, selected.bytes, flags.isSi)}\n`);
  return 0;
}

const cleanFlags: Readonly<Record<Flags['cleans'], string>> = {
  all: '-cache',
  tests: '-testcache',
  fuzz: '-fuzzcache',
};

function describe(
  { cleans, isSi }: Flags,
  selected: { readonly entries: number; readonly bytes: number },
  packages: number,
  rebuild: RebuildPrice,
): string {
  const size = formatBytes(selected.bytes, { si: isSi });
  switch (cleans) {
    case 'all':
      return `${formatCount(selected.entries)} entries, ${size}, of ${formatCount(packages)} packages: every build begins cold\n  to rebuild: ${priceWords(rebuild)}`;
    case 'fuzz':
      return `${formatCount(selected.entries)} files of the fuzz corpus, ${size}: fuzzing begins anew`;
    case 'tests':
      return 'all test results expire: nothing is freed, every test runs again';
  }
}

function doneText(cleans: Flags['cleans'], bytes: number, isSi: boolean): string {
  return cleans === 'tests' ? 'all test results have expired' : `freed ${formatBytes(bytes, { si: isSi })}`;
}
