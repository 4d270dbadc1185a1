import { hexdump } from '../../build-cache/entry/hexdump.ts';
import { quote } from '../../go/shell-word.ts';
import { lookAt, lookWords } from '../explorer.ts';
import { type Line, toned } from '../line.ts';
import type { AppState } from '../state.ts';
import type { TextView } from '../view.ts';
import { textLines } from './cache-entry.ts';

/** cacheContentView is what an output holds: its text, or the first bytes of one that is none. */
export const cacheContentView: TextView = {
  kind: 'text',
  id: 'cache-content',
  opensAt: 'top',
  crumb: () => 'content',
  command(state, level) {
    const looked = lookAt(state, level);
    if (looked?.type !== 'entry') return undefined;
    const { isText, file } = looked.content;
    return isText ? `cat ${quote(file)}` : `xxd -l 4096 ${quote(file)}`;
  },
  lines(state, level) {
    const looked = lookAt(state, level);
    if (looked?.type !== 'entry') return [[toned(lookWords(state, looked), 'quiet')]];
    const { head, isText } = looked.content;
    return isText ? textLines(head).map((line): Line => [line]) : dumpLines(head, perLine(state));
  },
};

/** perLine is how many bytes fit beside their characters: 16 in 80 columns, 8 in 40. */
function perLine({ screen }: AppState): number {
  return screen.size.columns >= 80 ? 16 : 8;
}

// The same bytes are shown frame after frame.
const dumps = new WeakMap<Uint8Array, { readonly perLine: number; readonly lines: readonly Line[] }>();

function dumpLines(head: Uint8Array, bytesPerLine: number): readonly Line[] {
  const known = dumps.get(head);
  if (known?.perLine === bytesPerLine) return known.lines;
  const lines = hexdump(head, bytesPerLine).map((line): Line => [line]);
  dumps.set(head, { perLine: bytesPerLine, lines });
  return lines;
}
