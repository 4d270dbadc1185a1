import type { GoEnv } from '../../go/env.ts';
import { readSettingFiles } from '../../go/env.ts';
import { settingMeanings } from '../../go/setting-meaning.ts';
import { type Environment, explainSettings, shownSettings } from '../../go/settings.ts';
import type { Problem } from '../../platform/problem.ts';
import { probeBuildCache, probeModuleCache } from './caches/probe.ts';
import { askGo, askSwitched, readGoLines } from './env.ts';
import type { DoctorFacts, Refusal } from './facts.ts';
import { probeMachine } from './machine/probe.ts';
import type { GoOnPath } from './toolchain/facts.ts';
import { askFlags, askVersions, listGoCommands, locateToolchain, probeGoroot } from './toolchain/probe.ts';
import { selectToolchain } from './toolchain/select.ts';

export type DoctorOptions = {
  readonly cwd: string;
  /** environment is what go is asked under; userEnvironment the same without our own flags. */
  readonly environment: Environment;
  readonly userEnvironment: Environment;
  /** flagSettings are given by our own flags. */
  readonly flagSettings: ReadonlyMap<string, string>;
  /** goEnv is what go env says under GOTOOLCHAIN=local, so that nothing is downloaded. */
  readonly goEnv: Promise<GoEnv | Problem>;
  readonly isReadOnly: boolean;
  readonly asksNetwork: boolean;
  /** now is Unix milliseconds. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
};

/** NoGo is that no go command answers: nothing else can be known. */
export type NoGo = {
  readonly failure: Problem;
  readonly commands: readonly GoOnPath[];
  readonly refusals: readonly Refusal[];
};

/** probeDoctor collects all facts. It runs go two to four times, writes one file and removes it, and asks the network only when told to. */
export async function probeDoctor(options: DoctorOptions): Promise<DoctorFacts | NoGo> {
  const { cwd, environment, userEnvironment, isReadOnly, now, signal } = options;
  const commands = listGoCommands(environment.PATH);
  const first = await options.goEnv;
  const ask = { cwd, environment, first, ownGoroot: commands[0]?.goroot, signal };
  const { env, failure, refusals } = await askGo(ask);
  if (env === undefined) return { failure, commands, refusals };

  const files = await readSettingFiles(env);
  const sources = { ...files, environment: userEnvironment, flags: options.flagSettings };
  const names = settingNames(env);
  const local = explainSettings({ ...sources, effective: env.raw }, names);
  const gotoolchain = local.find(({ name }) => name === 'GOTOOLCHAIN')?.value ?? '';
  const lines = readGoLines(env);
  const selection = selectToolchain({
    gotoolchain,
    local: env.goversion,
    goLine: lines?.go,
    toolchainLine: lines?.toolchain,
  });
  const selected =
    selection.type === 'switch' ? locateToolchain(selection.name, env, environment.PATH) : undefined;
  const [switched, flagsFault, known, cache, modules, machine, network] = await Promise.all([
    selected === undefined || selected === 'nowhere' ? undefined : askSwitched(ask, refusals),
    env.goflags === '' ? undefined : askFlags(cwd, { ...environment, ...shieldsOf(refusals) }),
    askVersions(commands, environment),
    probeBuildCache({ env, environment, now, mainModule: lines?.module }),
    probeModuleCache({ env, environment, now }),
    probeMachine({ env, cwd, environment, isReadOnly }),
    options.asksNetwork ? askNetwork(env, options) : undefined,
  ]);
  const settings =
    switched === undefined
      ? local
      : explainSettings({ ...sources, effective: { ...env.raw, ...switched } }, names);
  return {
    now,
    cwd,
    env,
    refusals,
    settings: new Map(
      settings
        .filter(({ name, value }) => value !== '' || name in env.raw)
        .map((setting) => [setting.name, setting]),
    ),
    files,
    fileProblems: files.problems,
    variables: userEnvironment,
    toolchain: {
      commands: known,
      version: env.goversion,
      goroot: probeGoroot(env.goroot),
      lines,
      selection,
      selected,
      flagsFault,
    },
    gocache: cache?.cache,
    gomodcache: modules?.cache,
    trim: cache?.trim,
    trimpath: cache?.trimpath,
    remainders: modules?.remainders,
    machine,
    network,
  };
}

/** settingNames are those that every report shows, then all others; of what go env was not asked for only what is set is known. */
function settingNames(env: GoEnv): readonly string[] {
  return [...new Set([...shownSettings, ...Object.keys(env.raw), ...settingMeanings.keys()])];
}

function shieldsOf(refusals: readonly Refusal[]): Readonly<Record<string, string>> {
  return Object.fromEntries(refusals.map(({ setting, shield }) => [setting, shield]));
}

async function askNetwork(env: GoEnv, { environment, cwd, signal }: DoctorOptions) {
  // Without --network nothing of it is loaded.
  const { probeNetwork } = await import('./network/probe.ts');
  return probeNetwork({ env, environment, cwd, signal });
}
