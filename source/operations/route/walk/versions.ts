import { splitPathVersion } from '../../../go/module-path.ts';
import { compareSemver, isSemver } from '../../../go/semver.ts';

/** canonicalVersion fills `v1.2` up to `v1.2.0` and drops a build part but for +incompatible; empty for what is no version. `golang.org/x/mod/module: CanonicalVersion` */
export function canonicalVersion(version: string): string {
  if (!isSemver(version)) return '';
  const [core = '', build] = version.split('+');
  const [numbers = '', ...prerelease] = core.split('-');
  const missing = 3 - numbers.split('.').length;
  const full = [`${numbers}${'.0'.repeat(missing)}`, ...prerelease].join('-');
  return build === 'incompatible' ? `${full}+incompatible` : full;
}

/** majorFault says why a version does not fit the end of a module path, in Go's words. `golang.org/x/mod/module: CheckPathMajor` */
export function majorFault(module: string, version: string): string | undefined {
  const pathMajor = splitPathVersion(module)?.major.replace(/-unstable$/, '') ?? '';
  const major = /^v\d+/.exec(version)?.[0] ?? '';
  if (version.startsWith('v0.0.0-') && pathMajor === '.v1') return undefined;
  if (pathMajor === '') {
    if (major === 'v0' || major === 'v1' || version.endsWith('+incompatible')) return undefined;
    return `should be v0 or v1, not ${major}`;
  }
  return major === pathMajor.slice(1) ? undefined : `should be ${pathMajor.slice(1)}, not ${major}`;
}

/** VersionChoice says which versions of a list a query allows, and which of them it takes. */
export type VersionChoice = {
  /** prefix narrows the list that is asked for. */
  readonly prefix: string;
  allows(version: string): boolean;
  readonly prefersLower: boolean;
  /** mayUseLatest: without a tagged version the newest commit is taken. */
  readonly mayUseLatest: boolean;
  readonly prefersIncompatible: boolean;
};

/** choiceOf reads a query that chooses from the list; a string is Go's reason why it is none. `cmd/go/internal/modload: newQueryMatcher, go1.26` */
export function choiceOf(module: string, query: string): VersionChoice | string {
  const any: VersionChoice = {
    prefix: '',
    allows: () => true,
    prefersLower: false,
    mayUseLatest: false,
    prefersIncompatible: false,
  };
  if (query === 'latest' || query === 'upgrade') return { ...any, mayUseLatest: true };
  if (query === 'patch')
    return `can't query version "patch" of module ${module}: no existing version is required`;
  const [, operator, bound = ''] = /^([<>]=?)(.*)$/s.exec(query) ?? [];
  if (operator === undefined) {
    return {
      ...any,
      prefix: `${query}.`,
      allows: (version) => compareSemver(version, query) >= 0,
      prefersIncompatible: majorFault(module, query) !== undefined,
    };
  }
  if (!isSemver(bound)) return `invalid semantic version "${bound}" in range "${query}"`;
  const isPrefix = !/[-+]/.test(bound) && bound.split('.').length < 3;
  if (isPrefix && (operator === '<=' || operator === '>'))
    return `ambiguous semantic version "${bound}" in range "${query}"`;
  const orders: Readonly<Record<string, (order: number) => boolean>> = {
    '<': (order) => order < 0,
    '<=': (order) => order <= 0,
    '>': (order) => order > 0,
    '>=': (order) => order >= 0,
  };
  return {
    ...any,
    allows: (version) => orders[operator]?.(compareSemver(version, bound)) === true,
    prefersLower: operator.startsWith('>'),
    prefersIncompatible: majorFault(module, bound) !== undefined,
  };
}

/** isPrerelease: `v1.0.0-rc.1`, and every pseudo-version. `cmd/go/internal/gover: ModIsPrerelease, go1.26` */
export function isPrerelease(version: string): boolean {
  return /^v[\d.]+-/.test(version);
}
