import type { KeyPress } from '../screen.ts';
import type { Binding } from './binding.ts';
import { cacheKeys } from './cache-keys.ts';
import { doctorKeys } from './doctor-keys.ts';
import { exploreKeys } from './explore-keys.ts';
import { listKeys } from './list-keys.ts';
import { markKeys } from './mark-keys.ts';
import { moduleKeys } from './module-keys.ts';
import { moveKeys } from './move-keys.ts';
import { paneKeys } from './pane-keys.ts';
import { plannedKeys } from './planned-keys.ts';
import { programKeys } from './program-keys.ts';
import { proxyKeys } from './proxy-keys.ts';
import { redownloadKey } from './redownload-key.ts';
import { repointKey } from './repoint-key.ts';
import { verifyKey } from './verify-key.ts';

/** bindings are all keys there are, in the order of the line of keys. */
export const bindings: readonly Binding[] = [
  ...moveKeys,
  ...listKeys,
  ...markKeys,
  ...cacheKeys,
  repointKey,
  redownloadKey,
  ...moduleKeys,
  verifyKey,
  ...proxyKeys,
  ...exploreKeys,
  ...doctorKeys,
  ...paneKeys,
  ...plannedKeys,
  ...programKeys,
];

/** bindingOf is what a key does; undefined for a key that does nothing. */
export function bindingOf(key: KeyPress): Binding | undefined {
  return bindings.find(({ keys }) => keys.includes(key));
}

/** keyTable is the table of keys in the README, as Markdown. */
export function keyTable(): string {
  const rows = bindings.map(({ shown, tooltip, unavailable, group }) => {
    const later = group === 'operations' && unavailable !== undefined ? ' (not in this version)' : '';
    return `| ${shown
      .split(' ')
      .map((key) => `\`${key}\``)
      .join(' ')} | ${tooltip}${later} |`;
  });
  return ['| key | does |', '|---|---|', ...rows].join('\n');
}
