import { execFile } from 'node:child_process';
import type { Problem } from '../../platform/problem.ts';

/** ListedModule is one module that the build here chooses; version is empty for a main module. */
export type ListedModule = {
  readonly path: string;
  readonly version: string;
  readonly isMain: boolean;
  readonly directory: string;
  /** replacedBy is a module version, or a folder where `version` is empty. */
  readonly replacedBy: { readonly path: string; readonly version: string } | undefined;
};

/** GoList is the go command to ask, and where. */
export type GoList = {
  readonly goroot: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal | undefined;
};

/**
 * listModules asks go list which modules the build here chooses, without a network and without a change of go.mod. A text is
 * why it cannot tell.
 */
export async function listModules(go: GoList): Promise<readonly ListedModule[] | Problem> {
  const ran = await run(go, ['list', '-m', '-e', '-mod=readonly', '-f', moduleForm, 'all']);
  if (ran.fault !== undefined) {
    return {
      where: 'go list -m all',
      what: 'cannot tell what the main module here needs',
      why: ran.fault,
      repair: 'the versions that go.sum names are verified',
    };
  }
  return parseModules(ran.stdout);
}

// No name has a tab in it.
const moduleForm =
  '{{.Path}}\t{{.Version}}\t{{.Main}}\t{{.Dir}}\t{{with .Replace}}{{.Path}}\t{{.Version}}{{end}}';

/** parseModules reads lines as `rsc.io/quote\tv1.5.2\tfalse\t/root/go/pkg/mod/rsc.io/quote@v1.5.2\t`. */
export function parseModules(text: string): readonly ListedModule[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [path = '', version = '', isMain, directory = '', by = '', byVersion = ''] = line.split('\t');
    const replacedBy = by === '' ? undefined : { path: by, version: byVersion };
    return { path, version, isMain: isMain === 'true', directory, replacedBy };
  });
}

/** MissingSum is Go's word that go.sum lacks a line; `package` or `module` is what it is about. */
export type MissingSum = { readonly about: string; readonly isPackage: boolean; readonly detail: string };

/** listMissingSums asks go list which lines a build of all packages here would miss in go.sum: it loads them, so that it takes longer. */
export async function listMissingSums(go: GoList): Promise<readonly MissingSum[]> {
  const ran = await run(go, ['list', '-e', '-deps', '-test', '-mod=readonly', '-f', errorForm, './...']);
  return parseMissingSums(ran.stdout + ran.stderr);
}

const errorForm = '{{with .Error}}{{.Err}}{{"\\n"}}{{end}}';

/**
 * parseMissingSums finds these lines. `cmd/go/internal/modload: ImportMissingSumError, sumMissingError, go1.26`
 *
 *     missing go.sum entry for module providing package rsc.io/quote (imported by example.com/shop); to add:
 *     rsc.io/quote@v1.5.2: missing go.sum entry for go.mod file; to add it:
 */
export function parseMissingSums(text: string): readonly MissingSum[] {
  const missing = new Map<string, MissingSum>();
  for (const line of text.split('\n')) {
    const ofPackage = /missing go\.sum entry for module providing package (\S+?)(?: \(.*\))?;/.exec(line);
    const ofGoMod = /(\S+)@\S+: missing go\.sum entry for go\.mod file/.exec(line);
    const about = ofPackage?.[1] ?? ofGoMod?.[1];
    if (about === undefined) continue;
    const detail =
      ofPackage === null ? 'missing go.sum entry for go.mod file' : ofPackage[0].replace(/;$/, '');
    missing.set(`${about} ${ofPackage === null}`, { about, isPackage: ofPackage !== null, detail });
  }
  return [...missing.values()];
}

type Ran = { readonly stdout: string; readonly stderr: string; readonly fault: string | undefined };

function run({ goroot, cwd, environment, signal }: GoList, words: readonly string[]): Promise<Ran> {
  const env = { ...environment, ...withoutNetwork };
  return new Promise((resolve) => {
    execFile(
      `${goroot}/bin/go`,
      [...words],
      { cwd, env, signal, maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const [first] = stderr.split('\n').filter((line) => line !== '');
        resolve({ stdout, stderr, fault: error === null ? undefined : (first ?? error.message) });
      },
    );
  });
}

/**
 * withoutNetwork: a module of GONOPROXY is asked of its origin even with GOPROXY=off, unless no module matches it, and what a
 * version control would do is off as well. `cmd/go/internal/modfetch: lookup, go1.26`
 */
const withoutNetwork = { GOPROXY: 'off', GONOPROXY: 'none', GOVCS: '*:off', GOTOOLCHAIN: 'local' };
