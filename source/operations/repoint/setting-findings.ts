import type { Finding } from '../finding.ts';
import type { RepointFacts, Shadow } from './facts.ts';
import { finder } from './finding.ts';
import { shellLines } from './shell-lines.ts';

/** findSettingFaults says why go env -w would not do it: nothing is moved then, as nothing would change. */
export function findSettingFaults({ setting, to }: RepointFacts): readonly Finding[] {
  const found: Finding[] = [];
  const { file, shadow, unwritable, gocacheprog } = setting;
  if (shadow !== undefined) found.push(shadowed(shadow));
  if (file === '') {
    // Measured, go1.26: with GOENV=off go env -w writes the default file all the same, which go then does not read.
    const why = 'go reads no file with GOENV=off, so that what go env -w writes does not count';
    found.push(
      finder('error', 'GOENV=off')(
        'goenv-off',
        'go env -w has no effect',
        why,
        'unset GOENV',
        ...shellLines(undefined, to).slice(1),
      ),
    );
  } else if (unwritable !== undefined) {
    const what = 'the file of go env -w cannot be written';
    const repair = 'change its mode or owner, or name another with GOENV';
    found.push(finder('error', file)('goenv-unwritable', what, unwritable, repair));
  }
  if (gocacheprog !== '') {
    const why = 'that program keeps the cache, wherever GOCACHE is';
    found.push(
      finder('warning', `GOCACHEPROG=${gocacheprog}`)(
        'gocacheprog',
        'GOCACHE hardly counts',
        why,
        'unset it',
      ),
    );
  }
  return found;
}

function shadowed({ value, places, lines }: Shadow): Finding {
  const where = places.map(({ at, text }) => `, set by ${at}: ${text}`).join('');
  const why = `an environment variable counts before go env -w${where}`;
  return finder('error', `GOCACHE=${value}`)('shadowed', 'set in the environment', why, ...lines);
}
