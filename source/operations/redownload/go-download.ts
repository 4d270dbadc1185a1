import { spawn } from 'node:child_process';
import { lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isBoolFlagSet, splitGoFlags } from '../../go/flags.ts';
import { redactUrl } from '../../go/redact.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import { reasonOf } from '../../platform/problem.ts';
import { parseProxyChain } from '../../proxy/chain.ts';
import { parseXGet, type XGet } from '../../proxy/x-get.ts';
import { isThere } from './module-files.ts';
import type { Stage } from './stage.ts';

export type DownloadOptions = {
  /** go is the go command of the user's working directory, without the switching of toolchains. */
  readonly go: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly goproxy: string;
  readonly goflags: string;
  /** isOffline: no network, no checksum database; `goSum` alone vouches. */
  readonly isOffline: boolean;
  /** goSum are lines for the go.sum of the stage's main module; go asks the checksum database about what they do not know. */
  readonly goSum: string;
  readonly signal?: AbortSignal | undefined;
  /** onBytes is told how much of the zip is there. */
  onBytes?(bytes: number): void;
};

/** Downloaded is how it ended. `networkBytes` are bodies that came over the network; undefined where they cannot be counted. */
export type Downloaded = { readonly networkBytes: number | undefined } & (
  | { readonly type: 'done' }
  | { readonly type: 'stopped' }
  /** mismatch: go's own judgement, `other` is `go.sum` or the name of the checksum database. */
  | {
      readonly type: 'mismatch';
      readonly downloaded: string;
      readonly expected: string;
      readonly other: string;
      readonly why: string;
    }
  | { readonly type: 'failed'; readonly why: string }
);

/**
 * goDownload runs `go mod download MODULE@VERSION` on a stage: proxies, private modules, credentials, checksum database,
 * extraction and modes are go's own doing.
 */
export async function goDownload(
  stage: Stage,
  module: ModuleVersion,
  options: DownloadOptions,
): Promise<Downloaded> {
  const { signal, goproxy } = options;
  writeFileSync(join(stage.main, 'go.mod'), mainModule);
  writeFileSync(join(stage.main, 'go.sum'), options.goSum);
  const before = sumdbBytes(stage);
  const watching = setInterval(() => options.onBytes?.(arrivedBytes(stage)), lookMs);
  let ran: Ran;
  try {
    ran = await runDownload(stage, module, options);
  } finally {
    clearInterval(watching);
  }
  const chain = parseProxyChain(goproxy);
  const gets = ran.stderr.split('\n').flatMap((line) => parseXGet(line, chain) ?? []);
  const networkBytes = options.isOffline ? 0 : countBytes(stage, gets, sumdbBytes(stage) - before);
  if (signal?.aborted === true) return { type: 'stopped', networkBytes };
  const why = errorOf(ran);
  if (why === undefined || isTooNew(why, stage)) return { type: 'done', networkBytes };
  return { ...(parseMismatch(why) ?? { type: 'failed', why: shorten(why) }), networkBytes };
}

/** mainModule is a main module without requirements: only what is named is looked at. `.invalid` is nobody's (RFC 2606). */
const mainModule = 'module gocachetop.invalid/redownload\n\ngo 1.21\n';
const lookMs = 200;

type Ran = { readonly stdout: string; readonly stderr: string; readonly fault: string | undefined };

function runDownload(
  { main, gomodcache }: Stage,
  { path, version }: ModuleVersion,
  { go, environment, goflags, isOffline, signal }: DownloadOptions,
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(go, ['mod', 'download', '-x', '-json', `${path}@${version}`], {
      cwd: main,
      env: {
        ...environment,
        PWD: main,
        GOMODCACHE: gomodcache,
        GOWORK: 'off',
        GO111MODULE: 'on',
        GOTOOLCHAIN: 'local',
        // -mod=vendor and -modfile are about the user's main module; how folders are left is about the cache.
        GOFLAGS: isBoolFlagSet(splitGoFlags(goflags).words, 'modcacherw')
          ? '-modcacherw'
          : '-modcacherw=false',
        ...(isOffline ? { GOPROXY: 'off', GOSUMDB: 'off', GONOPROXY: 'none' } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', (error) => resolve({ stdout, stderr, fault: `${go}: ${reasonOf(error)}` }));
    child.on('close', (code) =>
      resolve({ stdout, stderr, fault: code === 0 ? undefined : `exit code ${code ?? 'unknown'}` }),
    );
  });
}

/** errorOf is what go says went wrong: the Error of its object, else the lines on stderr that -x did not add. */
function errorOf({ stdout, stderr, fault }: Ran): string | undefined {
  try {
    const answer: unknown = JSON.parse(stdout);
    if (typeof answer === 'object' && answer !== null) {
      const error = 'Error' in answer ? answer.Error : undefined;
      if (typeof error === 'string') return error;
      if (fault === undefined) return undefined;
    }
  } catch {
    // it stopped before it answered
  }
  if (fault === undefined) return undefined;
  const words = stderr
    .split('\n')
    .filter((line) => !line.startsWith('# get ') && line.trim() !== '')
    .join('\n');
  return words === '' ? fault : words;
}

/** isTooNew: all is there, and only needs a newer Go to be compiled. `cmd/go/internal/gover: TooNewError, go1.26` */
function isTooNew(why: string, { files }: Stage): boolean {
  return /requires go >= \S+/.test(why) && isThere(files.dir) && isThere(files.ziphash);
}

/**
 * parseMismatch reads go's words for a sum that is not the one it should be:
 *
 *     verifying module: checksum mismatch
 *     	downloaded: h1:...
 *     	sum.golang.org: h1:...
 *
 * `cmd/go/internal/modfetch: checkSumDB, haveModSumLocked, go1.26`
 */
export function parseMismatch(why: string): Extract<Downloaded, { type: 'mismatch' }> | undefined {
  const found = /checksum mismatch\s+downloaded: (h1:\S+)\s+(\S+):\s+(h1:\S+)/.exec(why);
  if (found === null) return undefined;
  const [, downloaded = '', other = '', expected = ''] = found;
  return { type: 'mismatch', downloaded, other, expected, why: shorten(why), networkBytes: undefined };
}

/** shorten makes one line of go's words, without what go explains at length. */
function shorten(why: string): string {
  const [said = ''] = why.split(/\n\s*\n/);
  return redactUrl(
    said
      .replace(/^go: /gm, '')
      .replace(/\s*\n\s*/g, ': ')
      .trim(),
  );
}

/** countBytes adds up what answered requests brought; a clone of a repository does not tell. */
function countBytes({ gomodcache, files }: Stage, gets: readonly XGet[], sumdb: number): number | undefined {
  if (isThere(join(gomodcache, 'cache', 'vcs'))) return undefined;
  const answered = gets.filter(({ answer }) => answer?.status === 200);
  const has = (kind: string): boolean => answered.some(({ request }) => request.kind === kind);
  const parts = (['info', 'mod', 'zip'] as const).filter(has).map((kind) => bytesOf(files[kind]));
  return [...parts, has('sumdb') ? sumdb : 0].reduce((sum, bytes) => sum + bytes, 0);
}

function sumdbBytes({ gomodcache }: Stage): number {
  return treeBytes(join(gomodcache, 'cache', 'download', 'sumdb'));
}

function treeBytes(folder: string): number {
  if (!isThere(folder)) return 0;
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => sum + (lstatSync(path).isDirectory() ? treeBytes(path) : bytesOf(path)), 0);
}

function bytesOf(file: string): number {
  return lstatSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** arrivedBytes looks at the temporary file that go downloads a zip into. `cmd/go/internal/modfetch: tempFile, go1.26` */
function arrivedBytes({ files }: Stage): number {
  return readdirSync(files.versions)
    .filter((name) => name.endsWith('.tmp') || name.endsWith('.zip'))
    .reduce((sum, name) => sum + bytesOf(join(files.versions, name)), 0);
}
