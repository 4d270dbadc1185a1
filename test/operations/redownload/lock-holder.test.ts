import { expect, test } from 'vitest';
import { parseLockHolder } from '../../../source/operations/redownload/lock-holder.ts';

test.each([
  ['1: FLOCK  ADVISORY  WRITE 702 08:01:42 0 EOF', 702],
  ['1: POSIX  ADVISORY  WRITE 702 08:01:42 0 EOF', undefined],
  ['1: -> FLOCK  ADVISORY  WRITE 702 08:01:42 0 EOF', undefined],
  ['1: FLOCK  ADVISORY  WRITE 702 08:01:421 0 EOF', undefined],
])('%s', (line, pid) => {
  expect(parseLockHolder(`${line}\n`, 42)).toBe(pid);
});
