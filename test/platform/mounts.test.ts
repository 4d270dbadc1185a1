import { expect, test } from 'vitest';
import { findMount, mountOf, parseMounts } from '../../source/platform/mounts.ts';

// Lines of proc(5) and of a real machine; the second one has two optional fields, the third none.
const text = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
36 22 0:44 / /mnt/go\\040cache rw,noatime master:1 shared:7 - nfs4 server:/export rw,vers=4.2
40 22 0:50 / /mnt/go\\040cache rw - fuse.sshfs me@host:/ rw
41 22 0:51 / /mnt rw - tmpfs tmpfs rw
`;

test.each([
  ['/home/gopher', 'ext4'],
  ['/mnt', 'tmpfs'],
  ['/mnt/go', 'tmpfs'],
  ['/mnt/go cache', 'fuse.sshfs'], // mounted later on the same folder, so that it hides the other
  ['/mnt/go cache/deep/down', 'fuse.sshfs'],
  ['/mnt/go cache2', 'tmpfs'],
  ['/', 'ext4'],
])('%s lies on %s', (path, type) => {
  expect(findMount(parseMounts(text), path)?.type).toBe(type);
});

test('options of a mount', () => {
  expect(findMount(parseMounts(text), '/home')?.options).toEqual(['rw', 'relatime']);
});

test('a text that is no mountinfo has no mounts', () => {
  expect(parseMounts('')).toEqual([]);
  expect(parseMounts('22 1 8:1 / /\n')).toEqual([]);
});

test.skipIf(process.platform !== 'linux')('this machine tells of its own', () => {
  expect(mountOf('/proc')).toMatchObject({ at: '/proc', type: 'proc' });
});

test('options of a file system as a whole', () => {
  expect(findMount(parseMounts(text), '/mnt/go cache')?.superOptions).toEqual(['rw']);
  const nfs = '36 22 0:44 / /mnt rw - nfs server:/export rw,vers=3,nolock,local_lock=all\n';
  expect(parseMounts(nfs)[0]?.superOptions).toEqual(['rw', 'vers=3', 'nolock', 'local_lock=all']);
});
