import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { escapePath } from '../../go/module-path.ts';
import { parseRecords } from '../../go/records.ts';
import { redactUrl } from '../../go/redact.ts';
import { type GoPlace, runGoCommand } from '../../go/run.ts';
import type { ProxyChain } from '../../proxy/chain.ts';
import { parseXGet } from '../../proxy/x-get.ts';
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
  readonly durationMs: number;
  /** failure are go's words. */
  readonly failure: string | undefined;
};

/**
 * fetchModule has go download one module version, in a scratch module: go verifies, locks and unpacks as ever. Of a go.mod
 * alone go list -m takes no more than that and the info.
 */
export async function fetchModule(
  place: GoPlace,
  request: FetchRequest,
  chain: ProxyChain,
): Promise<Fetched> {
  const { module, file } = request;
  const name = `${module.path}@${module.version}`;
  const words =
    file === 'zip' ? ['mod', 'download', '-json', '-x', name] : ['list', '-m', '-json', '-x', name];
  const startedAt = performance.now();
  const ran = await runGoCommand(place, words);
  const durationMs = performance.now() - startedAt;
  const [record] = parseRecords(ran.stdout);
  const path = isRecord(record) ? (file === 'zip' ? record.Zip : record.GoMod) : undefined;
  const said = isRecord(record) ? errorOf(record.Error) : undefined;
  if (!ran.isFine || said !== undefined || typeof path !== 'string') {
    const words = said ?? firstError(ran.stderr) ?? failedGet(ran.stderr, chain);
    const failure = redactUrl(words ?? (ran.failure || 'go gave no file, and no reason'));
    return { ...request, bytes: undefined, hop: undefined, durationMs, failure };
  }
  const hop = hopOf(ran.stderr, request, chain);
  return { ...request, bytes: statSync(path).size, hop, durationMs, failure: undefined };
}

/** errorOf reads the error of `go mod download -json`, a text, and of `go list -m -json`, an object. */
function errorOf(error: unknown): string | undefined {
  const words = isRecord(error) ? error.Err : error;
  return typeof words === 'string' ? words : undefined;
}

/** hopOf reads from the `# get` lines who served the file. A file:// entry prints none: the first that has the file did. */
function hopOf(stderr: string, { module, file }: FetchRequest, chain: ProxyChain): string | undefined {
  for (const line of stderr.split('\n')) {
    const get = parseXGet(line, chain);
    if (get?.answer?.status !== 200 || get.request.kind !== file) continue;
    const { request } = get;
    if ('version' in request && request.module === module.path) return get.hop?.shown ?? get.url;
  }
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

/** firstError is the first line that is neither `# get` nor the note of a download. */
function firstError(stderr: string): string | undefined {
  const lines = stderr
    .split('\n')
    .filter((line) => line !== '' && !/^(?:# get |go: downloading )/.test(line));
  return lines.length === 0 ? undefined : lines.join(' ').replace(/\s+/g, ' ').trim();
}

/** failedGet is the last request that was in vain: go list -m passes over a go.mod that it cannot have. */
function failedGet(stderr: string, chain: ProxyChain): string | undefined {
  const failed = stderr.split('\n').flatMap((line) => {
    const get = parseXGet(line, chain);
    if (get?.answer === undefined) return [];
    const { fault, status, statusText } = get.answer;
    if (fault !== undefined) return [fault];
    return status < 400 ? [] : [`${get.url}: ${status} ${statusText}`];
  });
  return failed.at(-1);
}
