/** SemanticVersion is a parsed module version; `v1` and `v1.2` are allowed and mean `v1.0.0` and `v1.2.0`. */
type SemanticVersion = {
  readonly major: string;
  readonly minor: string;
  readonly patch: string;
  /** prerelease with its `-`, or empty. */
  readonly prerelease: string;
  /** build with its `+`, or empty. */
  readonly build: string;
};

/** parseSemver reads a module version, `v1.2.3-pre.1+incompatible`; undefined when it is none. `golang.org/x/mod/semver: parse` */
function parseSemver(version: string): SemanticVersion | undefined {
  const match = semver.exec(version);
  if (match === null) return undefined;
  const [, major = '', minor = '0', patch = '0', prerelease = '', build = ''] = match;
  return { major, minor, patch, prerelease, build };
}

/** isSemver says whether Go takes it for a semantic version. */
export function isSemver(version: string): boolean {
  return semver.test(version);
}

/**
 * compareSemver orders versions by precedence: negative, 0 or positive; the build part does not count, and what is no
 * version is less than all that are. `golang.org/x/mod/semver: Compare`
 */
export function compareSemver(one: string, other: string): number {
  const a = parseSemver(one);
  const b = parseSemver(other);
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return (
    compareInt(a.major, b.major) ||
    compareInt(a.minor, b.minor) ||
    compareInt(a.patch, b.patch) ||
    comparePrerelease(a.prerelease, b.prerelease)
  );
}

/** compareVersions orders any versions for a list: by precedence, then by text. `golang.org/x/mod/semver: Sort` */
export function compareVersions(one: string, other: string): number {
  return compareSemver(one, other) || compareText(one, other);
}

/** isPseudoVersion says whether a version names a commit: `v0.0.0-20161208181325-20d25e280405`. `golang.org/x/mod/module: IsPseudoVersion` */
export function isPseudoVersion(version: string): boolean {
  return isSemver(version) && pseudoVersion.test(version);
}

const number = '(?:0|[1-9]\\d*)';
/** An identifier of digits alone has no leading zero in a prerelease; in a build part it may. */
const identifier = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const semver = new RegExp(
  `^v(${number})(?:\\.(${number})(?:\\.(${number})(-${identifier}(?:\\.${identifier})*)?(\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?)?)?$`,
);

/** pseudoVersion is Go's own expression. `golang.org/x/mod/module: pseudoVersionRE` */
const pseudoVersion =
  /^v[0-9]+\.(0\.0-|\d+\.\d+-([^+]*\.)?0\.)\d{14}-[A-Za-z0-9]+(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

function comparePrerelease(one: string, other: string): number {
  if (one === other) return 0;
  if (one === '') return 1;
  if (other === '') return -1;
  const a = one.slice(1).split('.');
  const b = other.slice(1).split('.');
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareIdentifier(a[i] ?? '', b[i] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** compareIdentifier: numbers by value and before words, words by ASCII. */
function compareIdentifier(one: string, other: string): number {
  const oneIsNumber = /^\d+$/.test(one);
  const otherIsNumber = /^\d+$/.test(other);
  if (oneIsNumber !== otherIsNumber) return oneIsNumber ? -1 : 1;
  return oneIsNumber ? compareInt(one, other) : compareText(one, other);
}

/** compareInt compares decimal numbers of any length without leading zeros. */
function compareInt(one: string, other: string): number {
  return one.length - other.length || compareText(one, other);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
