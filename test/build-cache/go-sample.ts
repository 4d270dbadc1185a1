import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** GoSample is a module of our own in a temporary folder, with a GOCACHE beside it. */
export type GoSample = {
  readonly directory: string;
  readonly gocache: string;
  /** go runs the go command there and gives its stdout. */
  go(...args: readonly string[]): string;
  write(files: Readonly<Record<string, string>>): void;
  remove(): void;
};

/** makeGoSample writes files into a new module; without `gocache` it gets an own GOCACHE, which does not exist yet. */
export function makeGoSample(files: Readonly<Record<string, string>>, gocache?: string): GoSample {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'gocache-test-')));
  const directory = join(top, 'module');
  const cache = gocache ?? join(top, 'cache');
  const env = { ...process.env, GOCACHE: cache, GOFLAGS: '', GOPROXY: 'off', GOWORK: 'off' };
  const sample: GoSample = {
    directory,
    gocache: cache,
    go: (...args) => execFileSync('go', args, { cwd: directory, env, encoding: 'utf8', maxBuffer: 1 << 28 }),
    write(more) {
      for (const [name, content] of Object.entries(more)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), content);
      }
    },
    remove: () => rmSync(top, { recursive: true, force: true, maxRetries: 5 }),
  };
  sample.write({ 'go.mod': 'module example.com/sample\n\ngo 1.21\n', ...files });
  return sample;
}

/** ExportedPackage is one line of go list -export: the truth about which archive is of which package. */
export type ExportedPackage = {
  readonly importPath: string;
  readonly name: string;
  readonly file: string;
  readonly buildId: string;
  readonly directory: string;
  readonly isStandard: boolean;
};

/** listExported asks go list for every package with its archive; it compiles what is missing. */
export function listExported(sample: GoSample, ...args: readonly string[]): ExportedPackage[] {
  const form = '{{.ImportPath}}\t{{.Name}}\t{{.Export}}\t{{.BuildID}}\t{{.Dir}}\t{{.Standard}}';
  const lines = sample
    .go('list', '-export', '-deps', '-f', form, ...args)
    .trim()
    .split('\n');
  return lines
    .map((line) => {
      const [importPath = '', name = '', file = '', buildId = '', directory = '', isStandard] =
        line.split('\t');
      return { importPath, name, file, buildId, directory, isStandard: isStandard === 'true' };
    })
    .filter(({ file }) => file !== '');
}

/** libraries are packages that import each other in a row and nothing else, so that they build within a second. */
export function libraries(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const next = index + 1 < count ? `import p "example.com/sample/lib${index + 1}"\n` : '';
      const value = index + 1 < count ? 'p.Value() + 1' : '1';
      return [`lib${index}/lib.go`, `package lib${index}\n\n${next}\nfunc Value() int { return ${value} }\n`];
    }),
  );
}
