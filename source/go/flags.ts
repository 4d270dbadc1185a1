/** GoFlags is a GOFLAGS value cut into its words; `fault` is what Go says when it cannot be cut, and then there are no words. */
export type GoFlags = { readonly words: readonly string[]; readonly fault: string | undefined };

/**
 * withX adds `-x` to a GOFLAGS value, so that each go command under it prints what it runs.
 * `userHasX` says that these GOFLAGS ask for it already: the lines are then the user's own, and nothing is added.
 * It goes to the end, since the last of several wins (`-x=false -x`); the text before it stays as it is.
 * `goflags` is the effective value: what `go env GOFLAGS` prints (environment over `go env -w`, an empty variable counts
 * as unset). A value that Go cannot read comes back unchanged: Go then stops with its own words.
 * The command line comes after GOFLAGS (`cmd/go/internal/base: SetFromGOFLAGS, go1.26`): a `-x=false` there still wins.
 */
export function withX(goflags: string): { readonly goflags: string; readonly userHasX: boolean } {
  const { words, fault } = splitGoFlags(goflags);
  if (fault !== undefined) return { goflags, userHasX: false };
  if (isBoolFlagSet(words, 'x')) return { goflags, userHasX: true };
  return { goflags: words.length === 0 ? '-x' : `${goflags.trimEnd()} -x`, userHasX: false };
}

/**
 * isBoolFlagSet says whether words of GOFLAGS turn a boolean flag on: `-x`, `--x`, `-x=1`. The last one decides.
 * A value that is no boolean (`-x=maybe`) counts as not set; Go refuses it. `cmd/go/internal/base: SetFromGOFLAGS, go1.26`
 */
export function isBoolFlagSet(words: readonly string[], name: string): boolean {
  let isSet = false;
  for (const word of words) {
    const match = /^--?([^-=][^=]*)(?:=([\s\S]*))?$/.exec(word);
    if (match?.[1] === name) isSet = match[2] === undefined || trueWords.has(match[2]);
  }
  return isSet;
}

/** trueWords are what `strconv.ParseBool` takes for true. */
const trueWords: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/**
 * splitGoFlags cuts a GOFLAGS value into words: single or double quotes around a whole word, nothing unescaped inside.
 * `cmd/internal/quoted: Split, go1.26`
 */
export function splitGoFlags(text: string): GoFlags {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    const first = text.charAt(at);
    if (isSpace(first)) {
      at++;
    } else if (first === '"' || first === "'") {
      const end = text.indexOf(first, at + 1);
      if (end < 0) return { words: [], fault: `unterminated ${first} string` };
      words.push(text.slice(at + 1, end));
      at = end + 1;
    } else {
      let end = at;
      while (end < text.length && !isSpace(text.charAt(end))) end++;
      words.push(text.slice(at, end));
      at = end;
    }
  }
  return { words, fault: undefined };
}

/**
 * joinGoFlags writes words as one GOFLAGS value that `splitGoFlags` reads back. `fault` is Go's word for a word with both
 * kinds of quotes, which cannot be written. An empty word vanishes, in Go too. `cmd/internal/quoted: Join, go1.26`
 */
export function joinGoFlags(words: readonly string[]): {
  readonly goflags: string;
  readonly fault: string | undefined;
} {
  const parts: string[] = [];
  for (const word of words) {
    const hasSingle = word.includes("'");
    const hasDouble = word.includes('"');
    if (!hasSingle && !hasDouble && !/[ \t\n\r]/.test(word)) {
      parts.push(word);
    } else if (!hasSingle) {
      parts.push(`'${word}'`);
    } else if (!hasDouble) {
      parts.push(`"${word}"`);
    } else {
      const fault = `argument ${JSON.stringify(word)} contains both single and double quotes and cannot be quoted`;
      return { goflags: '', fault };
    }
  }
  return { goflags: parts.join(' '), fault: undefined };
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}
