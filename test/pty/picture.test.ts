import { expect, test } from 'vitest';
import { drawSvg } from './picture.ts';
import { openTerminal } from './terminal.ts';

/** picture draws what a printf format leaves on a screen of 20x4. */
async function picture(format: string): Promise<string> {
  await using terminal = openTerminal({ command: 'printf', args: [format], cols: 20, rows: 4 });
  await terminal.exited;
  return drawSvg(terminal);
}

test('draws words at their cells', async () => {
  const svg = await picture('go  build\\r\\n  <&>');
  expect(svg).toMatch(/^<svg [^>]*width="188" height="92"/);
  expect(svg).toContain(
    '<text x="10" y="23" textLength="16.8" lengthAdjust="spacingAndGlyphs" fill="#d4d7dd">go</text>',
  );
  expect(svg).toContain('<text x="43.6" y="23" textLength="42"');
  expect(svg).toContain('<text x="26.8" y="41" textLength="25.2"');
  expect(svg).toContain('>&lt;&amp;&gt;</text>');
});

test.each([
  ['bold', '\\e[1mword', /font-weight="bold">word</],
  ['dim', '\\e[2mword', /opacity="0\.6">word</],
  ['colour', '\\e[31mword', /fill="#f0717b">word</],
  ['24-bit colour', '\\e[38;2;1;2;3mword', /fill="#010203">word</],
  ['underline', '\\e[4mtwo words', /text-decoration="underline">two\u00a0words</],
  [
    'inverse',
    '\\e[7mword',
    /<rect x="10" y="10" width="33\.6" height="18" fill="#d4d7dd"\/><text[^>]*fill="#16181d">word</,
  ],
  ['wide character', '日本x', /<text x="26\.8"[^>]*textLength="16\.8"[^>]*>本<.*<text x="43\.6"[^>]*>x</],
  ['line character as a line', '─', /<path d="M14\.2 19L18\.4 19M10 19L14\.2 19" stroke="#d4d7dd"\/>/],
  ['corner as a curve', '╭', /<path d="M14\.2 28Q14\.2 19 18\.4 19" fill="none"/],
  [
    'block as a rectangle',
    '█',
    /<rect x="10" y="10" width="8\.4" height="18" fill="#d4d7dd" shape-rendering="crispEdges"\/>/,
  ],
])('draws %s', async (_, format, expected) => {
  expect(await picture(format)).toMatch(expected);
});

test('leaves no control character and no bare ampersand in the picture', async () => {
  const svg = await picture('\\e[1;7ma & b\\e[0m │ \\e[2m▒\\e[0m');
  expect(svg).not.toMatch(/[\x00-\x09\x0b-\x1f]|&(?!amp;|lt;|gt;)/);
  expect(svg.match(/<[a-z]+ /g)?.length).toBeGreaterThan(4);
});
