/** GoSumLine is a line of a go.sum or go.work.sum file: `golang.org/x/sys v0.6.0/go.mod h1:...`. */
export type GoSumLine = {
  readonly path: string;
  readonly version: string;
  /** isGoMod says that the sum is of the go.mod file alone. */
  readonly isGoMod: boolean;
  /** sum is `h1:` and base64; an algorithm that is not known is kept as it is, as Go does. */
  readonly sum: string;
  /** line counts from 1. */
  readonly line: number;
};

/** GoSum is such a file; each fault is in Go's words. */
export type GoSum = {
  readonly lines: readonly GoSumLine[];
  readonly faults: readonly { readonly line: number; readonly why: string }[];
};

/**
 * parseGoSum reads a go.sum file. A line that has not three fields is a fault: go build stops there.
 * `cmd/go/internal/modfetch: readGoSum, go1.26`
 */
export function parseGoSum(text: string): GoSum {
  const lines: GoSumLine[] = [];
  const faults: { line: number; why: string }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const fields = line.trim().split(/\s+/);
    const [path = '', version = '', sum = ''] = fields;
    if (path === '') continue;
    if (fields.length !== 3) {
      faults.push({ line: index + 1, why: `wrong number of fields ${fields.length}` });
      continue;
    }
    if (sum === emptyGoModSum) continue;
    const isGoMod = version.endsWith(goModSuffix);
    lines.push({
      path,
      version: isGoMod ? version.slice(0, -goModSuffix.length) : version,
      isGoMod,
      sum,
      line: index + 1,
    });
  }
  return { lines, faults };
}

const goModSuffix = '/go.mod';

/** emptyGoModSum is of an empty go.mod: an old Go wrote it for what was no module, and Go passes over it. `cmd/go/internal/modfetch: emptyGoModHash, go1.26` */
const emptyGoModSum = 'h1:G7mAYYxgmS0lVkHyy2hEOLQCFB0DlQFTMLWggykrydY=';
