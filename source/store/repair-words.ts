import type { SwapPart } from '../operations/redownload/journal.ts';

/** partWords name parts of a module version, as `folder, .ziphash`. */
export function partWords(parts: readonly SwapPart[]): string {
  return parts.map((part) => words[part]).join(', ');
}

const words: Readonly<Record<SwapPart, string>> = {
  mod: '.mod',
  info: '.info',
  zip: 'zip',
  dir: 'folder',
  ziphash: '.ziphash',
};
