import { cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** OracleCall names a function of Go and its arguments; see oracle/main.go. */
export type OracleCall = { readonly fn: string; readonly args: readonly string[] };

/** Oracle answers calls with Go's own code. */
export type Oracle = {
  ask(calls: readonly OracleCall[]): Promise<readonly unknown[]>;
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
  await cp(join(import.meta.dirname, 'oracle/main.go'), join(dir, 'main.go'));
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
    remove: () => rm(dir, { recursive: true }),
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
