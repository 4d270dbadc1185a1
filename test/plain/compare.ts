import { constants } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  type Ended,
  type Environment,
  type Files,
  leftIn,
  openSandbox,
  ours,
  processesOf,
  run,
  type Sandbox,
  writeFiles,
} from './sandbox.ts';

export type Case = {
  readonly words: readonly string[];
  readonly files: Files;
  readonly environment?: Environment;
  /** directory is where it runs, below the folder of the files. */
  readonly directory?: string;
  readonly input?: string | Uint8Array;
  /** before are commands that run first, without us. */
  readonly before?: readonly (readonly string[])[];
  readonly flags?: readonly string[];
  /** isRacy says that the go command itself prints in an order that changes. */
  readonly isUnordered?: boolean;
};

export type Compared = {
  readonly plain: Ended;
  readonly wrapped: Ended;
  /** summary is what stands on stderr behind the command's own. */
  readonly summary: string;
};

/**
 * compare runs a command plainly and under `gocachetop report`, each with the same files and GOCACHE, and fails unless
 * stdout, stderr and exit code are equal, less the summary, and nothing stays in the temp folder or runs on.
 */
export async function compare(warm: Sandbox, given: Case): Promise<Compared> {
  const plain = await once(warm, given, (words) => words);
  const wrapped = await once(warm, given, (words) => ours('report', ...(given.flags ?? []), '--', ...words));
  const expected = comparable(plain.stderr);
  const got = comparable(wrapped.stderr);
  const order = (text: string): string => (given.isUnordered ? text.split('\n').sort().join('\n') : text);
  expect({
    code: wrapped.code,
    stdout: order(comparable(wrapped.stdout)),
    stderr: order(ownPart(got)),
  }).toEqual({ code: codeOf(plain), stdout: order(comparable(plain.stdout)), stderr: order(expected) });
  return { plain, wrapped, summary: got.slice(ownPart(got).length) };
}

/** codeOf is the exit code as a shell has it: 128+n for a process that signal n ended. */
function codeOf({ code, signal }: Ended): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** ownPart is what comes before our summary, which begins with an empty line. */
function ownPart(stderr: string): string {
  const at = stderr.search(/\ngocachetop: .* {3}exit code \d+\n/);
  return at === -1 ? stderr : stderr.slice(0, at);
}

async function once(
  warm: Sandbox,
  given: Case,
  wrap: (words: readonly string[]) => readonly string[],
): Promise<Ended> {
  // The path of the module is part of action IDs and of messages: it is the same in both runs, one after the other.
  const sandbox = openSandbox(warm);
  try {
    const folder = writeFiles(sandbox, 'module', given.files);
    const options = {
      cwd: join(folder, given.directory ?? '.'),
      environment: { ...sandbox.environment, ...given.environment },
      ...(given.input === undefined ? {} : { input: given.input }),
    };
    for (const words of given.before ?? []) await run(words, options);
    const ended = await run(wrap(given.words), options);
    expect(leftIn(sandbox)).toEqual([]);
    expect(processesOf(sandbox)).toEqual([]);
    const paths = (bytes: Buffer): Buffer =>
      Buffer.from(bytes.toString('latin1').replaceAll(sandbox.folder, '/SANDBOX'), 'latin1');
    return { ...ended, stdout: paths(ended.stdout), stderr: paths(ended.stderr) };
  } finally {
    sandbox.dispose();
  }
}

/** comparable takes out what differs between any two runs: times, and the number of a work folder. */
function comparable(bytes: Buffer): string {
  return (
    bytes
      .toString('latin1')
      .replace(/go-(build|link)-?\d+/g, 'go-$1N')
      .replace(/\d+\.\d+s\b/g, 'N.NNs')
      // Action and output IDs hold the path of the module.
      .replace(/-buildid \S+/g, '-buildid B')
      .replace(/[0-9a-f]{2}\/[0-9a-f]{64}-d/g, 'ID-d')
      .replace(/ -buildid=\S+/g, ' -buildid=B')
      .replace(/"Elapsed":[\d.e-]+/g, '"Elapsed":N')
      .replace(/"Time":"[^"]+"/g, '"Time":"T"')
      .replace(/\+?0x[0-9a-f]+/g, '0xN')
      .replace(/goroutine \d+/g, 'goroutine N')
  );
}
