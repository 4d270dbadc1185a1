// npm run bench: measures every row of the table of limits and writes docs/benchmarks.md.
//
//   npm run bench                          all rows (about a quarter of an hour; leave the machine alone meanwhile)
//   npm run bench -- NAME...               these rows, printed only
//   npm run bench -- --update NAME...      these rows, put into docs/benchmarks.md
//   npm run bench -- --quick [NAME...]     as few runs as show that it works, printed only
//   npm run bench -- --check               exit 1 when a limit is broken
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepareModule, type TruthModule } from '../truth/modules.ts';
import { prepareApp } from './app.ts';
import { cacheCheck } from './cache-check.ts';
import { cacheKeys } from './cache-keys.ts';
import { cacheNames } from './cache-names.ts';
import { cachePrune } from './cache-prune.ts';
import { cacheScan } from './cache-scan.ts';
import { cacheWrites } from './cache-writes.ts';
import { coldBuild } from './cold-build.ts';
import { doctor } from './doctor.ts';
import { formatDocument, formatTable, type Section, updateDocument } from './document.ts';
import { type Figure, figureHeader, formatFigure, isOver } from './figure.ts';
import { firstFrame } from './first-frame.ts';
import { idle } from './idle.ts';
import { keys } from './keys.ts';
import { memory } from './memory.ts';
import { moduleList } from './module-list.ts';
import { moduleRepair } from './module-repair.ts';
import { moduleVerify } from './module-verify.ts';
import { probe, route } from './route.ts';
import { type Bench, type Row, Skip } from './row.ts';
import { scanBeside } from './scan-beside.ts';
import { terminalBytes } from './terminal-bytes.ts';
import { warmBuild } from './warm-build.ts';
import { xReader } from './x-reader.ts';

const rows: readonly Row[] = [
  coldBuild,
  warmBuild,
  firstFrame,
  cacheWrites,
  idle,
  memory,
  xReader,
  keys,
  terminalBytes,
  cacheScan,
  cacheNames,
  cachePrune,
  cacheCheck,
  cacheKeys,
  moduleVerify,
  doctor,
  moduleList,
  moduleRepair,
  route,
  probe,
  scanBeside,
];

process.exitCode = await run();

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !rows.some((row) => row.name === name));
  if (unknown !== undefined) {
    console.error(`bench: no row ${unknown}; there are ${rows.map((row) => row.name).join(', ')}`);
    return 2;
  }
  const chosen = rows.filter((row) => positionals.length === 0 || positionals.includes(row.name));
  const sections = await measureAll(chosen, values.quick);
  const file = resolve(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');
  if (chosen.length === rows.length && !values.quick)
    writeFileSync(file, formatDocument(sections, new Date()));
  else if (values.update && !values.quick)
    writeFileSync(file, updateDocument(readFileSync(file, 'utf8'), sections));
  const broken = sections.flatMap(({ figures }) => figures.filter(isOver));
  const skipped = sections.filter((section) => section.skipped !== undefined);
  console.log(`\n${broken.length} limits broken, ${skipped.length} rows not measured`);
  return values.check && broken.length > 0 ? 1 : 0;
}

async function measureAll(chosen: readonly Row[], isQuick: boolean): Promise<readonly Section[]> {
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-bench-'));
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('SIGINT', () => {
    removeFolder();
    process.exit(130);
  });
  try {
    const bench = prepareBench(folder, isQuick);
    const sections: Section[] = [];
    for (const row of chosen) sections.push(await measureRow(row, bench));
    return sections;
  } finally {
    removeFolder();
  }
}

function prepareBench(folder: string, isQuick: boolean): Bench {
  const app = prepareApp(join(folder, 'app'));
  let prepared: TruthModule | string | undefined;
  return {
    app,
    folder,
    isQuick,
    module() {
      prepared ??= prepareModule('bubbletea', join(folder, 'module'));
      if (typeof prepared === 'string') throw new Skip(prepared);
      return prepared;
    },
  };
}

/** measureRow prints what it finds; a row that fails is told and the others go on. */
async function measureRow({ name, title, measure }: Row, bench: Bench): Promise<Section> {
  console.log(`\n${name}: ${title}`);
  let figures: readonly Figure[] = [];
  let skipped: string | undefined;
  try {
    figures = await measure(bench);
    console.log(formatTable([figureHeader, ...figures.map(formatFigure)]));
  } catch (error) {
    skipped = error instanceof Error ? error.message : String(error);
    console.error(`${error instanceof Skip ? 'SKIPPED' : 'FAILED'}: ${skipped}`);
  }
  return { name, title, figures, skipped };
}
