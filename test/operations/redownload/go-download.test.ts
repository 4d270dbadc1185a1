import { expect, test } from 'vitest';
import { parseMismatch } from '../../../source/operations/redownload/go-download.ts';

// As go1.26.8 says it, for a zip and for a go.mod file.
const [one, other] = [`h1:${'A'.repeat(43)}=`, `h1:${'B'.repeat(43)}=`];

test.each([
  [
    `example.org/a@v1.0.0: verifying module: checksum mismatch\n\tdownloaded: ${one}\n\tsum.golang.org: ${other}\n\nSECURITY ERROR\nThis download does NOT match the one reported by the checksum server.\n`,
    'sum.golang.org',
  ],
  [
    `verifying example.org/a@v1.0.0/go.mod: checksum mismatch\n\tdownloaded: ${one}\n\tgo.sum:     ${other}\n\nSECURITY ERROR\nThis download does NOT match an earlier download recorded in go.sum.\n`,
    'go.sum',
  ],
])('a mismatch names both sums, and who has the other: %s', (why, named) => {
  const found = parseMismatch(why);
  expect(found).toMatchObject({ type: 'mismatch', downloaded: one, expected: other, other: named });
  expect(found?.why).not.toMatch(/\n|SECURITY/);
});

test.each([
  'module lookup disabled by GOPROXY=off',
  'example.org/a@v1.0.0: verifying module: example.org/a@v1.0.0: reading https://sum.golang.org/lookup/example.org/a@v1.0.0: 404 Not Found',
])('no mismatch: %s', (why) => {
  expect(parseMismatch(why)).toBeUndefined();
});
