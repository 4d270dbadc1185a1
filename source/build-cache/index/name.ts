import type { ArchiveIdentity } from '../archive-header.ts';

/**
 * ArchiveName is whose an archive or executable is, in the words that the index groups by. It holds nothing of one
 * archive alone, so that the thousand archives of a package in one variant share one name.
 */
export type ArchiveName = {
  /** importPath is the package's; of `p [p.test]`, `p_test [p.test]` and `p.test` it is p. */
  readonly importPath: string;
  /** part says which of a package's units it is. */
  readonly part: 'plain' | 'test' | 'external-test' | 'test-main' | 'result' | 'executable';
  readonly isMain: boolean;
  readonly goVersion: string;
  /** platform as `linux/amd64`. */
  readonly platform: string;
  /** flags are race, cover and what else the compiler recorded, as `race`, `cover`, `-N`. */
  readonly flags: readonly string[];
  /** directory of the sources; two worktrees of a module are two directories. */
  readonly directory: string | undefined;
  /** module and version where the sources lie in GOMODCACHE. */
  readonly module: string | undefined;
};

/** nameOf takes from an archive what its name is; `mainPath` is the import path of a program, whose archive says `main` only. */
export function nameOf(archive: ArchiveIdentity, mainPath: string | undefined): ArchiveName {
  const { variant, testOf, importPath, directory, module } = archive;
  const owner = testOf ?? (importPath === 'main' ? (mainPath ?? directory ?? 'main') : importPath);
  return {
    importPath: owner,
    part: variant,
    isMain: archive.isMain && variant === 'plain',
    goVersion: archive.goVersion,
    platform: `${archive.goos}/${archive.goarch}`,
    flags: [
      ...(archive.isRace ? ['race'] : []),
      ...(archive.isCover ? ['cover'] : []),
      ...archive.flags.filter((flag) => flag !== '-race'),
    ],
    directory,
    module: module === undefined ? undefined : `${module.path}@${module.version}`,
  };
}

/** variantText is how a name differs from others of its package: `linux/amd64 race test`, with the Go version where asked. */
export function variantText(name: ArchiveName, withVersion: boolean): string {
  // What a test printed says nothing of how the test was compiled.
  if (name.part === 'result') return 'test results';
  const words = [
    name.platform,
    ...name.flags,
    ...(name.part === 'plain' ? [] : [name.part]),
    ...(withVersion ? [name.goVersion] : []),
  ];
  return words.join(' ');
}

/** unitText is the name as Go writes it: `p`, `p [p.test]`, `p_test [p.test]`, `p.test`. */
export function unitText({ importPath, part }: ArchiveName): string {
  switch (part) {
    case 'plain':
    case 'executable':
    case 'result':
      return importPath;
    case 'test':
      return `${importPath} [${importPath}.test]`;
    case 'external-test':
      return `${importPath}_test [${importPath}.test]`;
    case 'test-main':
      return `${importPath}.test`;
  }
}
