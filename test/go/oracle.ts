import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** OracleCall names a function of Go and its arguments; see oracle/main.go. */
export type OracleCall = { readonly fn: string; readonly args: readonly string[] };

/** LocalSumdb is a checksum database on this machine: its verifier key, and where it listens. */
export type LocalSumdb = { readonly key: string; readonly url: string; stop(): void };

/** Oracle answers calls with Go's own code. */
export type Oracle = {
  ask(calls: readonly OracleCall[]): Promise<readonly unknown[]>;
  /** serveSumdb starts a checksum database that knows the modules of a proxy's file tree. */
  serveSumdb(proxy: string): Promise<LocalSumdb>;
  remove(): Promise<void>;
};

/**
 * buildOracle builds the oracle from the sources of this machine's Go, without a network: golang.org/x/mod as the go command
 * carries it, and two of its internal packages. Undefined where the distribution has not got them: say so and skip.
 */
export async function buildOracle(): Promise<Oracle | undefined> {
  const { stdout: goroot } = await execa('go', ['env', 'GOROOT']);
  const xMod = join(goroot, 'src/cmd/vendor/golang.org/x/mod');
  if (!(await exists(xMod))) return undefined;

  const dir = await mkdtemp(join(tmpdir(), 'gocachetop-oracle-'));
  for (const file of ['main.go', 'sumdb.go'])
    await cp(join(import.meta.dirname, 'oracle', file), join(dir, file));
  await cp(xMod, join(dir, 'mod'), { recursive: true });
  for (const [from, to] of [
    ['src/cmd/internal/quoted/quoted.go', 'quoted'],
    ['src/internal/gover/gover.go', 'gover'],
  ] as const) {
    await mkdir(join(dir, to));
    await cp(join(goroot, from), join(dir, to, `${to}.go`));
  }
  // Its sources are as new as the Go that carries them.
  const { stdout: goVersion } = await execa('go', ['env', 'GOVERSION']);
  const language = /^go(\d+\.\d+)/.exec(goVersion)?.[1] ?? '1.21';
  await writeFile(join(dir, 'mod/go.mod'), `module golang.org/x/mod\n\ngo ${language}\n`);
  const replace = 'require golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./mod\n';
  await writeFile(join(dir, 'go.mod'), `module oracle\n\ngo ${language}\n\n${replace}`);
  const env = { GOFLAGS: '-mod=mod', GOWORK: 'off', GOPROXY: 'off' };
  await execa('go', ['build', '-o', 'oracle.exe', '.'], { cwd: dir, env });
  return {
    async ask(calls) {
      const { stdout } = await execa(join(dir, 'oracle.exe'), { input: JSON.stringify(calls) });
      return JSON.parse(stdout);
    },
    async serveSumdb(proxy) {
      const server = spawn(join(dir, 'oracle.exe'), [proxy], { stdio: ['pipe', 'pipe', 'inherit'] });
      const [key = '', url = ''] = (await firstLine(server)).split(' ');
      return { key, url, stop: () => void server.stdin?.end() };
    },
    remove: () => rm(dir, { recursive: true }),
  };
}

function firstLine(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout?.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      if (text.includes('\n')) resolve(text.trim());
    });
    server.on('exit', (code) => reject(new Error(`the checksum database ended with ${code}`)));
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
