/** ArchiveOrigin is what an archive tells of the place and the variant of its package. */
export type ArchiveOrigin = {
  /**
   * variant: `test` is a package compiled together with its own _test.go files, `external-test` is `p_test`,
   * `test-main` the program made for `go test`. A plain package that was compiled again for the test of another
   * (`p [q.test]`) cannot be told from `p`.
   */
  readonly variant: 'plain' | 'test' | 'external-test' | 'test-main';
  /** testOf is the import path of the tested package; undefined for a plain one and where it cannot be told. */
  readonly testOf: string | undefined;
  /** unitName as Go writes it: `p`, `p [p.test]`, `p_test [p.test]`, `p.test`; undefined for a program, whose import path is not in it. */
  readonly unitName: string | undefined;
  /**
   * directory of the sources as the compiler recorded it: absolute, or `$GOROOT/src/...`, or with -trimpath the
   * import path or `module@version/...`; undefined when no file of its own is named (packages of generics only).
   */
  readonly directory: string | undefined;
  /** module and its version where the directory lies in GOMODCACHE; the path is as in the import path. */
  readonly module: { readonly path: string; readonly version: string } | undefined;
};

/** originOf finds out from the file table of an archive where its package comes from and which variant it is. */
export function originOf(archive: {
  readonly importPath: string;
  readonly packageName: string;
  readonly files: readonly string[];
  /** imports are needed of a test main and where the import path ends in `_test`. */
  readonly imports: readonly string[];
}): ArchiveOrigin {
  const { importPath, files } = archive;
  const first = files.find(isOwnFile);
  const directory = first === undefined ? undefined : directoryOf(first);
  const own = directory === undefined ? [] : files.filter((file) => directoryOf(file) === directory);
  const place = { directory, module: moduleOf(importPath, directory) };
  if (isTestMain(importPath, files)) {
    const testOf = testedPackage(archive.imports);
    return {
      ...place,
      directory: undefined,
      module: undefined,
      variant: 'test-main',
      testOf,
      unitName: testOf && `${testOf}.test`,
    };
  }
  const testFiles = own.filter((file) => file.endsWith('_test.go'));
  const tested = importPath.endsWith('_test') ? importPath.slice(0, -'_test'.length) : undefined;
  // Functions of p that were inlined bring files of the same folder, so that not all need be tests.
  const isExternal =
    archive.packageName.endsWith('_test') &&
    testFiles.length > 0 &&
    (first?.endsWith('_test.go') === true || (tested !== undefined && archive.imports.includes(tested)));
  if (isExternal && tested !== undefined) {
    return { ...place, variant: 'external-test', testOf: tested, unitName: `${importPath} [${tested}.test]` };
  }
  const isProgram = importPath === 'main';
  if (testFiles.length > 0) {
    const unitName = isProgram ? undefined : `${importPath} [${importPath}.test]`;
    return { ...place, variant: 'test', testOf: isProgram ? undefined : importPath, unitName };
  }
  return { ...place, variant: 'plain', testOf: undefined, unitName: isProgram ? undefined : importPath };
}

// go test compiles $WORK/b001/_testmain.go, go list -test the copy that it keeps in GOCACHE.
function isTestMain(importPath: string, files: readonly string[]): boolean {
  return importPath === 'main' && files.some((file) => /\/?_testmain\.go$|\/[0-9a-f]{64}-d$/.test(file));
}

// Generated files stand in $WORK or have no folder; the first other file is one of the package's own.
function isOwnFile(file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return (
    file.includes('/') &&
    !name.startsWith('_cgo_') &&
    !name.endsWith('covervars.go') &&
    name !== '_testmain.go'
  );
}

function directoryOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

// The test main imports `_test "p"`, `_xtest "p_test"` or both, beside the packages that run tests.
// cmd/go/internal/load/test.go: testmainTmpl, go1.26
function testedPackage(imports: readonly string[]): string | undefined {
  const external = imports.find((path) => path.endsWith('_test'));
  if (external !== undefined) return external.slice(0, -'_test'.length);
  const others = imports.filter((path) => !testRunners.has(path));
  return others.length === 1 ? others[0] : undefined;
}

const testRunners: ReadonlySet<string> = new Set([
  'os',
  'reflect',
  'testing',
  'testing/internal/testdeps',
  'internal/coverage/cfile',
  'runtime',
  'runtime/coverage',
]);

// <GOMODCACHE>/github.com/!burnt!sushi/toml@v1.5.0/internal with the import path github.com/BurntSushi/toml/internal
function moduleOf(importPath: string, directory: string | undefined): ArchiveOrigin['module'] {
  const match = directory === undefined ? null : /@(v[^/]+)(\/.*)?$/.exec(directory);
  if (match?.[1] === undefined) return undefined;
  const rest = match[2] ?? '';
  const path = importPath.replace(/_test$/, '');
  const whole = path.endsWith(rest) ? path : importPath;
  if (importPath === 'main' || !whole.endsWith(rest)) return undefined;
  return { path: whole.slice(0, whole.length - rest.length), version: match[1] };
}
