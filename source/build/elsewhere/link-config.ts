import { parseImportConfig } from '../import-config.ts';
import type { LinkedPackage } from './event.ts';

/** LinkConfig is what an importcfg.link tells about the program that is linked. */
export type LinkConfig = {
  readonly program: string;
  readonly packages: readonly LinkedPackage[];
  /** cacheFolders are the GOCACHE folders that its hits lie in, as the go command wrote them: one, or none. */
  readonly cacheFolders: readonly string[];
};

/**
 * parseLinkConfig reads a whole importcfg.link; undefined while it is still being written. The program comes first and
 * `modinfo "..."` last (cmd/go/internal/work: (*Builder).writeLinkImportcfg, go1.26). Archives that lie neither in a
 * GOCACHE nor under WORK (`go-build123`) were installed (`go install std` with GODEBUG=installgoroot=all): neither hit nor miss.
 */
export function parseLinkConfig(body: string, workName: string): LinkConfig | undefined {
  if (!/(?:^|\n)modinfo ".*"\n$/.test(body)) return undefined;
  const packages: LinkedPackage[] = [];
  const cacheFolders = new Set<string>();
  let program: string | undefined;
  for (const { path, file, outputId, objdir } of parseImportConfig(body)) {
    program ??= path;
    const isCompiled = objdir !== undefined && file.split(/[/\\]/).includes(workName);
    if (isCompiled) packages.push({ importPath: path, outcome: 'miss', file });
    else if (outputId !== undefined) {
      packages.push({ importPath: path, outcome: 'hit', file });
      // GOCACHE/a2/a299...-d
      cacheFolders.add(file.slice(0, -`/xx/${outputId}-d`.length));
    }
  }
  return program === undefined ? undefined : { program, packages, cacheFolders: [...cacheFolders] };
}

/** countOutcomes counts hits and misses of a linked program. */
export function countOutcomes(packages: readonly LinkedPackage[]): { hits: number; misses: number } {
  const hits = packages.filter(({ outcome }) => outcome === 'hit').length;
  return { hits, misses: packages.length - hits };
}
