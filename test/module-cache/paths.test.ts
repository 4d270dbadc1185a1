import { expect, test } from 'vitest';
import { parseDownloadName, parseExtractedDir } from '../../source/module-cache/paths.ts';

test.each([
  ['v1.6.0.zip', { kind: 'zip', version: 'v1.6.0' }],
  ['v1.6.0.ziphash', { kind: 'ziphash', version: 'v1.6.0' }],
  ['v1.0.0-!r!c1.info', { kind: 'info', version: 'v1.0.0-RC1' }],
  ['v2.0.0+incompatible.mod', { kind: 'mod', version: 'v2.0.0+incompatible' }],
  ['v1.6.0.partial', { kind: 'partial', version: 'v1.6.0' }],
  ['v0.0.1-go1.27.0.linux-amd64.lock', { kind: 'lock', version: 'v0.0.1-go1.27.0.linux-amd64' }],
  ['list', { kind: 'list', version: undefined }],
  // What a killed download leaves behind.
  ['v1.6.0.zip123456.tmp', { kind: 'other', version: undefined }],
  ['master.info', { kind: 'other', version: undefined }],
  ['v1.0.0-RC1.info', { kind: 'other', version: undefined }],
  ['.DS_Store', { kind: 'other', version: undefined }],
])('file %s', (name, expected) => {
  expect(parseDownloadName(name)).toEqual(expected);
});

test.each([
  ['github.com/!azure/x@v1.0.0', { path: 'github.com/Azure/x', version: 'v1.0.0' }],
  ['rsc.io/quote/v2@v2.0.1', { path: 'rsc.io/quote/v2', version: 'v2.0.1' }],
  [
    'golang.org/toolchain@v0.0.1-go1.27.0.linux-amd64',
    { path: 'golang.org/toolchain', version: 'v0.0.1-go1.27.0.linux-amd64' },
  ],
  // Old versions of Go extracted beside first.
  ['rsc.io/quote@v1.5.2.tmp-123456', undefined],
  ['rsc.io/quote', undefined],
  ['rsc.io/quote@v1.5.2/a', undefined],
  ['rsc.io/Quote@v1.5.2', undefined],
])('folder %s', (relative, expected) => {
  expect(parseExtractedDir(relative)).toEqual(expected);
});
