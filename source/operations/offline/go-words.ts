import { unescapePath } from '../../go/module-path.ts';
import type { MissingFile, NeededVersion } from './needs.ts';

/** GoWord is what one error of the go command says about the modules. */
export type GoWord =
  /** A file, or a line of go.sum, of a module version that is not there. */
  | { readonly type: 'missing'; readonly file: MissingFile; readonly module: NeededVersion }
  /** go.sum has no line for a module that provides this package: which module, go does not say. */
  | { readonly type: 'no sum'; readonly importPath: string }
  /** Nothing is built here: for this platform there are no files. */
  | { readonly type: 'no files' }
  | { readonly type: 'other'; readonly words: string };

/**
 * readGoWord reads an error of go list, run with an empty folder `nowhere` (a file:// URL) as GOPROXY:
 *
 *     example.org/wick@v0.4.0: reading file:///tmp/x/example.org/wick/@v/v0.4.0.zip: no such file or directory
 *     example.org/wick@v0.4.0: missing go.sum entry for go.mod file; to add it:\n\tgo mod download example.org/wick
 *     missing go.sum entry for module providing package example.org/wick/thread (imported by example.org/Lamp); to add:\n\tgo get ...
 *     missing go.sum entry needed to verify package example.org/a/b is provided by exactly one module; to add:\n\tgo get ...
 *     example.org/wick@v0.4.0: verifying go.mod: example.org/wick@v0.4.0/go.mod: reading file:///tmp/x/lookup/...: no such file or directory
 *
 * `cmd/go/internal/modload: ImportMissingSumError, sumMissingError; modfetch: checkModSum, go1.26`
 */
export function readGoWord(words: string, nowhere: string): GoWord {
  const text = words.replaceAll('\n', ' ');
  const unverified = /(?:^|[\s:(])(\S+?)@(\S+?)(?: \(replaced by [^)]*\))?: verifying (module|go\.mod):/.exec(
    text,
  );
  if (unverified !== null && text.includes(nowhere)) {
    const [, path = '', version = '', what] = unverified;
    const file = what === 'module' ? 'go.sum' : 'go.sum/go.mod';
    return { type: 'missing', file, module: { path, version } };
  }
  const at = text.indexOf(`reading ${nowhere}/`);
  const asked = at === -1 ? undefined : readAsked(text.slice(at + `reading ${nowhere}/`.length));
  if (asked !== undefined) return { type: 'missing', ...asked };
  const noGoModSum = /(?:^|[\s:(])(\S+?)@(\S+?): missing go\.sum entry for go\.mod file/.exec(text);
  if (noGoModSum !== null) {
    const [, path = '', version = ''] = noGoModSum;
    return { type: 'missing', file: 'go.sum/go.mod', module: { path, version } };
  }
  const noSum = /missing go\.sum entry (?:for module providing|needed to verify) package ([^\s;]+)/.exec(
    text,
  )?.[1];
  if (noSum !== undefined) return { type: 'no sum', importPath: noSum };
  if (/build constraints exclude all Go files|no (?:non-test )?Go files in/.test(text))
    return { type: 'no files' };
  return { type: 'other', words: text.replace(/\s+/g, ' ').trim() };
}

/** readAsked reads `example.org/%21lamp/@v/v1.2.0.zip: ...`. */
function readAsked(text: string): { file: 'zip' | 'mod'; module: NeededVersion } | undefined {
  const match = /^([^\s:]+)\/@v\/([^\s:]+)\.(zip|mod)(?=[:\s]|$)/.exec(text);
  if (match === null) return undefined;
  const [path, version] = [unescapeUrl(match[1] ?? ''), unescapeUrl(match[2] ?? '')];
  if (path === undefined || version === undefined) return undefined;
  return { file: match[3] === 'zip' ? 'zip' : 'mod', module: { path, version } };
}

function unescapeUrl(text: string): string | undefined {
  try {
    return unescapePath(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}
