import { join } from 'node:path';

/** Place is a folder to look for GOCACHEs in, and how deep. */
export type Place = {
  readonly folder: string;
  /** name is a word for why. */
  readonly name: string;
  readonly depth: number;
  /** isWanted says whether to go into a folder of that name; `depth` is how much deeper is left. */
  isWanted(name: string, depth: number): boolean;
};

/** placesToLook are the places where isolated GOCACHEs usually are, the most telling first. */
export function placesToLook(options: {
  readonly home: string;
  readonly temporary: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly worktrees: readonly string[];
}): readonly Place[] {
  const { home, temporary, environment, worktrees } = options;
  const caches = environment.XDG_CACHE_HOME || join(home, '.cache');
  const places: Place[] = [
    { folder: caches, name: 'cache folder', depth: 2, isWanted: isOrdinary },
    ...worktrees.map((folder) => ({
      folder,
      name: 'worktree',
      depth: 2,
      // Of a worktree itself only the folders that are no sources: `.gocache`, `.cache`, `tmp`, `build-cache`.
      isWanted: (name: string, depth: number) =>
        isOrdinary(name) && (depth < 2 || /^\.|^te?mp$|cache/i.test(name)),
    })),
    ...versionManagers.map((name) => ({
      folder: join(home, name),
      name: 'version manager',
      depth: 3,
      isWanted: isOrdinary,
    })),
    ...[temporary, '/tmp', '/var/tmp'].map((folder) => ({
      folder,
      name: 'temporary',
      depth: 3,
      isWanted: isOrdinary,
    })),
  ];
  const seen = new Set<string>();
  return places.filter(({ folder }) => !seen.has(folder) && seen.add(folder));
}

const versionManagers = ['.gvm', '.asdf', '.goenv', '.local/share/mise', '.g', 'go', 'sdk'];

// Full of folders, none of which is a GOCACHE: modules, packages of npm, git's own, entries of another cache.
const others = new Set(['node_modules', '.git', 'mod', 'objects']);

function isOrdinary(name: string): boolean {
  return !others.has(name) && !/^[0-9a-f]{2}$/.test(name) && !/^go-build\d+$/.test(name);
}
