import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, explain, type Problem } from '../platform/problem.ts';
import { type BuildRecord, formatBuildRecord, parseBuildRecords } from './build-record.ts';
import {
  type CompileTime,
  type CompileTimes,
  formatCompileTimes,
  parseCompileTimes,
} from './compile-times.ts';
import { appendLines } from './line-file.ts';

/** BuildHistory is what is recorded about a GOCACHE: its builds, oldest first, and the compile times of all. */
export type BuildHistory = {
  readonly builds: readonly BuildRecord[];
  readonly times: CompileTimes;
  /** damaged counts lines of both files that could not be read, as one that was torn by a full disk. */
  readonly damaged: number;
  /** problems are files that cannot be read; one that is not there is none. */
  readonly problems: readonly Problem[];
};

/** recordBuild adds a build to the record, and what it compiled. It never throws: the build matters more. */
export function recordBuild(
  stateFolder: string,
  build: BuildRecord,
  times: readonly CompileTime[],
): Problem | undefined {
  const [builds, compiles] = [join(stateFolder, buildsName), join(stateFolder, compilesName)];
  let file = builds;
  try {
    appendLines(builds, formatBuildRecord(build), mostBuildBytes);
    file = compiles;
    if (times.length > 0) appendLines(compiles, formatCompileTimes(times), mostCompileBytes);
    return undefined;
  } catch (error) {
    return explain(file, 'this build is not in the record', error);
  }
}

/** readHistory reads the record; without a state folder it is empty. */
export function readHistory(stateFolder: string | undefined, gocache: string): BuildHistory {
  const problems: Problem[] = [];
  const read = (name: string): string => {
    if (stateFolder === undefined) return '';
    const file = join(stateFolder, name);
    try {
      return readFileSync(file, 'latin1');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') problems.push(explain(file, 'the record cannot be read', error));
      return '';
    }
  };
  // JSON is UTF-8, and a path may be in it.
  const text = Buffer.from(read(buildsName), 'latin1').toString('utf8');
  const { builds, damaged } = parseBuildRecords(text, gocache);
  const times = parseCompileTimes(read(compilesName));
  return { builds, times, damaged: damaged + times.damaged, problems };
}

const buildsName = 'builds.ndjson';
const compilesName = 'compiles';
// About 3,000 builds.
const mostBuildBytes = 1_000_000;
// About 80,000 compiles, 25 bytes each: forty cold builds of a large module; read in 30 ms.
const mostCompileBytes = 2_000_000;
