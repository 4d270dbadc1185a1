import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkOutputs } from '../../source/build-cache/index/check.ts';
import { createEntryIndex } from '../../source/build-cache/index/entry-index.ts';
import { findOwners } from '../../source/build-cache/index/owners.ts';
import { createLearned, scanEntries } from '../../source/build-cache/index/scan.ts';
import { makeFastFolder } from './cache-load.ts';
import { figureOf } from './figure.ts';
import { interleave, pairwise, type Row } from './row.ts';

/** cacheCheck: reading all of a real GOCACHE against the names of its outputs, beside two sha256sum. */
export const cacheCheck: Row = {
  name: 'cache-check',
  title: 'check of all outputs of a real GOCACHE of about 1 GB, beside sha256sum in two processes',
  async measure(bench) {
    const { directory, environment } = bench.module();
    const folder = makeFastFolder('bench-check');
    const gocache = join(folder, 'cache');
    try {
      const env = { ...process.env, ...environment, GOCACHE: gocache };
      const variants = bench.isQuick
        ? [[]]
        : [[], ['-race'], ['-cover'], ['-trimpath'], ['-gcflags=all=-N -l']];
      for (const flags of variants)
        execFileSync('go', ['build', ...flags, 'std', './...'], { cwd: directory, env });
      const files = readdirSync(gocache, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('-d'))
        .map((name) => join(gocache, name))
        .filter((file) => statSync(file).isFile());
      const list = join(folder, 'list');
      writeFileSync(list, files.join('\0'));
      const index = createEntryIndex();
      const learned = createLearned();
      const order = { gocache, gomodcache: '/nowhere' };
      await scanEntries({ ...order, index, learned });
      const owners = findOwners(index, learned);
      const samples = await interleave(bench.isQuick ? 1 : 5, {
        sums: () => {
          const startedAt = performance.now();
          execFileSync('xargs', ['-0', '-a', list, '-n', '200', '-P', '2', 'sha256sum'], { stdio: 'ignore' });
          return Promise.resolve(performance.now() - startedAt);
        },
        ours: async () => {
          const startedAt = performance.now();
          const { damaged, problems } = await checkOutputs({ ...order, index, owners });
          if (damaged.size + problems.length > 0) throw new Error('a sound cache was called damaged');
          return performance.now() - startedAt;
        },
      });
      const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
      return [
        figureOf('outputs', [bytes / 2 ** 20], 'MiB', undefined),
        figureOf('sha256sum', samples.sums, 'ms', undefined),
        figureOf(
          'check / sha256sum',
          pairwise(samples.ours, samples.sums, (a, b) => a / b),
          'x',
          { atMost: 1.2 },
        ),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
