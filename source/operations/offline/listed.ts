import type { NeededVersion } from './needs.ts';

/** ListedNeed is one record of `go list -e -deps -test -json`, as far as it is looked at. */
export type ListedNeed = {
  /** importPath without the program that it is compiled for: `p` of `p [q.test]`. */
  readonly importPath: string;
  /** isRoot: it was named on the command line, or is a variant for its test. */
  readonly isRoot: boolean;
  readonly isStandard: boolean;
  /** isTestMain: the program that go test writes. */
  readonly isTestMain: boolean;
  readonly imports: readonly string[];
  /** module that its files come from, after replacement; undefined for a main module, the standard library, a local folder. */
  readonly module: NeededVersion | undefined;
  /** error are go's words why it cannot be loaded. */
  readonly error: string | undefined;
};

/** needFields is the value of go list's `-json`. */
export const needFields = 'ImportPath,Name,ForTest,DepOnly,Standard,Imports,Module,Error';

/** toListedNeed reads a record; undefined when it is none. */
export function toListedNeed(record: unknown): ListedNeed | undefined {
  if (!isRecord(record) || typeof record.ImportPath !== 'string') return undefined;
  const imports = Array.isArray(record.Imports)
    ? record.Imports.filter((each) => typeof each === 'string')
    : [];
  const importPath = plainPath(record.ImportPath);
  const error = isRecord(record.Error) ? record.Error.Err : undefined;
  return {
    importPath,
    isRoot: record.DepOnly !== true,
    isStandard: record.Standard === true,
    isTestMain: importPath.endsWith('.test') && imports.includes('testing/internal/testdeps'),
    imports: imports.map(plainPath).filter((path) => path !== importPath),
    module: moduleOf(record.Module),
    error: typeof error === 'string' ? error : undefined,
  };
}

/** plainPath folds the variants of a package: `p [q.test]` and p's outside tests, `p_test [p.test]`, count as p. */
function plainPath(path: string): string {
  const space = path.indexOf(' [');
  if (space === -1) return path;
  const [plain, program] = [path.slice(0, space), path.slice(space + 2, -1)];
  return `${plain}` === `${program.replace(/\.test$/, '')}_test` ? plain.slice(0, -'_test'.length) : plain;
}

function moduleOf(value: unknown): NeededVersion | undefined {
  if (!isRecord(value)) return undefined;
  const { Path: path, Version: version } = isRecord(value.Replace) ? value.Replace : value;
  // A folder in the place of a module has no version, nor has a main module.
  return typeof path === 'string' && typeof version === 'string' && version !== ''
    ? { path, version }
    : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
