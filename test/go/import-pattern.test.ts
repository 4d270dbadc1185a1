import { expect, test } from 'vitest';
import { matchImportPattern } from '../../source/go/import-pattern.ts';

// cmd/internal/pkgpattern: pat_test.go, go1.26, and what search adds.
test.each([
  ['net', 'net', true],
  ['net', 'net/http', false],
  ['net/...', 'net', true],
  ['net/...', 'net/http', true],
  ['net/...', 'netchan', false],
  ['net...', 'netchan', true],
  ['...', 'anything/at/all', true],
  ['.../http', 'net/http', true],
  ['example.com/a.b/...', 'example.com/axb/c', false],
  ['x/.../y', 'x/a/b/y', true],
  ['./...', 'example.com/x', false],
  ['...', 'x/vendor/y', false],
  ['x/vendor/...', 'x/vendor/y', true],
  ['x/vendor/y', 'x/vendor/y', true],
  ['std', 'net/http', true],
  ['std', 'example.com/x', false],
  ['cmd', 'cmd/go', true],
  ['all', 'example.com/x', true],
])('%s and %s: %s', (pattern, path, expected) => {
  expect(matchImportPattern(pattern, path)).toBe(expected);
});
