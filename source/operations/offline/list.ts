import { join } from 'node:path';
import { parseRecords } from '../../go/records.ts';
import { type GoPlace, runGoCommand } from '../../go/run.ts';
import type { Listing } from './collect.ts';
import { isRecord, needFields, toListedNeed } from './listed.ts';
import type { MainModule, NeededVersion } from './needs.ts';
import { formatPlatform, type Platform } from './platform.ts';

/** listMainModules asks for the main module, or all of a workspace; a text is go's reason why there is none. */
export async function listMainModules(place: GoPlace): Promise<readonly MainModule[] | string> {
  const ran = await runGoCommand(place, ['list', '-m', '-json']);
  if (!ran.isFine) return ran.failure;
  return parseRecords(ran.stdout).flatMap((record) => {
    if (!isRecord(record) || record.Main !== true) return [];
    const { Path: path, Dir: dir, GoMod: goMod } = record;
    return typeof path === 'string' && typeof dir === 'string' && typeof goMod === 'string'
      ? [{ path, dir, goMod }]
      : [];
  });
}

/** listPackages lists what the packages of these modules need on a platform. A folder as pattern leaves out modules below it. */
export function listPackages(
  place: GoPlace,
  platform: Platform,
  modules: readonly MainModule[],
  withTests: boolean,
): Promise<Listing> {
  return list(place, platform, packagePatterns(modules), withTests ? ['-test'] : []);
}

/** packagePatterns name all packages of modules, wherever go runs. */
export function packagePatterns(modules: readonly MainModule[]): readonly string[] {
  return modules.map(({ dir }) => join(dir, '...'));
}

/** listTools lists what the tools of go.mod need: go builds them for the machine it runs on. `cmd/go/internal/tool, go1.26` */
export function listTools(place: GoPlace, host: Platform): Promise<Listing> {
  return list(place, host, ['tool'], []);
}

/** GoModFile is what of a main module's go.mod matters here. */
export type GoModFile = {
  readonly hasTools: boolean;
  /** requires are the modules by the path that packages are imported under, and what stands in their place. */
  readonly requires: readonly { readonly importedAs: string; readonly module: NeededVersion }[];
};

/** readGoMod reads a go.mod through go; one that cannot be read is empty here, go list says why. */
export async function readGoMod(place: GoPlace, { goMod }: MainModule): Promise<GoModFile> {
  const ran = await runGoCommand(place, ['mod', 'edit', '-json', goMod]);
  const file: unknown = ran.isFine ? JSON.parse(ran.stdout) : undefined;
  if (!isRecord(file)) return { hasTools: false, requires: [] };
  const replaces = recordsIn(file.Replace);
  const requires = recordsIn(file.Require).flatMap((require) => {
    const module = toVersion(require);
    if (module === undefined) return [];
    const replace = replaces.find(({ Old }) => isRecord(Old) && replacesThis(Old, module));
    const instead = replace === undefined ? module : toVersion(replace.New);
    // A folder in its place needs nothing.
    return instead === undefined ? [] : [{ importedAs: module.path, module: instead }];
  });
  return { hasTools: recordsIn(file.Tool).length > 0, requires };
}

function recordsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function toVersion(value: unknown): NeededVersion | undefined {
  if (!isRecord(value)) return undefined;
  const { Path: path, Version: version } = value;
  return typeof path === 'string' && typeof version === 'string' ? { path, version } : undefined;
}

function replacesThis(old: Readonly<Record<string, unknown>>, { path, version }: NeededVersion): boolean {
  return old.Path === path && (old.Version === undefined || old.Version === version);
}

async function list(
  place: GoPlace,
  platform: Platform,
  patterns: readonly string[],
  flags: readonly string[],
): Promise<Listing> {
  const words = ['list', '-e', '-deps', ...flags, `-json=${needFields}`, '--', ...patterns];
  const environment = { ...place.environment, GOOS: platform.goos, GOARCH: platform.goarch };
  const ran = await runGoCommand({ ...place, environment }, words);
  const listed = parseRecords(ran.stdout).flatMap((record) => toListedNeed(record) ?? []);
  const said = ran.isFine ? [] : readFailures(ran.stderr);
  // go list -e ends with 1 when a package cannot be loaded; it has said which on stdout.
  const isSilent = !ran.isFine && said.length === 0 && listed.length === 0;
  return { platform: formatPlatform(platform), listed, failures: isSilent ? [ran.failure] : said };
}

/** readFailures cuts stderr into errors: each begins with `go: `, or is the block of a checksum that differs. */
function readFailures(stderr: string): readonly string[] {
  return stderr
    .replace(/^go: downloading .*\n?/gm, '')
    .replace(/^SECURITY ERROR\n[\s\S]*?(?=^go: |$(?![\s\S]))/gm, '')
    .split(/\n(?=go: )/)
    .map((text) => text.replace(/^go: /, '').trim())
    .filter((text) => text !== '');
}
