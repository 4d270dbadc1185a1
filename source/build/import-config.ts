/** ConfiguredImport is where one import of a unit is: in GOCACHE (a hit), or in the folder of a unit compiled now. */
export type ConfiguredImport = {
  readonly path: string;
  readonly file: string;
  /** outputId of a file in GOCACHE. */
  readonly outputId: string | undefined;
  /** objdir of a file under WORK. */
  readonly objdir: string | undefined;
};

/**
 * parseImportConfig reads the body of an importcfg or importcfg.link: `packagefile fmt=/cache/a2/a299..-d`, and
 * `packagefile example.com/a=/tmp/go-build1/b003/_pkg_.a` or `=$WORK/b003/_pkg_.a` (cmd/go/internal/work: build, link).
 */
export function parseImportConfig(body: string): readonly ConfiguredImport[] {
  const imports: ConfiguredImport[] = [];
  for (const line of body.split('\n')) {
    if (!line.startsWith('packagefile ')) continue;
    const equals = line.indexOf('=', 12);
    if (equals !== -1) imports.push(configuredImport(line.slice(12, equals), line.slice(equals + 1)));
  }
  return imports;
}

/** parseVetConfig reads `PackageFile` of a vet.cfg, and the `ImportPath` it is for; undefined when it is no JSON. */
export function parseVetConfig(
  body: string,
): { importPath: string; imports: readonly ConfiguredImport[] } | undefined {
  try {
    const config: unknown = JSON.parse(body);
    if (
      typeof config !== 'object' ||
      config === null ||
      !('PackageFile' in config) ||
      !('ImportPath' in config)
    )
      return undefined;
    const files = config.PackageFile;
    if (typeof files !== 'object' || files === null || typeof config.ImportPath !== 'string')
      return undefined;
    return {
      importPath: config.ImportPath,
      imports: Object.entries(files).map(([path, file]) => configuredImport(path, String(file))),
    };
  } catch {
    return undefined;
  }
}

function configuredImport(path: string, file: string): ConfiguredImport {
  const outputId = /[/\\]([0-9a-f]{2})[/\\](\1[0-9a-f]{62})-d$/.exec(file)?.[2];
  const objdir = outputId === undefined ? /[/\\](b\d+)[/\\][^/\\]+$/.exec(file)?.[1] : undefined;
  return { path, file, outputId, objdir };
}
