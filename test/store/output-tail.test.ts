import { expect, test } from 'vitest';
import { applyOutput, type OutputPiece } from '../../source/store/output-tail.ts';
import type { OutputTail } from '../../source/store/state.ts';

const empty: OutputTail = { lines: [], dropped: 0 };
const out = (text: string): OutputPiece => ({ stream: 'stdout', text });
const err = (text: string): OutputPiece => ({ stream: 'stderr', text });

/** shown writes a tail as `stream text`, with a `+` behind a line that goes on. */
function shown({ lines }: OutputTail): readonly string[] {
  return lines.map(({ stream, text, isComplete }) => `${stream} ${text}${isComplete ? '' : '+'}`);
}

test.each<[string, readonly OutputPiece[], readonly string[]]>([
  ['lines', [out('a\nb\n')], ['stdout a', 'stdout b']],
  ['a line that goes on', [out('a'), out('b\n')], ['stdout ab']],
  ['one that has not ended', [out('a\nb')], ['stdout a', 'stdout b+']],
  ['its end comes alone', [out('a'), out('\n')], ['stdout a']],
  ['empty lines', [out('\n\n')], ['stdout ', 'stdout ']],
  ['nothing', [out('')], []],
  ['two streams', [out('a\n'), err('b\n')], ['stdout a', 'stderr b']],
  [
    'a stream between another’s line',
    [out('a'), err('b\n'), out('c\n')],
    ['stdout a+', 'stderr b', 'stdout c'],
  ],
])('%s', (_, pieces, expected) => {
  expect(shown(applyOutput(empty, pieces))).toEqual(expected);
});

test('the same text cut at every place gives the same lines', () => {
  const text = 'one\ntwo\n\nthree';
  const whole = applyOutput(empty, [out(text)]);
  for (let place = 0; place <= text.length; place++) {
    const [first, second] = [out(text.slice(0, place)), out(text.slice(place))];
    expect(applyOutput(empty, [first, second])).toEqual(whole);
    expect(applyOutput(applyOutput(empty, [first]), [second])).toEqual(whole);
  }
});

test('the last 5,000 lines are kept, the others counted', () => {
  const text = Array.from({ length: 12_000 }, (_, index) => `${index}\n`);
  const tail = applyOutput(
    applyOutput(empty, [out(text.slice(0, 6000).join(''))]),
    text.slice(6000).map(out),
  );
  expect(tail.lines).toHaveLength(5000);
  expect(tail.lines[0]?.text).toBe('7000');
  expect(tail.lines.at(-1)?.text).toBe('11999');
  expect(tail.dropped).toBe(7000);
});

test('what was there is not changed', () => {
  const before = applyOutput(empty, [out('a')]);
  applyOutput(before, [out('b\n')]);
  expect(shown(before)).toEqual(['stdout a+']);
});
