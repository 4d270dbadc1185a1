import { isAbsolute } from 'node:path';
import type { Finding } from '../finding.ts';
import type { RepointFacts, Surrounding, TargetFacts } from './facts.ts';
import { finder } from './finding.ts';

/** findTargetFaults says what is wrong with the new folder itself, however GOCACHE starts there. */
export function findTargetFaults({ asked, to, from, target }: RepointFacts): readonly Finding[] {
  const error = finder('error', to);
  const warning = finder('warning', to);
  if (!isAbsolute(asked)) {
    const why = 'Go refuses a GOCACHE that is not an absolute path, and then every build';
    return [finder('error', asked)('not-absolute', 'a relative path', why, `give the whole path: ${to}`)];
  }
  // cmd/go/internal/envcmd: checkEnvWrite, go1.26
  if (/[\0\n\v\r]/.test(to))
    return [error('bad-name', 'no name for it', 'go env -w takes no line break in a value', otherFolder)];
  const { state, fault, foreignNames, unwritable } = target;
  if (state === 'broken') return [error('not-a-folder', 'no folder', fault ?? 'unknown', otherFolder)];
  const found: Finding[] = target.within.map((place) => inside(to, place));
  if (state === 'foreign') {
    const why = `it holds ${foreignNames.join(', ')}, and ${fault ?? 'no GOCACHE'}`;
    found.push(
      error('foreign-files', 'a folder with other files', why, 'give an empty folder, or one to be made'),
    );
  }
  if (unwritable !== undefined)
    found.push(error('not-writable', 'cannot be written', unwritable, 'change its mode or owner'));
  found.push(...fileSystemFaults(to, target));
  if (target.freeBytes !== undefined && target.freeBytes < leastFreeBytes) {
    const why = `${target.freeBytes} bytes are free, less than one archive takes`;
    found.push(error('full', 'its file system is full', why, 'free some room there', otherFolder));
  } else if (target.freeBytes !== undefined && target.freeBytes < from.bytes) {
    const why = `${target.freeBytes} bytes are free, and the present GOCACHE has grown to ${from.bytes}`;
    found.push(warning('small', 'little room', why, 'gocachetop prune --max-size keeps it small'));
  }
  if (target.owner !== undefined) {
    const who = target.owner === 'other' ? 'another user owns it' : 'every user may write into it';
    const why = `${who}: what they write there becomes part of your programs, unchecked`;
    found.push(warning('not-yours', 'not yours alone', why, `chown it, or chmod 700 ${to}`));
  }
  return found;
}

// The archive of a mid-sized package (bubbletea's own: 0.9 MB).
const leastFreeBytes = 1024 * 1024;

const otherFolder = 'give another folder';

function inside(to: string, { what, folder }: Surrounding): Finding {
  const [error, warning] = [finder('error', to), finder('warning', to)];
  switch (what) {
    case 'main module':
      return error('in-module', 'inside the main module', `${folder} has its go.mod`, outside);
    case 'module':
      return warning('in-other-module', 'inside a module', `${folder} has a go.mod`, outside);
    case 'GOCACHE':
      return error('in-gocache', 'inside the present GOCACHE', `it lies in ${folder}`, outside);
    case 'GOMODCACHE': {
      const why = `go clean -modcache removes all of ${folder}`;
      return error('in-gomodcache', 'inside GOMODCACHE', why, outside);
    }
    case 'GOROOT':
      return error('in-goroot', 'inside GOROOT', `an update of Go removes ${folder}`, outside);
    case 'GOPATH':
      return warning('in-gopath', 'among sources of GOPATH', `it lies in ${folder}`, outside);
    case 'temporary': {
      const why = `${folder} is emptied at a restart or by age: every build then begins cold`;
      return warning('temporary', 'a temporary place', why, 'choose a folder that stays');
    }
  }
}

const outside = 'choose a folder outside of it';

/**
 * network are file systems that lie on another machine, or are shared with one. GOCACHE is safe for processes of one
 * machine, not for several: cmd/go/internal/cache: Open, go1.26.
 */
const network =
  /^(?:nfs|nfs4|cifs|smb2|smb3|smbfs|9p|afs|ceph|glusterfs|lustre|gfs2?|ocfs2|beegfs|davfs|virtiofs|vboxsf|fuse\.(?:sshfs|glusterfs|ceph.*|s3fs|gcsfuse|rclone|davfs.*|vmhgfs.*|osxfs))$/;

function fileSystemFaults(to: string, { fileSystem }: TargetFacts): readonly Finding[] {
  if (fileSystem === undefined) return [];
  const warning = finder('warning', to);
  if (network.test(fileSystem)) {
    const why = `${fileSystem} is a network file system, and one GOCACHE is not for several machines`;
    return [
      finder('error', to)('network', 'not a local file system', why, 'choose a folder on a local disk'),
    ];
  }
  if (fileSystem === 'tmpfs' || fileSystem === 'ramfs') {
    const why = `${fileSystem} takes memory, and is empty after a restart`;
    return [warning('memory', 'in memory', why, 'choose a folder on a disk')];
  }
  if (fileSystem === 'overlay') {
    const why = 'overlay is the layer of a container: it goes with it';
    return [warning('container', 'in a container', why, 'mount a volume for it')];
  }
  if (fileSystem === 'fuse' || fileSystem.startsWith('fuse.')) {
    const why = `${fileSystem} does not tell whether it is local, and one GOCACHE is not for several machines`;
    return [warning('fuse', 'perhaps not local', why, 'choose a folder on a local disk')];
  }
  return [];
}
