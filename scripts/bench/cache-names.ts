import { execFileSync } from 'node:child_process';
import { createProgramPaths } from '../../source/build-cache/index/program-path.ts';
import { nameOutputs } from '../../source/build-cache/index/read-entries.ts';
import { createEntryPacks, readFolder } from '../../source/build-cache/index/read-folder.ts';
import { figureOf } from './figure.ts';
import type { Row } from './row.ts';

/** cacheNames: what it costs to read whose each archive is, on one core. */
export const cacheNames: Row = {
  name: 'cache-names',
  title: 'naming every archive of std and of bubbletea, plain and -race, on one core',
  measure(bench) {
    const { directory, environment } = bench.module();
    const env = { ...process.env, ...environment };
    for (const flags of bench.isQuick ? [[]] : [[], ['-race']])
      execFileSync('go', ['build', ...flags, 'std', './...'], { cwd: directory, env });
    const gocache = environment.GOCACHE ?? '';
    const gomodcache = execFileSync('go', ['env', 'GOMODCACHE'], {
      cwd: directory,
      env,
      encoding: 'utf8',
    }).trim();
    const packed = readOutputs(gocache);
    const samples: number[] = [];
    let archives = 0;
    for (let round = 0; round < (bench.isQuick ? 1 : 5); round++) {
      const programs = createProgramPaths(gomodcache);
      const startedAt = performance.now();
      const named = packed.flatMap(({ ids, folders }) => nameOutputs(gocache, ids, folders, programs));
      const tookMs = performance.now() - startedAt;
      archives = named.filter(({ kind }) => kind === 'archive').length;
      samples.push((1000 * tookMs) / archives);
    }
    return Promise.resolve([
      figureOf('archives', [archives], '', undefined),
      figureOf('all outputs looked into, for each archive', samples, 'µs', { atMost: 300 }),
    ]);
  },
};

function readOutputs(gocache: string) {
  return Array.from({ length: 256 }, (_, number) => {
    const folder = number.toString(16).padStart(2, '0');
    const { outputs } = readFolder(gocache, folder, createEntryPacks()());
    return { ids: outputs.ids, folders: outputs.folders };
  }).filter(({ folders }) => folders.length > 0);
}
