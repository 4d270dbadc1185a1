import { Text } from 'ink';
import { memo } from 'react';
import type { Line, Span } from '../store/line.ts';
import { useLook } from './look-context.ts';
import { asciiLine, toneProps } from './theme.ts';

/** Row draws one line that already has its width. A line that says the same is not drawn again. */
export const Row = memo(
  function Row({ line }: { readonly line: Line }) {
    const { isAscii } = useLook();
    const spans = joinSpans(isAscii ? asciiLine(line) : line);
    const only = spans[0];
    if (spans.length === 1 && only !== undefined) {
      return (
        <Text wrap="truncate" {...(typeof only === 'string' ? {} : toneProps[only.tone])}>
          {typeof only === 'string' ? only : only.text}
        </Text>
      );
    }
    return (
      <Text wrap="truncate">
        {spans.map((span, index) => {
          if (typeof span === 'string') return span;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a span has nothing but its place.
            <Text key={index} {...toneProps[span.tone]}>
              {span.text}
            </Text>
          );
        })}
      </Text>
    );
  },
  (before, after) => isSameLine(before.line, after.line),
);

/** joinSpans puts neighbours of one tone together, so that there are fewer things to lay out. */
function joinSpans(line: Line): Line {
  const joined: Span[] = [];
  for (const span of line) {
    const last = joined.at(-1);
    if (toneOf(span) === toneOf(last))
      joined[joined.length - 1] = withText(span, textOf(last) + textOf(span));
    else if (textOf(span) !== '') joined.push(span);
  }
  return joined.length === 0 ? [' '] : joined;
}

function isSameLine(one: Line, other: Line): boolean {
  return (
    one === other ||
    (one.length === other.length &&
      one.every(
        (span, index) => textOf(span) === textOf(other[index]) && toneOf(span) === toneOf(other[index]),
      ))
  );
}

function textOf(span: Span | undefined): string {
  return span === undefined ? '' : typeof span === 'string' ? span : span.text;
}

function toneOf(span: Span | undefined): string | undefined {
  return span === undefined ? undefined : typeof span === 'string' ? 'plain' : span.tone;
}

function withText(span: Span, text: string): Span {
  return typeof span === 'string' ? text : { ...span, text };
}
