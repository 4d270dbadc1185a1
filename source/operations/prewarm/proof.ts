import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { splitGoFlags } from '../../go/flags.ts';
import { type GoPlace, runGoCommand } from '../../go/run.ts';
import { quote } from '../../go/shell-word.ts';
import { packagePatterns, readGoMod } from '../offline/list.ts';
import type { MainModule } from '../offline/needs.ts';
import { nowhereEnvironment, openNowhere } from '../offline/nowhere.ts';
import { formatPlatform, type Platform } from '../offline/platform.ts';
import { hostOf, type NeedsOptions } from '../offline/probe.ts';
import { copyWorkspace } from '../offline/workspace-copy.ts';

/** Isolation is how far a build was kept from the network. */
export type Isolation = 'network namespace' | 'GOPROXY=off only';

/** ProofStep is one go command of a proof. */
export type ProofStep = {
  /** command as it can be typed. */
  readonly command: string;
  readonly platform: string;
  readonly hasPassed: boolean;
  readonly durationMs: number;
  /** output is what go said when it failed; empty else. */
  readonly output: string;
};

/** Proof is a real build without a network. */
export type Proof = {
  readonly isolated: Isolation;
  readonly steps: readonly ProofStep[];
  readonly hasPassed: boolean;
};

/**
 * proveOffline builds without a network, in a namespace that has none where the system allows it. It uses the user's GOCACHE:
 * a hit hides nothing, since go hashes the sources of each package to find it (measured: with one file of an extracted
 * module gone a warm build fails), and the next build there is warm. Nothing is run: vet with one analyzer type-checks the
 * tests and compiles all they import, without linking.
 */
export async function proveOffline(
  options: NeedsOptions,
  mainModules: readonly MainModule[],
): Promise<Proof> {
  const { env, cwd, environment, platforms, withTests, withTools, signal, onProgress } = options;
  const nowhere = openNowhere();
  const steps: ProofStep[] = [];
  try {
    const around = (await canCutNetwork()) ? ['unshare', '-rn', '--'] : [];
    const isolated: Isolation = around.length > 0 ? 'network namespace' : 'GOPROXY=off only';
    const settings = {
      ...nowhereEnvironment(env, environment, nowhere.url),
      GOPROXY: 'off',
      GOFLAGS: env.goflags,
    };
    let place: GoPlace = { cwd, environment: settings, signal };
    if (env.gowork !== '' && env.gowork !== 'off') {
      const copy = await copyWorkspace(env.gowork, nowhere.folder, place);
      if (typeof copy !== 'string') place = { ...place, environment: { ...settings, GOWORK: copy.gowork } };
    }
    const mod = isVendored(options, mainModules) ? [] : ['-mod=readonly'];
    const patterns = packagePatterns(mainModules);
    for (const platform of platforms) {
      const run = async (...words: readonly string[]): Promise<void> => {
        onProgress?.(`proof: ${formatPlatform(platform)}: go ${words[0]}`);
        steps.push(await runStep(place, around, platform, words, mainModules));
      };
      await run('build', ...mod, '-o', devNull, '--', ...patterns);
      if (withTests) await run('vet', ...mod, '-framepointer', '--', ...patterns);
    }
    if (withTools && (await anyTools(place, mainModules))) {
      const words = ['build', ...mod, '-o', devNull, '--', 'tool'];
      steps.push(await runStep(place, around, hostOf(env), words, mainModules));
    }
    signal?.throwIfAborted();
    return { isolated, steps, hasPassed: steps.every(({ hasPassed }) => hasPassed) };
  } finally {
    nowhere.remove();
  }
}

async function runStep(
  place: GoPlace,
  around: readonly string[],
  platform: Platform,
  words: readonly string[],
  mainModules: readonly MainModule[],
): Promise<ProofStep> {
  const environment = { ...place.environment, GOOS: platform.goos, GOARCH: platform.goarch };
  const startedAt = performance.now();
  const ran = await runGoCommand({ ...place, environment }, words, around);
  // go vet fails where a platform has no packages at all: then there is nothing to prove.
  const hasPassed = ran.isFine || /^no packages to vet$/m.test(ran.stderr);
  const shown = [...around, 'env', 'GOPROXY=off', ...platformWords(platform), 'go', ...words];
  return {
    command: shown.map((word) => quote(shorten(word, mainModules))).join(' '),
    platform: formatPlatform(platform),
    hasPassed,
    durationMs: performance.now() - startedAt,
    output: hasPassed ? '' : (ran.stderr.trim() || ran.failure).split('\n').slice(0, mostLines).join('\n'),
  };
}

// What failed stands first; the rest is the same again.
const mostLines = 40;

function platformWords({ goos, goarch }: Platform): readonly string[] {
  return [`GOOS=${goos}`, `GOARCH=${goarch}`];
}

/** shorten writes the folder of a single main module as a user would. */
function shorten(word: string, mainModules: readonly MainModule[]): string {
  const [only, ...others] = mainModules;
  return only !== undefined && others.length === 0 && word === join(only.dir, '...') ? './...' : word;
}

/** isVendored: go then takes vendor by itself, and -mod=readonly would turn it off. */
function isVendored({ env }: NeedsOptions, mainModules: readonly MainModule[]): boolean {
  const folders = [...mainModules.map(({ dir }) => dir), dirname(env.gowork)];
  const isSet = splitGoFlags(env.goflags).words.some((word) => /^--?mod=vendor$/.test(word));
  return isSet || folders.some((folder) => existsSync(join(folder, 'vendor', 'modules.txt')));
}

async function anyTools(place: GoPlace, modules: readonly MainModule[]): Promise<boolean> {
  const goMods = await Promise.all(modules.map((module) => readGoMod(place, module)));
  return goMods.some(({ hasTools }) => hasTools);
}

/** canCutNetwork says whether the system lets us make a network namespace, as user namespaces allow it on Linux. */
function canCutNetwork(): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('unshare', ['-rn', 'true'], (error) => resolve(error === null));
  });
}
