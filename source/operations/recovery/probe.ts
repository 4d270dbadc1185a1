import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModuleFacts } from '../../checksums/facts.ts';
import { parseGoSum } from '../../checksums/go-sum.ts';
import { type ChecksumAnswer, readAllFacts } from '../../checksums/pool.ts';
import { type GoEnv, readSettingFiles } from '../../go/env.ts';
import { type Environment, explainSettings } from '../../go/settings.ts';
import type { Problem } from '../../platform/problem.ts';
import { matchPrivate } from '../../proxy/private.ts';
import { parseSumdb } from '../../proxy/sumdb.ts';
import { listMainModules } from '../offline/list.ts';
import type { NeededVersion } from '../offline/needs.ts';
import { nowhereEnvironment, openNowhere } from '../offline/nowhere.ts';
import { sumFiles } from '../offline/probe.ts';
import { fetchAll } from '../prewarm/fetch-all.ts';
import type { GoSumPlace, RecoveryFacts, SumFact, SumFile } from './facts.ts';
import { type KeptAnswer, readKeptAnswer } from './kept-answer.ts';

export type RecoveryOptions = {
  readonly env: GoEnv;
  readonly cwd: string;
  readonly environment: Environment;
  /** flags are settings that were given by our own flags. */
  readonly flags: ReadonlyMap<string, string>;
  /** asksNetwork: what disagrees, and what nothing was kept of, is asked of the checksum database. */
  readonly asksNetwork: boolean;
  /** isPatient leaves the processor to builds, as the screen does. */
  readonly isPatient: boolean;
  readonly signal?: AbortSignal;
  onProgress?(what: string): void;
};

/** probeRecovery reads the settings, go.sum, the download cache and what go kept of the checksum database. */
export async function probeRecovery(
  options: RecoveryOptions,
): Promise<{ readonly facts: RecoveryFacts; readonly problems: readonly Problem[] }> {
  const { env, environment, flags } = options;
  const files = await readSettingFiles(env);
  const names = ['GOSUMDB', 'GONOSUMDB', 'GOPRIVATE', 'GOINSECURE', 'GOFLAGS'];
  const settings = explainSettings({ ...files, effective: env.raw, environment, flags }, names);
  const places = readPlaces(sumFiles(env, await mainModulesOf(options)));
  const needed = versionsIn(places);
  const cached = await hashCached(env.gomodcache, needed, options);
  const answers = new Map<string, { answer: KeptAnswer; isAsked: boolean }>();
  for (const module of needed) {
    const answer = readKeptAnswer(env.gomodcache, databaseName(env), module);
    if (answer !== undefined) answers.set(nameOf(module), { answer, isAsked: false });
  }
  let databaseFailure: string | undefined;
  if (options.asksNetwork) {
    const toAsk = needed.filter((module) => isWorthAsking(module, places, cached, answers, env));
    const asked = await askDatabase(toAsk, options);
    for (const [name, answer] of asked.answers) answers.set(name, { answer, isAsked: true });
    databaseFailure = asked.failure;
  }
  const sums = [...places.values()].map((place) => toFact(place, cached, answers));
  const byName = new Map(settings.map((setting) => [setting.name, setting]));
  return { facts: { settings: byName, needed, sums, databaseFailure }, problems: files.problems };
}

type Place = { readonly module: NeededVersion; readonly file: SumFile; readonly goSum: GoSumPlace[] };
type Places = ReadonlyMap<string, Place>;
type Answers = ReadonlyMap<string, { readonly answer: KeptAnswer; readonly isAsked: boolean }>;

async function mainModulesOf({ env, cwd, environment, signal }: RecoveryOptions) {
  if (env.gowork === '' || env.gowork === 'off') return [];
  const nowhere = openNowhere();
  try {
    const settings = nowhereEnvironment(env, environment, nowhere.url);
    const modules = await listMainModules({ cwd, environment: settings, signal });
    return typeof modules === 'string' ? [] : modules;
  } finally {
    nowhere.remove();
  }
}

function readPlaces(files: readonly string[]): Places {
  const places = new Map<string, Place>();
  for (const file of files) {
    for (const { path, version, isGoMod, sum, line } of parseGoSum(readFileSync(file, 'utf8')).lines) {
      const kind: SumFile = isGoMod ? 'go.mod' : 'zip';
      const key = `${path}@${version} ${kind}`;
      const place = places.get(key) ?? { module: { path, version }, file: kind, goSum: [] };
      place.goSum.push({ file, line, sum });
      places.set(key, place);
    }
  }
  return places;
}

function versionsIn(places: Places): readonly NeededVersion[] {
  return [...new Map([...places.values()].map(({ module }) => [nameOf(module), module])).values()];
}

/** hashCached has threads hash what of it lies in the download cache: by the same keys as the places. */
async function hashCached(
  gomodcache: string,
  needed: readonly NeededVersion[],
  { isPatient, signal, onProgress }: RecoveryOptions,
): Promise<ReadonlyMap<string, string>> {
  const cached = new Map<string, string>();
  let done = 0;
  const take = ({ facts, ...module }: ChecksumAnswer): void => {
    done += 1;
    onProgress?.(`${done} of ${needed.length} versions of go.sum compared`);
    const [zip, goMod] = [sumOf(facts?.zip), sumOf(facts?.goMod)];
    if (zip !== undefined) cached.set(`${nameOf(module)} zip`, zip);
    if (goMod !== undefined) cached.set(`${nameOf(module)} go.mod`, goMod);
  };
  await readAllFacts({ gomodcache, isPatient }, needed, take, signal);
  return cached;
}

/** sumOf is the h1 of a file, or why it has none; undefined where it is not there. */
function sumOf(facts: ModuleFacts['zip'] | ModuleFacts['goMod'] | undefined): string | undefined {
  switch (facts?.state) {
    case 'hashed':
      return facts.h1;
    case 'damaged':
    case 'unreadable':
      return facts.why;
    default:
      return undefined;
  }
}

/** isWorthAsking leaves out what is private, and what agrees with an answer that go kept. */
function isWorthAsking(
  module: NeededVersion,
  places: Places,
  cached: ReadonlyMap<string, string>,
  answers: Answers,
  { gonoproxy, gonosumdb, goprivate }: GoEnv,
): boolean {
  if (matchPrivate(module.path, { gonoproxy, gonosumdb, goprivate }).GONOSUMDB !== null) return false;
  if (!answers.has(nameOf(module))) return true;
  return (['zip', 'go.mod'] as const).some((file) => {
    const key = `${nameOf(module)} ${file}`;
    const here = cached.get(key);
    return here !== undefined && places.get(key)?.goSum.some(({ sum }) => sum !== here) === true;
  });
}

/**
 * askDatabase has go look the versions up, in a scratch module without a go.sum and a GOMODCACHE of its own: of each module it
 * downloads the go.mod alone, verifies it, and keeps the database's answer, which has both sums.
 */
async function askDatabase(
  modules: readonly NeededVersion[],
  { env, environment, signal, onProgress }: RecoveryOptions,
): Promise<{ readonly answers: ReadonlyMap<string, KeptAnswer>; readonly failure: string | undefined }> {
  const gomodcache = mkdtempSync(join(tmpdir(), 'gocachetop-recover-'));
  const answers = new Map<string, KeptAnswer>();
  let failure: string | undefined;
  try {
    const fetched = await fetchAll(
      modules.map((module) => ({ module, file: 'mod' })),
      {
        env: { ...env, goflags: `${env.goflags} -modcacherw` },
        environment: { ...environment, GOMODCACHE: gomodcache, GOSUMDB: databaseSetting(env) },
        sums: [],
        signal,
        onFetched: ({ module }) => onProgress?.(`asked the checksum database about ${nameOf(module)}`),
      },
    );
    for (const { module, failure: words } of fetched) {
      const answer = readKeptAnswer(gomodcache, databaseName(env), module);
      if (answer !== undefined) answers.set(nameOf(module), answer);
      else failure ??= words;
    }
  } finally {
    rmSync(gomodcache, { recursive: true, force: true });
  }
  return { answers, failure };
}

/** databaseSetting is GOSUMDB, or the database that go brings with it where that is off. `cmd/go/internal/cfg: GOSUMDB, go1.26` */
function databaseSetting({ gosumdb }: Pick<GoEnv, 'gosumdb'>): string {
  return parseSumdb(gosumdb).kind === 'database' ? gosumdb : 'sum.golang.org';
}

function databaseName(env: GoEnv): string {
  const sumdb = parseSumdb(databaseSetting(env));
  return sumdb.kind === 'database' ? sumdb.name : '';
}

function toFact(
  { module, file, goSum }: Place,
  cached: ReadonlyMap<string, string>,
  answers: Answers,
): SumFact {
  const found = answers.get(nameOf(module));
  const sum = file === 'zip' ? found?.answer.zip : found?.answer.goMod;
  return {
    module,
    file,
    goSum,
    cached: cached.get(`${nameOf(module)} ${file}`),
    database: found === undefined || sum === undefined ? undefined : { sum, isAsked: found.isAsked },
  };
}

function nameOf({ path, version }: NeededVersion): string {
  return `${path}@${version}`;
}
