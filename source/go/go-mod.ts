/** GoModRequires is what the closure of a module's go.mod takes to know. */
export type GoModRequires = {
  /** isPruned: at `go 1.17` and above a go.mod lists all that its own packages need, indirect ones too. */
  readonly isPruned: boolean;
  readonly requires: readonly { readonly path: string; readonly version: string }[];
};

/**
 * readRequires reads the go line and the require lines of a go.mod; all else is passed over. It is for a go.mod that Go has
 * taken before, as those in GOMODCACHE. `golang.org/x/mod/modfile: parseToFile`
 */
export function readRequires(text: string): GoModRequires {
  const requires: { path: string; version: string }[] = [];
  let isPruned = false;
  let block = '';
  for (const raw of text.split('\n')) {
    const words = raw
      .replace(/\/\/.*/, '')
      .trim()
      .split(/\s+/)
      .map(unquote);
    const [first = '', second = '', third = ''] = words;
    if (first === ')') block = '';
    else if (second === '(') block = first;
    else if (block === 'require' && second !== '') requires.push({ path: first, version: second });
    else if (first === 'require' && third !== '') requires.push({ path: second, version: third });
    else if (first === 'go') isPruned = isPrunedAt(second);
  }
  return { isPruned, requires };
}

/** isPrunedAt: from go 1.17 on. `cmd/go/internal/gover: ExplicitIndirectVersion, go1.26` */
function isPrunedAt(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major > 1 || minor >= 17;
}

function unquote(word: string): string {
  return word.replace(/^(["`])(.*)\1$/, '$2');
}
