// npm run truth: compares every verdict of ours with what the go command itself says in -debug-actiongraph, which we
// do not use otherwise. It prints a table and ends with exit code 1 when one verdict is wrong.
//
//   npm run truth                              bubbletea, x/tools and the sample, all scenarios (needs the module proxy)
//   npm run truth -- sample                    the sample only; or bubbletea, tools, or the folder of any module
//   npm run truth -- sample --only test        the scenarios whose name contains a text
//   npm run truth -- --names [MODULE...]       the names that we read from archives, against go list -export
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compareVerdicts } from './compare.ts';
import { prepareModule } from './modules.ts';
import { printNames } from './names.ts';
import { runOnce } from './once.ts';
import { scenarios } from './scenarios.ts';

const args = process.argv.slice(2);
const onlyAt = args.indexOf('--only');
const only = onlyAt === -1 ? '' : (args[onlyAt + 1] ?? '');
const named = args.filter((arg, index) => !arg.startsWith('--') && (onlyAt === -1 || index !== onlyAt + 1));
const modules = named.length > 0 ? named : ['sample', 'bubbletea', 'tools'];

const folder = mkdtempSync(join(tmpdir(), 'gocachetop-truth-'));
if (args.includes('--names')) process.exit(await compareAllNames());
let wrong = 0;
let runs = 0;
let unknown = 0;
let units = 0;
process.stdout.write(
  `${'module'.padEnd(12)}${'scenario'.padEnd(34)}${'units'.padStart(7)}${'hit'.padStart(7)}${'miss'.padStart(7)}${'failed'.padStart(8)}${'not r.'.padStart(8)}${'unknown'.padStart(9)}${'wrong'.padStart(7)}\n`,
);
try {
  for (const name of modules) {
    const module = prepareModule(name, resolve(folder));
    if (typeof module === 'string') {
      process.stdout.write(`${name}: SKIPPED: ${module}\n`);
      continue;
    }
    for (const scenario of scenarios.filter(
      (scenario) => scenario.name.includes(only) && (scenario.for === undefined || scenario.for === name),
    )) {
      const run = runOnce(module, scenario);
      if (run === undefined) continue;
      const verdict = compareVerdicts(run);
      runs += 1;
      wrong += verdict.wrong.length;
      unknown += verdict.unknown;
      units += verdict.units;
      const { counts } = verdict;
      process.stdout.write(
        `${name.padEnd(12)}${scenario.name.padEnd(34)}${pad(verdict.units, 7)}${pad(counts.hit, 7)}${pad(counts.miss, 7)}${pad(counts.failed, 8)}${pad(counts['not-reached'], 8)}${pad(verdict.unknown, 9)}${pad(verdict.wrong.length, 7)}\n`,
      );
      for (const line of verdict.wrong.slice(0, 8)) process.stdout.write(`    ${line}\n`);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${runs} builds, ${units} verdicts, ${unknown} unknown, ${wrong} wrong\n`);
process.exitCode = wrong > 0 || runs === 0 ? 1 : 0;

/** compareAllNames gives the exit code: 1 when a name is wrong. */
async function compareAllNames(): Promise<number> {
  let wrongNames = 0;
  try {
    for (const name of modules) {
      const module = prepareModule(name, resolve(folder));
      if (typeof module === 'string') console.log(`${name}: SKIPPED: ${module}`);
      else wrongNames += await printNames(module);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return wrongNames > 0 ? 1 : 0;
}

function pad(number: number, width: number): string {
  return String(number).padStart(width);
}
