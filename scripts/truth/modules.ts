import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** TruthModule is a module that may be edited, with a GOCACHE of its own. */
export type TruthModule = {
  readonly name: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** leaf and root are Go files to edit: of a package that many import, and of one that nothing imports. */
  readonly leaf: string;
  readonly root: string;
};

type Source = { readonly module?: string; readonly leaf: string; readonly root: string };

const known: Readonly<Record<string, Source>> = {
  sample: { leaf: 'tide/tide.go', root: 'main.go' },
  bubbletea: { module: 'github.com/charmbracelet/bubbletea@v1.3.10', leaf: 'key.go', root: 'tea.go' },
  tools: {
    module: 'golang.org/x/tools@v0.52.0',
    leaf: 'go/ast/astutil/imports.go',
    root: 'cmd/goimports/goimports.go',
  },
};

/** prepareModule copies a module where it may be changed; a text is why it cannot. */
export function prepareModule(name: string, folder: string): TruthModule | string {
  const source = known[name] ?? { leaf: '', root: '' };
  const directory = join(folder, name.replaceAll('/', '_'));
  const environment = { GOCACHE: join(folder, 'cache'), GOFLAGS: '-buildvcs=false', GOTOOLCHAIN: 'local' };
  const origin = originOf(name, source);
  if (!existsSync(origin)) return origin;
  cpSync(origin, directory, { recursive: true });
  makeWritable(directory);
  mkdirSync(environment.GOCACHE, { recursive: true });
  const files = source.leaf === '' ? guessFiles(directory) : source;
  const proxy: Record<string, string> =
    name === 'sample'
      ? {
          GOPROXY: `file://${resolve(directory, 'proxy')}`,
          GONOSUMDB: '*',
          GOSUMDB: 'off',
          GOMODCACHE: join(folder, 'modules'),
        }
      : {};
  return {
    name,
    directory,
    environment: { ...environment, ...proxy },
    leaf: join(directory, files.leaf),
    root: join(directory, files.root),
  };
}

/** originOf is the folder that the module comes from; a text that is no folder says why there is none. */
function originOf(name: string, source: Source): string {
  if (name === 'sample') return resolve(import.meta.dirname, '..', '..', 'sample');
  if (source.module === undefined) return resolve(name);
  const download = spawnSync('go', ['mod', 'download', '-json', source.module], {
    encoding: 'utf8',
    cwd: '/',
  });
  const answer: unknown = download.status === 0 ? JSON.parse(download.stdout) : undefined;
  if (typeof answer === 'object' && answer !== null && 'Dir' in answer) return String(answer.Dir);
  return `${source.module} could not be downloaded: ${(download.stdout + download.stderr).trim().slice(0, 200)}`;
}

function makeWritable(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
  chmodSync(directory, 0o755);
}

function guessFiles(directory: string): { leaf: string; root: string } {
  const listed = execFileSync(
    'go',
    ['list', '-f', '{{range .GoFiles}}{{$.Dir}}/{{.}}{{"\\n"}}{{end}}', './...'],
    { cwd: directory, encoding: 'utf8' },
  );
  const files = listed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.slice(directory.length + 1));
  return { leaf: files.at(-1) ?? '', root: files[0] ?? '' };
}
