import { quote } from '../../../go/shell-word.ts';
import type { Surrounding } from '../../repoint/facts.ts';
import type { CacheFacts, FolderFacts } from '../caches/facts.ts';
import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder, type Repair } from '../finding.ts';
import { clearSetting } from '../setting-repair.ts';

/** checkAccess: whether go may write to its caches and its temporary folder, and whose the files there are. */
export function checkAccess(facts: DoctorFacts): readonly Finding[] {
  const caches = cachesOf(facts);
  return [
    ...buildCacheOff(facts),
    ...caches.flatMap((cache) => access(cache, facts)),
    ...temporaryAccess(facts),
  ];
}

function cachesOf({ gocache, gomodcache }: DoctorFacts): readonly CacheFacts[] {
  return [gocache, gomodcache].filter((cache) => cache !== undefined);
}

/** buildCacheOff: go cannot build without GOCACHE. */
function buildCacheOff({ env, settings, gocache, variables, files }: DoctorFacts): readonly Finding[] {
  const setting = settings.get('GOCACHE');
  const [problem] = env.problems;
  if (gocache !== undefined || setting === undefined || env.gocacheprog !== '') return [];
  // go env shows a relative path as off.
  const given = variables.GOCACHE || files.goenv.get('GOCACHE') || setting.value;
  const why = problem?.why ?? 'every build ends with: build cache is required, but could not be located';
  const repair: Repair =
    setting.origin === 'default' ? { repair: ['export HOME=DIR'], fix: undefined } : clearSetting(setting);
  return [finder('error', `GOCACHE=${given}`)('gocache-off', 'there is no build cache', why, repair)];
}

function access(cache: CacheFacts, facts: DoctorFacts): readonly Finding[] {
  const denied = hindrance(cache, facts) ?? foreigners(cache, facts);
  return [...(denied === undefined ? [] : [denied]), ...everybodys(cache)];
}

/** hindrance is what keeps go from working with a cache. */
function hindrance(cache: CacheFacts, facts: DoctorFacts): Finding | undefined {
  const { name, path, state, fault, unwritable, sample } = cache;
  const code = name.toLowerCase();
  const error = finder('error', `${name}=${path}`);
  const own = `sudo chown -R "$(id -un)" ${quote(path)}`;
  if (state === 'broken') {
    const why = 'go cannot make the folder, and every build ends with it';
    return error(`${code}-broken`, fault ?? 'it cannot be looked at', why, elsewhere(cache, facts));
  }
  if (unwritable !== undefined) {
    const what = `nothing can be written there: ${unwritable}`;
    const repair = [own, ...elsewhere(cache, facts)];
    return name === 'GOCACHE'
      ? error('gocache-unwritable', what, 'go build ends with it: it keeps what it compiles', repair)
      : finder('warning', `${name}=${path}`)(
          'gomodcache-unwritable',
          what,
          'no module can be downloaded, while what is there can be used',
          repair,
        );
  }
  const denied = sample.unreadable.count + sample.unwritable.count;
  if (denied === 0) return undefined;
  const example = sample.unreadable.example ?? sample.unwritable.example ?? path;
  const what = `${someWords(denied, cache)} cannot be read or written by you, as ${example}`;
  return error(`${code}-denied`, what, 'go ends with permission denied where it needs one of them', [own]);
}

/** foreigners: files of another user than the folder, as those of root in a user's cache, or a folder of another user than us. */
function foreigners(cache: CacheFacts, facts: DoctorFacts): Finding | undefined {
  const { name, path, owner, sample } = cache;
  const { user } = facts.machine;
  const code = name.toLowerCase();
  const warning = finder('warning', `${name}=${path}`);
  if (sample.foreign.count > 0) {
    const { count, example, owners } = sample.foreign;
    const who = owners.includes(0) ? 'root' : `user ${owners.join(', ')}`;
    const what = `${someWords(count, cache)} belong to ${who}, not to the owner of the folder, as ${example}`;
    const why =
      'they were written by sudo or in a container; the owner of the cache cannot replace or remove them';
    const repair = [`sudo chown -R --reference=${quote(path)} ${quote(path)}`];
    return warning(`${code}-foreign`, what, why, repair);
  }
  // Root works for others, as in a container.
  if (owner === undefined || user === undefined || user === 0 || owner === user) return undefined;
  const why = 'what others write into your cache becomes part of your programs, unchecked';
  return warning(`${code}-not-yours`, `the folder belongs to user ${owner}`, why, elsewhere(cache, facts));
}

function everybodys({ name, path, isEverybodys }: CacheFacts): readonly Finding[] {
  if (!isEverybodys) return [];
  const why = 'what any user of this machine writes there becomes part of your programs, unchecked';
  return [
    finder('warning', `${name}=${path}`)(
      `${name.toLowerCase()}-everybodys`,
      'every user may write into it',
      why,
      [`chmod o-w ${quote(path)}`],
    ),
  ];
}

/** elsewhere takes the setting away that chose the folder. */
function elsewhere({ name }: CacheFacts, { settings }: DoctorFacts): readonly string[] {
  const setting = settings.get(name);
  return setting === undefined || setting.origin === 'default' ? [] : clearSetting(setting).repair;
}

/** someWords says that only a sample was looked at. */
function someWords(count: number, { sample }: CacheFacts): string {
  return sample.isWhole
    ? `${count} of ${sample.looked} files`
    : `${count} of ${sample.looked} files looked at, not all,`;
}

function temporaryAccess({ machine, settings }: DoctorFacts): readonly Finding[] {
  const { temporary } = machine;
  const { setting: name, path, state, fault, unwritable } = temporary;
  const error = finder('error', `${name}=${path}`);
  const given = settings.get(name);
  const cleared =
    given === undefined || given.origin === 'default'
      ? { repair: ['unset TMPDIR'], fix: undefined }
      : clearSetting(given);
  const made = `mkdir -p ${quote(path)}`;
  if (state === 'missing') {
    const why = 'every build ends with: go: creating work dir: no such file or directory';
    return [
      error('tmpdir-missing', 'no such folder', why, { ...cleared, repair: [...cleared.repair, made] }),
    ];
  }
  const hindrance = fault ?? unwritable;
  if (hindrance !== undefined)
    return [error('tmpdir-unwritable', hindrance, 'every build ends with: go: creating work dir', cleared)];
  if (!temporary.mountOptions.includes('noexec')) return [];
  const why =
    'go test and go run end with: fork/exec: permission denied, as they run what they have just linked there';
  const repair = ['mkdir -p ~/.cache/go-tmp && go env -w GOTMPDIR="$HOME/.cache/go-tmp"'];
  return [error('tmpdir-noexec', 'mounted with noexec', why, repair)];
}

/** checkFileSystems: what kind of file system each folder lies on, and the room there. */
export function checkFileSystems(facts: DoctorFacts): readonly Finding[] {
  const caches = cachesOf(facts);
  const places = [
    ...caches.map((cache) => ({ folder: cache, name: cache.name as string })),
    { folder: facts.machine.temporary, name: facts.machine.temporary.setting as string },
  ];
  return [
    ...caches.flatMap(kind),
    ...caches.flatMap((cache) => surroundings(cache, facts)),
    // One full file system is one finding, however many folders lie on it.
    ...uniqueBy(
      places.flatMap(({ folder, name }) => room(folder, name)),
      ({ code, what }) => `${code} ${what}`,
    ),
  ];
}

/** network are file systems that lie on another machine, or are shared with one. */
const network =
  /^(?:nfs|nfs4|cifs|smb2|smb3|smbfs|9p|afs|ceph|glusterfs|lustre|gfs2?|ocfs2|beegfs|davfs|fuse\.(?:sshfs|glusterfs|ceph.*|s3fs|gcsfuse|rclone|davfs.*))$/;

/** kind: an overlay is what every container has, and no fault of its own. cmd/go/internal/cache: Open, go1.26 */
function kind({ name, path, fileSystem, mountOptions }: CacheFacts): readonly Finding[] {
  if (fileSystem === undefined) return [];
  const warning = finder('warning', `${name}=${path}`);
  const move =
    name === 'GOCACHE'
      ? ['gocachetop repoint DIR, to a local disk']
      : ['go env -w GOMODCACHE=DIR, on a local disk'];
  if (network.test(fileSystem)) {
    const lockless = mountOptions.some((option) => /^(?:nolock|local_lock=(?:all|flock))$/.test(option));
    if (name === 'GOMODCACHE') {
      const why =
        'locks do not reach other machines: two that download the same module at once can leave a broken one';
      return lockless ? [warning('gomodcache-no-locks', `${fileSystem} without locks`, why, move)] : [];
    }
    const why = 'one GOCACHE is not for several machines, and each look for an entry goes over the network';
    return [warning('gocache-network', `on ${fileSystem}, a network file system`, why, move)];
  }
  if (fileSystem === 'tmpfs' || fileSystem === 'ramfs') {
    const why = `all that is kept there takes memory, and is gone after a restart`;
    return [warning(`${name.toLowerCase()}-memory`, `on ${fileSystem}, in memory`, why, move)];
  }
  return [];
}

function surroundings({ name, path, within }: CacheFacts, { toolchain }: DoctorFacts): readonly Finding[] {
  const warning = finder('warning', `${name}=${path}`);
  const repair = [name === 'GOCACHE' ? 'gocachetop repoint DIR' : `go env -w ${name}=DIR`];
  return within.flatMap(({ what, folder }) => {
    // A GOROOT that is no Go tree is told as that.
    const isNone = what === name || (what === 'GOROOT' && toolchain.goroot.lacks.length > 0);
    const why = isNone ? undefined : dangers[what];
    if (why === undefined) return [];
    return [warning(`${name.toLowerCase()}-inside`, `inside ${what} ${folder}`, why, repair)];
  });
}

/** dangers are what becomes of a cache in a folder with another meaning; a temporary one may be meant. */
const dangers: Readonly<Partial<Record<Surrounding['what'], string>>> = {
  GOMODCACHE: 'go clean -modcache removes it with all the rest',
  GOCACHE: 'go does not expect it there, and a wipe of GOCACHE takes it along',
  GOROOT: 'an update of Go removes it',
  'main module': 'patterns as ./... walk through it, and version control sees it',
};

// The archive of a mid-sized package (bubbletea's own: 0.9 MB).
const leastBytes = 1024 * 1024;
// What a cold build of caddy writes (1,017 packages: 470 MB).
const littleBytes = 512 * 1024 * 1024;
// A cold build of it makes two files a package.
const fewFiles = 2500;

function room(
  { path, freeBytes, totalBytes, freeFiles, totalFiles }: FolderFacts,
  name: string,
): readonly Finding[] {
  const about = `${name}=${path}`;
  const free = ['gocachetop prune --max-size 1GiB', 'go clean -cache'];
  if (freeBytes !== undefined && freeBytes < leastBytes) {
    const what = `its file system is full: ${freeBytes} of ${totalBytes} bytes are free`;
    const why =
      'go cannot keep what it compiles: it fails, or compiles all again in every build without a word';
    return [finder('error', about)('disk-full', what, why, free)];
  }
  if (freeFiles !== undefined && totalFiles !== undefined && freeFiles < fewFiles && totalFiles > 0) {
    const what = `${freeFiles} of ${totalFiles} inodes are free`;
    const why =
      'a cold build makes thousands of files; without an inode it fails with: no space left on device';
    return [finder(freeFiles === 0 ? 'error' : 'warning', about)('disk-inodes', what, why, free)];
  }
  if (freeBytes !== undefined && freeBytes < littleBytes) {
    const what = `${Math.floor(freeBytes / 1024 / 1024)} MiB are free`;
    const why = 'a cold build of a large module writes more than that';
    return [finder('warning', about)('disk-low', what, why, free)];
  }
  return [];
}

function uniqueBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.toReversed().map((item) => [keyOf(item), item])).values()].toReversed();
}
