import type { ModuleName } from './mod-file.ts';

/**
 * parseVendorList reads the modules of vendor/modules.txt. A module that was replaced by another one is named as that; one
 * that was replaced by a folder is left out. cmd/go/internal/modload: readVendorList, go1.26
 *
 *     # golang.org/x/text v0.3.0 => example.com/text v0.3.1
 *     ## explicit; go 1.17
 *     golang.org/x/text/language
 */
export function parseVendorList(text: string): readonly ModuleName[] {
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('# ')) return [];
    const words = line.slice(2).trim().split(/\s+/);
    const arrow = words.indexOf('=>');
    const [path, version] = arrow === -1 ? words : words.slice(arrow + 1);
    return path === undefined || version === undefined ? [] : [{ path, version }];
  });
}
