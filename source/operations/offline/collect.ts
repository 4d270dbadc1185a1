import { type GoWord, readGoWord } from './go-words.ts';
import type { ListedNeed } from './listed.ts';
import type { MissingFile, NeededVersion } from './needs.ts';

/** Listing is what go list told for one platform. */
export type Listing = {
  readonly platform: string;
  readonly listed: readonly ListedNeed[];
  /** failures are go's words when it stopped: then `listed` may be empty. */
  readonly failures: readonly string[];
};

/** Missed is one thing that go asked for in vain. */
export type Missed = {
  readonly module: NeededVersion;
  readonly file: MissingFile;
  readonly platform: string;
  /** importPath is the package that it was asked for; undefined when it was for the module graph. */
  readonly importPath: string | undefined;
  readonly importedBy: readonly string[];
};

export type Collected = {
  readonly missed: readonly Missed[];
  /** unsummed are packages whose module has no line in go.sum, with who imports them. */
  readonly unsummed: readonly (Omit<Missed, 'module' | 'file'> & { readonly importPath: string })[];
  /** others are errors of another kind: the package they are about, and go's words. */
  readonly others: readonly { readonly importPath: string | undefined; readonly words: string }[];
};

/** collectMissed sorts the errors of one listing. */
export function collectMissed({ platform, listed, failures }: Listing, nowhere: string): Collected {
  const missed: Missed[] = [];
  const unsummed: Collected['unsummed'][number][] = [];
  const others: Collected['others'][number][] = [];
  const rootsOf = rootsByImport(listed);

  function take(word: GoWord, importPath: string | undefined): void {
    const importedBy = importPath === undefined ? [] : rootsOf(importPath);
    switch (word.type) {
      case 'missing':
        missed.push({ module: word.module, file: word.file, platform, importPath, importedBy });
        return;
      case 'no sum':
        unsummed.push({ platform, importPath: word.importPath, importedBy });
        return;
      case 'other':
        others.push({ importPath, words: word.words });
        return;
      case 'no files':
        return;
    }
  }

  for (const { importPath, error } of listed)
    if (error !== undefined) take(readGoWord(error, nowhere), importPath);
  for (const words of failures) take(readGoWord(words, nowhere), undefined);
  return { missed, unsummed, others };
}

/** rootsByImport finds the packages named on the command line that need a package, nearest first. */
function rootsByImport(listed: readonly ListedNeed[]): (importPath: string) => readonly string[] {
  const importers = new Map<string, Set<string>>();
  const roots = new Set<string>();
  for (const { importPath, imports, isRoot, isTestMain } of listed) {
    if (isTestMain) continue;
    if (isRoot) roots.add(importPath);
    for (const imported of imports) {
      const found = importers.get(imported);
      if (found === undefined) importers.set(imported, new Set([importPath]));
      else found.add(importPath);
    }
  }
  return (importPath) => {
    const seen = new Set([importPath]);
    for (const path of seen) for (const importer of importers.get(path) ?? []) seen.add(importer);
    return [...seen].filter((path) => path !== importPath && roots.has(path));
  };
}
