import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { quote } from '../../go/shell-word.ts';
import type { SharedCache } from './survey.ts';
import type { Way, WayMeasured } from './ways.ts';

/** Recommendation is a way, why, and the commands that set it up. */
export type Recommendation = {
  readonly purpose: 'share' | 'isolate';
  readonly way: Way;
  readonly why: string;
  readonly commands: readonly string[];
};

/**
 * recommend says what to do on this machine: to share, and to isolate a workspace that is not trusted. Sharing one folder is
 * what go is made for. A symlink is the same folder with a second name, and more to go wrong.
 */
export function recommend(
  caches: readonly SharedCache[],
  measured: readonly WayMeasured[],
): readonly Recommendation[] {
  const [largest] = caches.toSorted((one, other) => other.bytes - one.bytes);
  if (largest === undefined) return [];
  const { gomodcache } = largest;
  const others = caches.filter((cache) => cache !== largest);
  const share: Recommendation = {
    purpose: 'share',
    way: 'shared',
    why:
      others.length === 0
        ? 'they share one folder already: the least disk, one download, and go locks each module'
        : 'one folder takes the least disk and one download, and go locks each module',
    commands: others.length === 0 ? [] : [`go env -w GOMODCACHE=${quote(gomodcache)}`],
  };
  return [share, isolate(gomodcache, measured)];
}

/** isolate prefers overlayfs where it was shown to work and to save disk; a file proxy works everywhere. */
function isolate(gomodcache: string, measured: readonly WayMeasured[]): Recommendation {
  const [overlay, proxy] = (['overlayfs', 'file proxy'] as const).map((way) =>
    measured.find((each) => each.way === way),
  );
  const saves = (proxy?.diskBytes ?? 0) - (overlay?.diskBytes ?? Number.POSITIVE_INFINITY);
  const isSafe = overlay?.notMeasured === undefined && overlay?.poisonReaches === false;
  if (isSafe && saves > worthMounting)
    return {
      purpose: 'isolate',
      way: 'overlayfs',
      why: 'nothing is unpacked twice, and what is written stays in the own folder; it must be mounted again after a restart',
      commands: [
        'mkdir -p .modcache/upper .modcache/work .modcache/mod',
        `sudo mount -t overlay overlay -o lowerdir=${quote(gomodcache)},upperdir=$PWD/.modcache/upper,workdir=$PWD/.modcache/work .modcache/mod`,
        'export GOMODCACHE=$PWD/.modcache/mod',
      ],
    };
  const why =
    overlay?.notMeasured === undefined
      ? 'no mount and no rights are needed, nothing is downloaded twice, and go.sum guards what is taken over'
      : `no mount and no rights are needed (overlayfs: ${overlay.notMeasured}), and go.sum guards what is taken over`;
  const url = pathToFileURL(join(gomodcache, 'cache', 'download')).href;
  return {
    purpose: 'isolate',
    way: 'file proxy',
    why,
    // Without what GOPROXY holds: that may be a password.
    commands: ['export GOMODCACHE=$PWD/.modcache', `export GOPROXY=${quote(url)},$(go env GOPROXY)`],
  };
}

// Below this, less moving parts are worth more than the disk: a mid-sized service unpacks that much.
const worthMounting = 256 * 1024 * 1024;
