import { mostGoModBytes, mostLicenseBytes } from './zip-limits.ts';

/**
 * createNameCheck gives a check of the names in one module zip, in their order: Go's reason to refuse one, or undefined. Names
 * come without the `module@version/` before them; a folder ends in a slash. `golang.org/x/mod/zip: checkZip`
 */
export function createNameCheck(): (name: string, size: number) => string | undefined {
  /** seen are the paths so far by their folded form: two that differ in case only cannot both be extracted everywhere. */
  const seen = new Map<string, { readonly path: string; readonly isFolder: boolean }>();

  function collision(path: string, isFolder: boolean): string | undefined {
    const folded = fold(path);
    const other = seen.get(folded);
    if (other === undefined) seen.set(folded, { path, isFolder });
    else if (other.path !== path)
      return `case-insensitive file name collision: "${other.path}" and "${path}"`;
    else if (other.isFolder !== isFolder) return `entry "${path}" is both a file and a directory`;
    else return isFolder ? undefined : `multiple entries for file "${path}"`;
    const slash = path.lastIndexOf('/');
    return slash < 0 ? undefined : collision(path.slice(0, slash), true);
  }

  return (name, size) => {
    const isFolder = name.endsWith('/');
    const path = isFolder ? name.slice(0, -1) : name;
    if (path === '') return undefined;
    const fault = pathFault(path) ?? collision(path, isFolder);
    if (fault !== undefined || isFolder) return fault;
    const base = path.slice(path.lastIndexOf('/') + 1);
    if (base.toLowerCase() === 'go.mod') {
      if (base !== path) return 'go.mod file not in module root directory';
      if (path !== 'go.mod') return 'go.mod files must have lowercase names';
    }
    if (path === 'go.mod' && size > mostGoModBytes)
      return `go.mod file too large (max size is ${mostGoModBytes} bytes)`;
    if (path === 'LICENSE' && size > mostLicenseBytes)
      return `LICENSE file too large (max size is ${mostLicenseBytes} bytes)`;
    return undefined;
  };
}

/** fileNameChars are what Go allows in an element of a path: letters of any script, digits and marks that no shell minds. */
const fileNameChars = /^[0-9A-Za-z!#$%&()+,\-.=@[\]^_{}~ \p{L}]*$/u;
/** windowsNames are what Windows keeps for devices, in any case and with any ending. */
const windowsNames = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

/** pathFault is Go's reason why a relative path may not stand in a module zip. `golang.org/x/mod/module: CheckFilePath` */
function pathFault(path: string): string | undefined {
  if (path.includes('\ufffd')) return 'invalid UTF-8';
  if (path.startsWith('/')) return 'file path is not relative';
  for (const element of path.split('/')) {
    if (element === '') return 'empty path element';
    if (/^\.+$/.test(element)) return `invalid path element "${element}"`;
    if (element.endsWith('.')) return 'trailing dot in path element';
    if (!fileNameChars.test(element)) {
      const bad = [...element].find((char) => !fileNameChars.test(char)) ?? '';
      return `invalid char ${JSON.stringify(bad)}`;
    }
    const short = element.replace(/\..*$/, '');
    if (windowsNames.test(short)) return `"${short}" disallowed as path element component on Windows`;
  }
  return undefined;
}

/**
 * fold is equal for two names that differ in case only, letter by letter; strings of one letter and two (ß and ss) do not.
 * `golang.org/x/mod/module: strToFold`
 */
function fold(path: string): string {
  if (!beyondAscii.test(path)) return path.toLowerCase();
  return Array.from(path, foldLetter).join('');
}

const beyondAscii = /[^\0-\x7f]/;

/** foldLetter goes through the capital to the small letter, where each of them is one letter. */
function foldLetter(letter: string): string {
  // The capital of a dotless i is I, whose small letter is another one.
  if (letter === 'ı') return letter;
  const capital = orElse(letter.toUpperCase(), letter);
  return orElse(capital.toLowerCase(), capital);
}

function orElse(mapped: string, letter: string): string {
  return Array.from(mapped).length === 1 ? mapped : letter;
}
