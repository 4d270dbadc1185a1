import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type GoEnv, isProblem, readGoEnv } from '../../go/env.ts';
import { withoutNetwork } from '../../go/no-network.ts';
import type { Environment } from '../../go/settings.ts';
import { parseModFile, parseWorkFile } from '../../module-graph/mod-file.ts';
import type { Problem } from '../../platform/problem.ts';
import type { AskedGo, GoLines, Refusal } from './facts.ts';

/** AskOptions: `first` is what go env said under GOTOOLCHAIN=local, which downloads no toolchain. */
export type AskOptions = {
  readonly cwd: string;
  readonly environment: Environment;
  readonly first: GoEnv | Problem;
  /** ownGoroot is the tree that the go command on PATH lies in; undefined for one that lies in none. */
  readonly ownGoroot: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * askGo finds out what go says of its settings even where one of them stops every go command: that one is told, and go is asked
 * again with another value in its place, so that the rest is known.
 */
export async function askGo(options: AskOptions): Promise<AskedGo> {
  const { cwd, environment, first, ownGoroot, signal } = options;
  const refusals: Refusal[] = [];
  const shields: Record<string, string> = {};
  let answer = first;
  while (isProblem(answer)) {
    const refusal = findRefusal(answer, ownGoroot, environment);
    if (refusal === undefined || refusal.setting in shields)
      return { env: undefined, failure: answer, refusals };
    refusals.push(refusal);
    shields[refusal.setting] = refusal.shield;
    const shielded = { ...environment, ...shields, GOTOOLCHAIN: 'local' };
    answer = await readGoEnv({ goCommand: 'go', cwd, environment: shielded, ...withSignal(signal) });
  }
  return { env: withoutShields(answer, refusals), failure: undefined, refusals };
}

/** refusing are the settings with which no go command runs, go's words, and a value that is fine. `cmd/go: main; modload: Init, go1.26` */
const refusing: readonly {
  readonly setting: string;
  readonly words: RegExp;
  shield(goroot: string | undefined, environment: Environment): string | undefined;
}[] = [
  { setting: 'GOROOT', words: /cannot find GOROOT directory/, shield: (goroot) => goroot },
  { setting: 'GOPATH', words: /GOPATH entry/, shield: (_, { HOME = '' }) => `${HOME}/go` },
  { setting: 'GO111MODULE', words: /unknown environment setting GO111MODULE/, shield: () => 'on' },
  { setting: 'GOEXPERIMENT', words: /GOEXPERIMENT/, shield: () => 'none' },
  { setting: 'GOWORK', words: /invalid GOWORK/, shield: () => 'off' },
];

function findRefusal(
  { why }: Problem,
  ownGoroot: string | undefined,
  environment: Environment,
): Refusal | undefined {
  for (const { setting, words, shield } of refusing) {
    const value = words.test(why) ? shield(ownGoroot, environment) : undefined;
    if (value !== undefined) return { setting, words: firstLine(why), shield: value };
  }
  return undefined;
}

/** withoutShields: what was put in the place of a setting is not what counts. */
function withoutShields(env: GoEnv, refusals: readonly Refusal[]): GoEnv {
  const shielded = new Set(['GOTOOLCHAIN', ...refusals.map(({ setting }) => setting)]);
  const raw = Object.fromEntries(Object.entries(env.raw).filter(([name]) => !shielded.has(name)));
  return { ...env, raw };
}

/** readGoLines reads the go and toolchain lines that count here: those of go.work before those of go.mod. */
export function readGoLines({ gowork, gomod }: Pick<GoEnv, 'gowork' | 'gomod'>): GoLines | undefined {
  const isWorkspace = gowork !== '' && gowork !== 'off';
  const file = isWorkspace ? gowork : gomod;
  if (!isWorkspace && !gomod.endsWith('go.mod')) return undefined;
  const text = readText(file);
  if (!isWorkspace) {
    const { module, go, toolchain } = parseModFile(text);
    return { file, module, go, toolchain, members: [] };
  }
  const { go, toolchain, use } = parseWorkFile(text);
  const members = use.map((folder) => {
    const member = join(resolve(dirname(file), folder), 'go.mod');
    return { file: member, go: parseModFile(readText(member)).go };
  });
  return { file, module: undefined, go, toolchain, members };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // go says so itself
  }
}

/**
 * askSwitched asks the toolchain that go switches to here, where it is there, for its name and folder; nothing is downloaded.
 * undefined where it does not answer.
 */
export async function askSwitched(
  { cwd, environment, signal }: AskOptions,
  refusals: readonly Refusal[],
): Promise<Readonly<Record<string, string>> | undefined> {
  const shields = Object.fromEntries(refusals.map(({ setting, shield }) => [setting, shield]));
  const alone = withoutNetwork({ ...environment, ...shields });
  const answer = await readGoEnv({ goCommand: 'go', cwd, environment: alone, ...withSignal(signal) });
  if (isProblem(answer)) return undefined;
  const { GOVERSION = '', GOROOT = '', GOTOOLDIR = '' } = answer.raw;
  return { GOVERSION, GOROOT, GOTOOLDIR };
}

function withSignal(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/^go: /, '');
}
