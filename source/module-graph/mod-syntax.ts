/** Directive is one line of a go.mod or go.work file, its block's verb before it: `require github.com/x/y v1.0.0 // indirect`. */
export type Directive = {
  readonly verb: string;
  /** words behind the verb, unquoted; `=>`, `,`, `[` and `]` stand alone. */
  readonly words: readonly string[];
  /** comment behind the line, and the comments above it, without their slashes. */
  readonly comment: string;
  readonly above: readonly string[];
};

/**
 * readDirectives takes a go.mod or go.work file apart. It is as tolerant as Go is with the files of dependencies: what it
 * cannot read it leaves out. `golang.org/x/mod/modfile: ParseLax, input.lex`
 */
export function readDirectives(text: string): readonly Directive[] {
  const directives: Directive[] = [];
  let block: string | undefined;
  let above: string[] = [];
  let blockAbove: readonly string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const { words, comment } = readLine(line);
    const [first] = words;
    if (first === undefined) {
      // An empty line parts a comment from what follows it.
      if (comment === undefined) above = [];
      else above.push(comment);
      continue;
    }
    if (block !== undefined && first === ')') {
      block = undefined;
    } else if (block === undefined && words.length === 2 && words[1] === '(') {
      block = first;
      blockAbove = above;
    } else if (block === undefined) {
      directives.push({ verb: first, words: words.slice(1), comment: comment ?? '', above });
    } else {
      // The comment above a block is of each of its lines, where the line has none of its own.
      directives.push({
        verb: block,
        words,
        comment: comment ?? '',
        above: above.length > 0 ? above : blockAbove,
      });
    }
    above = [];
  }
  return directives;
}

function readLine(line: string): { readonly words: readonly string[]; readonly comment: string | undefined } {
  const words: string[] = [];
  let rest = line;
  for (;;) {
    rest = rest.trimStart();
    if (rest === '') return { words, comment: undefined };
    if (rest.startsWith('//')) return { words, comment: rest.slice(2).trim() };
    const word = token.exec(rest)?.[0];
    if (word === undefined) return { words: [], comment: undefined }; // a string that does not end
    words.push(unquote(word));
    rest = rest.slice(word.length);
  }
}

/** token: a string, `=>`, punctuation, or a word, which ends before these and before a comment. */
const token = /^(?:"(?:[^"\\]|\\.)*"|`[^`]*`|=>|[()[\],]|(?:(?!\/\/)[^\s()[\],"`])+)/;

function unquote(word: string): string {
  if (word.startsWith('`')) return word.slice(1, -1);
  if (!word.startsWith('"')) return word;
  try {
    return String(JSON.parse(word));
  } catch {
    return word.slice(1, -1); // an escape that only Go knows: no path or version holds one
  }
}
