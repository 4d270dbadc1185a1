import { expect, test } from 'vitest';
import { parseTestLine, parseTestRecord } from '../../source/build/test-output.ts';
import { readStdout } from './fixtures.ts';

test.each<[string, string | undefined, string?]>([
  ['ok  \texample.com/a\t0.301s', 'ran'],
  ['ok  \texample.com/a\t(cached)', 'cached'],
  ['ok  \texample.com/a\t(cached)\tcoverage: 50.0% of statements', 'cached'],
  ['ok  \texample.com/a\t0.3s\tcoverage: 50.0% of statements', 'ran'],
  ['ok  \texample.com/a\t0.3s [no tests to run]', 'ran', 'its program ran all the same'],
  ['FAIL\texample.com/a\t0.010s', 'failed'],
  ['FAIL\texample.com/a [build failed]', 'failed'],
  ['FAIL\texample.com/a [setup failed]', 'failed'],
  ['?   \texample.com/a\t[no test files]', 'no-test-files'],
  ['\texample.com/a\t\tcoverage: 0.0% of statements', 'no-test-files', 'under -cover'],
  ['FAIL', undefined, 'the last line of all'],
  ['ok', undefined],
  ['ok example.com/a 0.3s', undefined, 'no tabs'],
  ['--- FAIL: TestA (0.00s)', undefined],
  ['\tindented words', undefined, 'a log of a test'],
  ['PASS', undefined],
  ['', undefined],
])('%j: %s', (line, outcome) => {
  expect(parseTestLine(line)).toEqual(
    outcome === undefined ? undefined : { importPath: 'example.com/a', outcome },
  );
});

test.each<[string, string | undefined, string]>([
  [
    '{"Action":"output","Package":"example.com/a","Output":"ok  \\texample.com/a\\t0.3s\\n"}',
    'ran',
    'a summary',
  ],
  [
    '{"Action":"output","Package":"example.com/a","Test":"TestA","Output":"ok  \\texample.com/a\\t0.3s\\n"}',
    undefined,
    'what a test itself prints',
  ],
  ['{"Action":"pass","Package":"example.com/a"}', undefined, 'no output'],
  ['{"Action":"output"', undefined, 'cut'],
  ['ok  \texample.com/a\t0.3s', undefined, 'no record'],
])('record %s: %s (%s)', (line, outcome) => {
  expect(parseTestRecord(line)?.outcome).toBe(outcome);
});

test.each<[string, readonly (readonly [string, string])[]]>([
  [
    'test-cold',
    [
      ['cart', 'ran'],
      ['desk', 'ran'],
      ['price', 'no-test-files'],
    ],
  ],
  [
    'test-again',
    [
      ['cart', 'cached'],
      ['desk', 'cached'],
      ['price', 'no-test-files'],
    ],
  ],
  [
    'test-cover',
    [
      ['cart', 'ran'],
      ['desk', 'ran'],
    ],
  ],
  [
    'test-error',
    [
      ['cart', 'failed'],
      ['round', 'no-test-files'],
    ],
  ],
])('captured: %s', (name, expected) => {
  const found = readStdout(name)
    .toString()
    .split('\n')
    .flatMap((line) => parseTestLine(line) ?? []);
  expect(found).toEqual(
    expected.map(([path, outcome]) => ({ importPath: `example.com/shop/${path}`, outcome })),
  );
});
