import { checkModulePath } from '../../go/module-path.ts';
import { isSemver } from '../../go/semver.ts';

/** RouteQuestion is what Go is asked for: `github.com/google/uuid@v1.6.0`. */
export type RouteQuestion = {
  /** module is its path; `golang.org/toolchain` for a toolchain. */
  readonly module: string;
  /** query is a version or what chooses one (`latest`, `v1`, `<v2.0.0`, a branch, a commit); `latest` where none was given. */
  readonly query: string;
  /** isToolchain: the go command itself downloads it to switch to it, and then takes the zip alone. */
  readonly isToolchain: boolean;
};

/** Platform is for which system a toolchain would be. */
export type Platform = { readonly goos: string; readonly goarch: string };

/**
 * parseQuestion reads `MODULE[@VERSION]`; a string is Go's reason why it is none. `toolchain@go1.27.0` and `go@1.27.0` stand
 * for the module that Go downloads when it switches to that toolchain.
 * `cmd/go/internal/modload: ParsePathVersion; cmd/go/internal/toolchain: Exec, go1.26`
 */
export function parseQuestion(text: string, { goos, goarch }: Platform): RouteQuestion | string {
  const at = text.indexOf('@');
  const path = at < 0 ? text : text.slice(0, at);
  const version = at < 0 ? '' : text.slice(at + 1);
  if (version.startsWith('-') || version.startsWith('/')) return `invalid module version "${version}"`;
  const release = /^(?:go)?(\d+\.\d+(?:\.\d+|(?:alpha|beta|rc)\d+)(?:-\w+)?)$/.exec(version)?.[1];
  if (path === 'toolchain' || path === 'go') {
    if (release === undefined)
      return `invalid ${path} version ${version}: name a release, as ${path}@${path === 'go' ? '' : 'go'}1.26.0`;
    const query = `v0.0.1-go${release}.${goos}-${goarch}`;
    return { module: 'golang.org/toolchain', query, isToolchain: true };
  }
  const fault = checkModulePath(path);
  if (fault !== undefined) return `malformed module path "${path}": ${fault}`;
  return { module: path, query: version || 'latest', isToolchain: false };
}

/**
 * QueryKind is how a version is found: `stat` asks for the `.info` of the query itself, `list` chooses from the list of versions.
 */
export type QueryKind = 'stat' | 'list';

/** queryKindOf: `cmd/go/internal/modload: newQueryMatcher, go1.26` */
export function queryKindOf(query: string): QueryKind {
  if (/^(?:latest$|upgrade$|patch$|[<>])/.test(query)) return 'list';
  return isSemver(query) && isPrefix(query) ? 'list' : 'stat';
}

/** isPrefix: `v1` and `v1.2` stand for the newest of theirs. `cmd/go/internal/gover: ModIsPrefix, go1.26` */
function isPrefix(version: string): boolean {
  return !/[-+]/.test(version) && version.split('.').length < 3;
}
