import type { IUnicodeVersionProvider } from '@xterm/headless';
import stringWidth from 'string-width';

/**
 * createWidths makes the rule by which the terminal gives a character its cells, for xterm.js knows only Unicode 6,
 * where an emoji has one cell. Each code point counts alone, as in most terminals: CJK and emoji take two cells,
 * marks and joiners none. (A family joined by U+200D so takes six cells; a terminal that clusters gives it two.)
 */
export function createWidths(): IUnicodeVersionProvider {
  const known = new Map<number, Width>();
  const wcwidth = (codePoint: number): Width => {
    if (codePoint < 0x7f) return 1;
    const width = known.get(codePoint) ?? measure(codePoint);
    known.set(codePoint, width);
    return width;
  };
  return {
    version: 'gocachetop',
    wcwidth,
    charProperties: (codePoint, preceding) => {
      const width = wcwidth(codePoint);
      const before = (preceding >> 1) & 3;
      const joins = width === 0 && preceding !== 0 && before !== 0;
      return properties(joins ? before : width, joins);
    },
  };
}

type Width = 0 | 1 | 2;

function measure(codePoint: number): Width {
  const width = stringWidth(String.fromCodePoint(codePoint));
  return width === 0 ? 0 : width === 1 ? 1 : 2;
}

/** properties packs a width and "belongs to the cell before" as `xterm.js: UnicodeService.createPropertyValue, 6.0`. */
function properties(width: number, joins: boolean): number {
  return (width << 1) | (joins ? 1 : 0);
}
