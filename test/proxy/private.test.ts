import { expect, test } from 'vitest';
import { matchPrivate } from '../../source/proxy/private.ts';

test.each([
  [
    'corp.example/a',
    { gonoproxy: '', gonosumdb: '', goprivate: 'corp.example' },
    'corp.example',
    'corp.example',
  ],
  ['corp.example/a', { gonoproxy: '', gonosumdb: '', goprivate: '' }, null, null],
  // `none` switches one of them off while GOPRIVATE stays.
  ['corp.example/a', { gonoproxy: 'none', gonosumdb: '', goprivate: 'corp.example' }, null, 'corp.example'],
  ['corp.example/a', { gonoproxy: '*.example/a', gonosumdb: 'x', goprivate: '' }, '*.example/a', null],
  // A typing error in GOPRIVATE.
  ['corp.example/a', { gonoproxy: '', gonosumdb: '', goprivate: 'corp.exmple/*' }, null, null],
])('%s under %j', (path, settings, gonoproxy, gonosumdb) => {
  expect(matchPrivate(path, settings)).toEqual({
    isPrivate: gonoproxy !== null && gonosumdb !== null,
    GONOPROXY: gonoproxy,
    GONOSUMDB: gonosumdb,
  });
});
