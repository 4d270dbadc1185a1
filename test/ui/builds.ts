import type { AppState } from '../../source/store/state.ts';
import { apply, begin, build, compile, goCommand, listed, start, store } from '../store/state.ts';

/** packages of the build of these tests: a program, a library whose path is not ASCII, and what they import. */
const packages = {
  'example.com/shop': ['fmt', 'net/http', 'example.com/shop/店/価格', 'example.com/shop/🛒'],
  'example.com/shop/店/価格': [],
  'example.com/shop/🛒': [],
  'net/http': ['fmt'],
  fmt: [],
  'golang.org/x/text/unicode/norm': [],
};

/** busyBuild is a build in the middle: one package is done, two are being compiled, and go wrote a line. */
export function busyBuild(size: { readonly columns: number; readonly rows: number }): AppState {
  const running = build(
    begin(goCommand, size),
    [
      listed(packages),
      ...compile('b002', 'fmt', 100),
      ...store('b002', 'fmt', 900, 412_000),
      ...compile('b003', 'net/http', 1000),
      ...compile('b004', 'example.com/shop/店/価格', 1200),
    ],
    start + 3100,
  );
  return apply(running, [{ type: 'output', stream: 'stderr', text: '# example.com/shop/店/価格\n' }]);
}

/** largeBuild has as many packages as `count`, all of them compiled but the last. */
export function largeBuild(
  size: { readonly columns: number; readonly rows: number },
  count: number,
): AppState {
  const names = Array.from(
    { length: count },
    (_, index) => `example.com/large/p${String(index).padStart(5, '0')}`,
  );
  const events = names
    .slice(0, -1)
    .flatMap((name, index) => [
      ...compile(`b${index + 10}`, name, 100 + index),
      ...store(`b${index + 10}`, name, 200 + index, 1000 + index),
    ]);
  return build(
    begin(goCommand, size),
    [listed(Object.fromEntries(names.map((name) => [name, []]))), ...events],
    start + 60_000,
  );
}
