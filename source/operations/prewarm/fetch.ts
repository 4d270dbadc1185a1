import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { escapePath } from '../../go/module-path.ts';
import { parseRecords } from '../../go/records.ts';
import { redactUrl } from '../../go/redact.ts';
import { type GoPlace, runGoCommand } from '../../go/run.ts';
import type { ProxyChain } from '../../proxy/chain.ts';
import { parseXGet, type XGet } from '../../proxy/x-get.ts';
import { isRecord } from '../offline/listed.ts';
import type { NeededVersion } from '../offline/needs.ts';

/** FetchRequest is one thing to download: a module with its zip, or its go.mod alone. */
export type FetchRequest = { readonly module: NeededVersion; readonly file: 'zip' | 'mod' };

/** Fetched is how that ended. */
export type Fetched = FetchRequest & {
  /** bytes of the file; undefined when it failed. */
  readonly bytes: number | undefined;
  /** hop is the entry of GOPROXY that served it, as it may be shown; undefined when go did not say. */
  readonly hop: string | undefined;
  /** durationMs is how long it took; of one go.mod among others, how long the answer took, where go said. */
  readonly durationMs: number | undefined;
  /** failure are go's words. */
  readonly failure: string | undefined;
};

/** fetchZip has go download one module version, in a scratch module: go verifies, locks and unpacks as ever. */
export async function fetchZip(place: GoPlace, module: NeededVersion, chain: ProxyChain): Promise<Fetched> {
  const startedAt = performance.now();
  const ran = await runGoCommand(place, ['mod', 'download', '-json', '-x', nameOf(module)]);
  const durationMs = performance.now() - startedAt;
  const [record] = parseRecords(ran.stdout).filter(isRecord);
  const gets = readGets(ran.stderr, chain);
  const words =
    errorOf(record) ?? firstError(ran.stderr) ?? (ran.failure || 'go gave no file, and no reason');
  return judge({ module, file: 'zip' }, record?.Zip, gets, chain, durationMs, words);
}

/** fetchMods has go take the go.mod files of versions, and their infos, no zips: one go command takes many at once. */
export async function fetchMods(
  place: GoPlace,
  modules: readonly NeededVersion[],
  chain: ProxyChain,
): Promise<readonly Fetched[]> {
  const ran = await runGoCommand(place, ['list', '-m', '-e', '-json', '-x', ...modules.map(nameOf)]);
  const records = parseRecords(ran.stdout).filter(isRecord);
  const gets = readGets(ran.stderr, chain);
  return modules.map((module) => {
    const record = records.find(({ Path, Version }) => Path === module.path && Version === module.version);
    // go list -m passes over a go.mod that it cannot have: its last request tells.
    const words =
      errorOf(record) ?? failedGet(gets, module) ?? (ran.failure || 'go gave no file, and no reason');
    return judge({ module, file: 'mod' }, record?.GoMod, gets, chain, undefined, words);
  });
}

/** judge tells by the file that go named whether it came. */
function judge(
  request: FetchRequest,
  path: unknown,
  gets: readonly XGet[],
  chain: ProxyChain,
  durationMs: number | undefined,
  words: string,
): Fetched {
  const bytes = typeof path === 'string' ? statSync(path, { throwIfNoEntry: false })?.size : undefined;
  if (bytes === undefined)
    return { ...request, bytes, hop: undefined, durationMs, failure: redactUrl(words) };
  const get = gets.find((each) => isAnswerTo(each, request));
  const hop = get === undefined ? fileHopOf(request, chain) : (get.hop?.shown ?? get.url);
  return { ...request, bytes, hop, durationMs: durationMs ?? get?.answer?.durationMs, failure: undefined };
}

function readGets(stderr: string, chain: ProxyChain): readonly XGet[] {
  return stderr.split('\n').flatMap((line) => parseXGet(line, chain) ?? []);
}

function isAnswerTo({ request, answer }: XGet, { module, file }: FetchRequest): boolean {
  return answer?.status === 200 && request.kind === file && isAbout(request, module);
}

function isAbout(request: XGet['request'], { path, version }: NeededVersion): boolean {
  return 'version' in request && request.module === path && request.version === version;
}

/** fileHopOf finds the first file:// entry that has the file: of these go prints no requests. */
function fileHopOf({ module, file }: FetchRequest, chain: ProxyChain): string | undefined {
  const [path, version] = [escapePath(module.path), escapePath(module.version)];
  return chain.hops.find(
    ({ kind, entry, reached }) =>
      reached && kind === 'file' && existsSync(`${folderOf(entry)}/${path}/@v/${version}.${file}`),
  )?.shown;
}

function folderOf(entry: string): string {
  try {
    return fileURLToPath(entry).replace(/\/+$/, '');
  } catch {
    return '';
  }
}

/** errorOf reads the error of `go mod download -json`, a text, and of `go list -m -json`, an object. */
function errorOf(record: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const words = isRecord(record?.Error) ? record.Error.Err : record?.Error;
  return typeof words === 'string' ? words : undefined;
}

/** firstError is what go says besides `# get` and the notes of downloads. */
function firstError(stderr: string): string | undefined {
  const lines = stderr
    .split('\n')
    .filter((line) => line !== '' && !/^(?:# get |go: downloading )/.test(line));
  return lines.length === 0 ? undefined : lines.join(' ').replace(/\s+/g, ' ').trim();
}

/** failedGet is the last request in vain for a version, or for the checksum database. */
function failedGet(gets: readonly XGet[], module: NeededVersion): string | undefined {
  const failed = gets.flatMap(({ url, request, answer }) => {
    if (answer === undefined || !(request.kind === 'sumdb' || isAbout(request, module))) return [];
    if (answer.fault !== undefined) return [answer.fault];
    return answer.status < 400 ? [] : [`${url}: ${answer.status} ${answer.statusText}`];
  });
  return failed.at(-1);
}

function nameOf({ path, version }: NeededVersion): string {
  return `${path}@${version}`;
}
