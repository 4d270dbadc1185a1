/** GoVersion is a parsed Go version, `1.26.8` or `1.27rc1`; the numbers are decimal strings, as in Go. */
export type GoVersion = {
  readonly major: string;
  readonly minor: string;
  /** patch is empty for a language version (`1.21`) and a prerelease. */
  readonly patch: string;
  /** kind is ``, `alpha`, `beta` or `rc`. */
  readonly kind: string;
  readonly pre: string;
};

/** oldestGo is the first release with `GOTOOLCHAIN`, `$GOROOT/go.env` and today's form of `-x`. */
export const oldestGo = 'go1.21';

/**
 * parseGoVersion reads a toolchain's name as `go env GOVERSION` and `runtime.Version` give it: `go1.26.8`, `go1.27rc1`,
 * `go1.26.8-custom`, `go1.26.8 X:nodwarf5`, `devel go1.27-abcdef Mon Jan 5`. Undefined for `devel +abcdef` and all else.
 * `cmd/go/internal/gover: FromToolchain; internal/gover: Parse, go1.26`
 */
export function parseGoVersion(name: string): GoVersion | undefined {
  const text = /^(?:devel )?go([^\s-]+)/.exec(name)?.[1] ?? '';
  const match = /^(\d+)(?:\.(\d+)(?:\.(\d+)|([a-z]+)(\d*))?)?$/.exec(text);
  if (match === null) return undefined;
  const [, major = '', minor, patch, kind = '', pre = ''] = match;
  if ([major, minor, patch, pre].some((number) => number !== undefined && /^0\d/.test(number)))
    return undefined;
  if (minor === undefined) return { major, minor: '0', patch: '0', kind, pre };
  // Before 1.21 a missing patch is 0; from 1.21 on `1.21` is the language version, older than 1.21rc1.
  const isOld = kind === '' && compareInt(minor, '21') < 0;
  return { major, minor, patch: patch ?? (isOld ? '0' : ''), kind, pre };
}

/** parseGoVersionLine reads what `go version` prints: `go version go1.26.8 linux/amd64`. */
export function parseGoVersionLine(
  line: string,
): { readonly version: string; readonly goos: string; readonly goarch: string } | undefined {
  const match = /^go version (.+) ([^\s/]+)\/([^\s/]+)\s*$/.exec(line);
  if (match === null) return undefined;
  const [, version = '', goos = '', goarch = ''] = match;
  return { version, goos, goarch };
}

/**
 * compareGoVersions orders two toolchain names: negative, 0 or positive. What cannot be parsed is less than all else.
 * `internal/gover: Compare, go1.26`
 */
export function compareGoVersions(one: string, other: string): number {
  const a = parseGoVersion(one) ?? malformed;
  const b = parseGoVersion(other) ?? malformed;
  return (
    compareInt(a.major, b.major) ||
    compareInt(a.minor, b.minor) ||
    compareInt(a.patch, b.patch) ||
    compareText(a.kind, b.kind) ||
    compareInt(a.pre, b.pre)
  );
}

/** isAtLeast says whether a toolchain is that version or a newer one; undefined when its version cannot be read. */
export function isAtLeast(name: string, least: string): boolean | undefined {
  return parseGoVersion(name) === undefined ? undefined : compareGoVersions(name, least) >= 0;
}

const malformed: GoVersion = { major: '', minor: '', patch: '', kind: '', pre: '' };

/** compareInt compares decimal numbers of any length without leading zeros. */
function compareInt(one: string, other: string): number {
  return one.length - other.length || compareText(one, other);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
