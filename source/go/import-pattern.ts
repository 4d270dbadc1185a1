/**
 * matchImportPattern says whether an import path matches a package pattern: `...` stands for any text, also none;
 * `x/...` matches x too; an element `vendor` is matched by a wildcard only when the pattern names one.
 * cmd/internal/pkgpattern: MatchPattern, go1.26
 */
export function matchImportPattern(pattern: string, path: string): boolean {
  if (pattern === 'all') return true;
  // std and cmd are names for sets: cmd/go/internal/search: IsMetaPackage, go1.26
  if (pattern === 'std') return isStandard(path);
  if (pattern === 'cmd') return path === 'cmd' || path.startsWith('cmd/');
  const hidden =
    pattern.includes(vendorMark) || path.includes(vendorMark) ? undefined : hideVendor(pattern, path);
  const [shape, text] = hidden ?? [pattern, path];
  const source = shape
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('\\.\\.\\.', '.*')
    // `net/...` matches net as well.
    .replace(/\/\.\*$/, '(?:/.*)?')
    .replaceAll('.*', `[^${vendorMark}]*`);
  return new RegExp(`^${source}$`, 's').test(text);
}

// A character that no path has stands for an element `vendor`, so that a wildcard stops there.
const vendorMark = '\0';

function hideVendor(pattern: string, path: string): [string, string] {
  const hide = (text: string): string => text.replace(/(^|\/)vendor(?=\/|$)/g, `$1${vendorMark}`);
  return [hide(pattern), hide(path)];
}

/** isStandard says whether a path is one of the standard library: its first element has no dot. */
function isStandard(path: string): boolean {
  return (
    !(path.split('/')[0] ?? '').includes('.') && !path.startsWith('cmd/') && path !== 'command-line-arguments'
  );
}
