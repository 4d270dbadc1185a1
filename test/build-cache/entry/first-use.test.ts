import { describe, expect, test } from 'vitest';
import { parseAtimeRule, wasUsed } from '../../../source/build-cache/entry/first-use.ts';

const mountinfo = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /tmp rw,nosuid,noatime shared:5 - tmpfs tmpfs rw
31 22 0:27 / /data rw - ext4 /dev/vdb rw
32 22 0:28 / /my\\040disk ro,nodev,noatime - ext4 /dev/vdc ro
33 30 0:29 / /tmp/over rw,noatime - tmpfs tmpfs rw
34 30 0:30 / /tmp/over rw,relatime - tmpfs tmpfs rw
`;

describe('how a file system keeps atimes', () => {
  test.each([
    ['/root/.cache/go-build', 'relatime'],
    ['/tmp/cache', 'noatime'],
    ['/tmp', 'noatime'],
    ['/tmpfoo', 'relatime'],
    ['/data/cache', 'strictatime'],
    ['/my disk/cache', 'noatime'],
    // Of two mounts on one point the later one is seen.
    ['/tmp/over/cache', 'relatime'],
  ])('%s: %s', (path, rule) => {
    expect(parseAtimeRule(mountinfo, path)).toBe(rule);
  });

  test('nothing tells without a mount', () => {
    expect(parseAtimeRule('', '/tmp')).toBeUndefined();
  });
});

describe('whether an entry was used', () => {
  const made = 1_760_000_000_000;
  test.each([
    ['made and never read', { atime: made, mtime: made, addedAt: made }, 'relatime', false],
    ['read once', { atime: made + 5000, mtime: made, addedAt: made }, 'relatime', true],
    ['used after an hour', { atime: made, mtime: made + 3_600_000, addedAt: made }, 'noatime', true],
    ['no atimes are kept', { atime: made, mtime: made, addedAt: made }, 'noatime', undefined],
    ['nobody knows', { atime: made + 5000, mtime: made, addedAt: made }, undefined, undefined],
  ] as const)('%s', (_, times, rule, used) => {
    expect(wasUsed(times, rule)).toBe(used);
  });
});
