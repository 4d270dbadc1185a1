import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../../../go/settings.ts';
import { codeOf } from '../../../platform/problem.ts';
import { RequestFailure } from '../failure.ts';
import { parseCommandOutput, parseGitOutput, splitCommand } from './helper-output.ts';
import { parseNetrc } from './netrc.ts';
import { basicHeaders, type CredentialHeaders, CredentialStore } from './store.ts';

/** HelperPlace is where helpers run, and until when. */
export type HelperPlace = {
  readonly environment: Environment;
  readonly directory: string | undefined;
  readonly signal: AbortSignal;
};

/** Refusal is the answer after which helpers are asked once more, with the URL. */
export type Refusal = {
  readonly status: number;
  readonly statusText: string;
  readonly headers: ReadonlyMap<string, string>;
};

/**
 * Credentials are those of GOAUTH, as one go command comes to know them: all helpers once, and again with the URL after an answer
 * of 400 to 499. `cmd/go/internal/auth: AddCredentials, go1.26`
 */
export class Credentials {
  readonly #store = new CredentialStore();
  #first: Promise<void> | undefined;

  /** find gives the headers for a URL with https://; undefined without any. */
  async find(url: string, place: HelperPlace): Promise<CredentialHeaders | undefined> {
    if (settingOf(place) === 'off') return undefined;
    await this.#runOnce(place);
    return this.#store.find(url);
  }

  /** findAgain asks the helpers about this URL, and gives the headers only where they are others than before. */
  async findAgain(url: string, refusal: Refusal, place: HelperPlace): Promise<CredentialHeaders | undefined> {
    if (settingOf(place) === 'off') return undefined;
    const before = JSON.stringify(this.#store.find(url));
    await this.#runAll(place, url, refusal);
    const found = this.#store.find(url);
    return JSON.stringify(found) === before ? undefined : found;
  }

  /** #runOnce lets all who ask at a time wait for one run; one that its asker gave up does not count for the others. */
  async #runOnce(place: HelperPlace): Promise<void> {
    for (;;) {
      this.#first ??= this.#runAll(place, undefined, undefined);
      const running = this.#first;
      try {
        return await running;
      } catch (error) {
        if (this.#first === running) this.#first = undefined;
        if (place.signal.aborted || error instanceof RequestFailure) throw error;
      }
    }
  }

  /** #runAll goes from the last to the first: what stands first counts. `cmd/go/internal/auth: runGoAuth, go1.26` */
  async #runAll(place: HelperPlace, url: string | undefined, refusal: Refusal | undefined): Promise<void> {
    const commands = settingOf(place)
      .split(';')
      .map((command) => command.trim());
    for (const command of commands.reverse()) {
      const [name, ...words] = command.split(/\s+/);
      if (name === undefined || name === '') throw misset('GOAUTH encountered an empty command');
      switch (name) {
        case 'off':
          throw misset('GOAUTH=off cannot be combined with other authentication commands');
        case 'netrc':
          await this.#readNetrc(place.environment);
          break;
        case 'git':
          await this.#askGit(words, place, url);
          break;
        default:
          await this.#runCommand(command, place, url, refusal);
      }
    }
  }

  async #readNetrc({ NETRC = '', HOME = '' }: Environment): Promise<void> {
    const path = NETRC !== '' ? NETRC : join(HOME, '.netrc');
    const text = HOME === '' && NETRC === '' ? '' : await readFile(path, 'utf8').catch(() => '');
    // Of a machine that is named twice the first counts.
    for (const { machine, login, password } of parseNetrc(text).toReversed())
      this.#store.set(machine, basicHeaders(login, password));
  }

  async #askGit(words: readonly string[], place: HelperPlace, url: string | undefined): Promise<void> {
    const must = 'GOAUTH=git dir method requires an absolute path to the git working directory';
    const [directory] = words;
    if (directory === undefined || words.length !== 1) throw misset(must);
    if (!isAbsolute(directory)) throw misset(`${must}, dir is not absolute`);
    const found = await stat(directory).catch((error: unknown) => {
      const why = codeOf(error) === 'ENOENT' ? `stat ${directory}: no such file or directory` : 'cannot stat';
      throw misset(`GOAUTH=git encountered an error; cannot stat ${directory}: ${why}`);
    });
    if (!found.isDirectory()) throw misset(`${must}, dir is not a directory`);
    if (url === undefined) return;
    const environment = { ...place.environment, ...withoutPrompts(place.environment) };
    const output = await run(['git', 'credential', 'fill'], `url=${url}\n`, {
      ...place,
      environment,
      directory,
    });
    const { prefix, login, password } = parseGitOutput(output ?? '');
    if (prefix !== '' && url.startsWith(prefix)) this.#store.set(prefix, basicHeaders(login, password));
  }

  async #runCommand(
    command: string,
    place: HelperPlace,
    url: string | undefined,
    refusal: Refusal | undefined,
  ): Promise<void> {
    const words = splitCommand(command);
    if (typeof words === 'string' || words[0] === '' || command.includes('\0')) return;
    const output = await run([...words, ...(url === undefined ? [] : [url])], refusalText(refusal), place);
    const given = parseCommandOutput(output ?? '');
    if (typeof given === 'string') return;
    for (const [prefix, headers] of given) this.#store.set(prefix, headers);
  }
}

function settingOf({ environment }: HelperPlace): string {
  const { GOAUTH = '' } = environment;
  // cmd/go/internal/cfg: GOAUTH, go1.26
  return GOAUTH === '' ? 'netrc' : GOAUTH;
}

/** misset is a GOAUTH that ends every go command. Go shows the setting behind these words: it can hold secrets. */
function misset(goSays: string): RequestFailure {
  return new RequestFailure({
    code: 'other',
    detail: goSays,
    goSays: `go: ${goSays}`,
    repair: ['go env -u GOAUTH', 'go help goauth'],
  });
}

/** withoutPrompts keeps git from asking a person: nobody could answer. Go does the first. `cmd/go/internal/modload: Init, go1.26` */
function withoutPrompts({ GIT_TERMINAL_PROMPT }: Environment): Environment {
  return {
    GIT_TERMINAL_PROMPT: GIT_TERMINAL_PROMPT ?? '0',
    GIT_ASKPASS: 'false',
    SSH_ASKPASS: 'false',
    GCM_INTERACTIVE: 'never',
  };
}

function refusalText(refusal: Refusal | undefined): string {
  if (refusal === undefined) return '';
  const headers = [...refusal.headers].map(([name, value]) => `${name}: ${value}\n`).join('');
  return `HTTP/1.1 ${refusal.status} ${refusal.statusText}\n${headers}\n`;
}

// A helper says a few lines; more is not one.
const maxOutput = 1 << 20;

/** run gives what a helper prints; undefined when it fails. What it says about that is its own: it can hold secrets. */
async function run(
  [program = '', ...words]: readonly string[],
  input: string,
  { environment, directory, signal }: HelperPlace,
): Promise<string | undefined> {
  const output = await new Promise<string | undefined>((resolve) => {
    const options = { cwd: directory, env: { ...environment }, maxBuffer: maxOutput, signal };
    const child = execFile(program, words, options, (error, stdout) =>
      resolve(error === null ? stdout : undefined),
    );
    // A helper that does not read is no fault.
    child.stdin?.on('error', () => {}).end(input);
  });
  signal.throwIfAborted();
  return output;
}
