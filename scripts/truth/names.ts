import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createEntryIndex } from '../../source/build-cache/index/entry-index.ts';
import { unitText, variantText } from '../../source/build-cache/index/name.ts';
import { findOwners } from '../../source/build-cache/index/owners.ts';
import { createLearned, scanEntries } from '../../source/build-cache/index/scan.ts';
import { summarize } from '../../source/build-cache/index/summary.ts';
import type { OutputId } from '../../source/go/ids.ts';
import type { TruthModule } from './modules.ts';

/** NameVariant is a way to build; `words` are what must stand in the name of each archive that it makes. */
export type NameVariant = {
  readonly flags: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly words: readonly string[];
};

/**
 * nameVariants are those in which one package leaves different archives. That of `-N` says `-l` only: the runtime is
 * never compiled without optimization (cmd/compile/internal/base: ParseFlags, go1.26).
 */
export const nameVariants: readonly NameVariant[] = [
  { flags: [], words: [] },
  { flags: ['-race'], words: ['race'] },
  { flags: ['-cover'], words: [] },
  { flags: ['-trimpath'], words: [] },
  { flags: ['-test'], words: [] },
  { flags: ['-gcflags=all=-N -l'], words: ['-l'] },
  { flags: [], environment: { GOOS: 'windows', GOARCH: 'arm64' }, words: ['windows/arm64'] },
  { flags: [], environment: { CGO_ENABLED: '0' }, words: [] },
];

/** NamesFound is how our names compare with those of go list -export. */
export type NamesFound = {
  readonly packages: number;
  readonly wrong: readonly string[];
  /**
   * untold are packages that were compiled once more for a test without a test file of their own, `q [p.test]`: what they
   * import differs, and nothing in the archive says for which test. They are named as q.
   */
  readonly untold: number;
  /** unattributedShare of the bytes belongs to no package. */
  readonly unattributedShare: number;
};

/** compareNames builds the packages in a variant and compares the name of every archive that go list -export gives. */
export async function compareNames(
  { directory, environment }: Pick<TruthModule, 'directory' | 'environment'>,
  variant: NameVariant,
  patterns: readonly string[] = ['./...'],
): Promise<NamesFound> {
  const env = { ...process.env, ...environment, ...variant.environment };
  const form = '{{.ImportPath}}\t{{.Export}}';
  const listed = execFileSync('go', ['list', '-export', '-deps', '-f', form, ...variant.flags, ...patterns], {
    cwd: directory,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const gocache = environment.GOCACHE ?? '';
  const gomodcache = execFileSync('go', ['env', 'GOMODCACHE'], { cwd: directory, env, encoding: 'utf8' });
  const index = createEntryIndex();
  const learned = createLearned();
  await scanEntries({ gocache, gomodcache: gomodcache.trim(), index, learned });
  const owners = findOwners(index, learned);
  const wrong: string[] = [];
  let packages = 0;
  let untold = 0;
  for (const line of listed.trim().split('\n')) {
    const [importPath = '', file = ''] = line.split('\t');
    if (file === '') continue; // unsafe, and what was not built
    packages += 1;
    const row = index.outputs.find(basename(file).slice(0, 64) as OutputId);
    const name = row === undefined ? undefined : index.names[owners.outputs[row] ?? -1];
    const named = name === undefined ? 'no name' : unitText(name);
    const words = name === undefined ? [] : variantText(name, false).split(' ');
    if (name !== undefined && isForTest(importPath, name.importPath) && named === name.importPath)
      untold += 1;
    else if (named !== importPath || variant.words.some((word) => !words.includes(word)))
      wrong.push(`${importPath}: ${named} (${words.join(' ')})`);
  }
  const { bytes, unattributed } = summarize(index, owners, Date.now());
  return { packages, wrong, untold, unattributedShare: unattributed.bytes / bytes };
}

/** isForTest says that go list means the package, compiled for some test. */
function isForTest(listed: string, importPath: string): boolean {
  return listed.startsWith(`${importPath} [`) && listed.endsWith('.test]');
}

/** printNames compares all variants of a module and gives the number of wrong names. */
export async function printNames(module: TruthModule): Promise<number> {
  const gocache = join(module.directory, '..', 'names-cache');
  const environment = { ...module.environment, GOCACHE: gocache };
  let wrong = 0;
  try {
    for (const variant of nameVariants) {
      const found = await compareNames({ ...module, environment }, variant);
      wrong += found.wrong.length;
      const what = [
        ...variant.flags,
        ...Object.entries(variant.environment ?? {}).map((pair) => pair.join('=')),
      ];
      console.log(
        `${module.name.padEnd(12)}${(what.join(' ') || 'plain').padEnd(34)}${String(found.packages).padStart(7)} packages${String(found.wrong.length).padStart(7)} wrong${String(found.untold).padStart(5)} without the test they are for${(100 * found.unattributedShare).toFixed(2).padStart(8)} % of the bytes without a package`,
      );
      for (const line of found.wrong.slice(0, 8)) console.log(`    ${line}`);
    }
  } finally {
    rmSync(gocache, { recursive: true, force: true });
  }
  return wrong;
}
