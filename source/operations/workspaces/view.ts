import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../../go/settings.ts';
import type { Way } from './ways.ts';

/** View is a GOMODCACHE as one workspace sees it under one way. */
export type View = {
  readonly gomodcache: string;
  /** goproxy is asked for what is not there. */
  readonly goproxy: string;
  /** around are the words that a command needs before it, as to mount. */
  readonly around: readonly string[];
  /** own are the folders on disk that this view alone has. */
  readonly own: readonly string[];
};

/** makeView sets a way up for the workspace number `index`, below `root`; `shared` is the folder that all share. */
export function makeView(way: Way, root: string, shared: string, index: number, goproxy: string): View {
  const home = join(root, way.replace(' ', '-'), String(index));
  mkdirSync(home, { recursive: true });
  const gomodcache = join(home, 'mod');
  switch (way) {
    case 'own':
      return { gomodcache, goproxy, around: [], own: [gomodcache] };
    case 'shared':
      return { gomodcache: shared, goproxy, around: [], own: [] };
    case 'symlink':
      symlinkSync(shared, gomodcache);
      return { gomodcache, goproxy, around: [], own: [gomodcache] };
    case 'overlayfs': {
      const [upper, work] = [join(home, 'upper'), join(home, 'work')];
      for (const folder of [upper, work, gomodcache]) mkdirSync(folder);
      // In a user namespace overlayfs keeps its marks in user.* attributes: without userxattr it cannot hide what
      // go clean removes below (kernel: Documentation/filesystems/overlayfs, measured on 6.18).
      const options = `lowerdir=${shared},upperdir=${upper},workdir=${work},userxattr`;
      const script = 'mount -t overlay overlay -o "$1" "$2" && shift 2 && exec "$@"';
      const around = ['unshare', '-rm', 'sh', '-c', script, 'sh', options, gomodcache];
      return { gomodcache, goproxy, around, own: [upper, work] };
    }
    case 'file proxy': {
      const url = pathToFileURL(join(shared, 'cache', 'download')).href;
      return { gomodcache, goproxy: `${url},${goproxy}`, around: [], own: [gomodcache] };
    }
  }
}

/** viewEnvironment is what a go command of this view gets. Folders stay writable, so that they can be removed. */
export function viewEnvironment(environment: Environment, { gomodcache, goproxy }: View): Environment {
  return { ...environment, GOMODCACHE: gomodcache, GOPROXY: goproxy };
}

/** removeViews removes all; the kernel leaves a folder without any rights in the work folder of an overlayfs. */
export function removeViews(root: string): void {
  for (const index of ['0', '1']) {
    const inner = join(root, 'overlayfs', index, 'work', 'work');
    if (existsSync(inner)) chmodSync(inner, 0o700);
  }
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}
