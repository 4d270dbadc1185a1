import { readFileSync } from 'node:fs';

/** Mount is one line of /proc/self/mountinfo, as far as it is needed. */
export type Mount = {
  /** at is the folder that it is mounted on. */
  readonly at: string;
  /** type as `ext4`, `nfs4`, `fuse.sshfs`. */
  readonly type: string;
  /** options of the mount as `rw`, `noatime`. */
  readonly options: readonly string[];
  /** superOptions are those of its file system as a whole, as `vers=4.2`, `nolock`. */
  readonly superOptions: readonly string[];
};

/** mountOf is the mount that a real path lies on; undefined where the system does not tell, as on macOS. */
export function mountOf(realPath: string): Mount | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    return findMount(parseMounts(readFileSync('/proc/self/mountinfo', 'utf8')), realPath);
  } catch {
    return undefined; // a sandbox without /proc
  }
}

/**
 * parseMounts reads /proc/self/mountinfo, proc(5):
 *
 *     36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
 *
 * The fields before ` - ` vary in number; a space in a path is `\040`.
 */
export function parseMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [place = '', source = ''] = line.split(' - ', 2);
    const fields = place.split(' ');
    const [type = '', , superOptions = ''] = source.split(' ');
    const [at, options = ''] = [fields[4], fields[5]];
    if (at === undefined || type === '') return [];
    return [
      { at: unescapePath(at), type, options: options.split(','), superOptions: superOptions.split(',') },
    ];
  });
}

/** findMount finds the deepest mount above a path; of several on one folder the last hides the others. */
export function findMount(mounts: readonly Mount[], path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    const isAbove = mount.at === '/' || path === mount.at || path.startsWith(`${mount.at}/`);
    if (isAbove && mount.at.length >= (found?.at.length ?? 0)) found = mount;
  }
  return found;
}

function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
