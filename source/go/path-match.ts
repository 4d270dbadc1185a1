/**
 * matchGlob says whether a name matches a shell pattern: `*` and `?` stay within one path element, `[a-z]`, `[^a-z]`, `\`
 * takes the next character as it is. Undefined for a malformed pattern (Go: `syntax error in pattern`).
 * `path: Match, go1.26`
 */
export function matchGlob(pattern: string, name: string): boolean | undefined {
  let rest = [...pattern];
  let left = [...name];
  chunks: while (rest.length > 0) {
    const { hasStar, chunk, after } = scanChunk(rest);
    rest = after;
    if (hasStar && chunk.length === 0) return !left.includes('/');
    const here = matchChunk(chunk, left);
    // The last chunk must use up the name, or a star before it may still find a better place.
    if (Array.isArray(here) && (here.length === 0 || rest.length > 0)) {
      left = here;
      continue;
    }
    if (here === 'malformed') return undefined;
    if (hasStar) {
      for (let skipped = 0; skipped < left.length && left[skipped] !== '/'; skipped++) {
        const there = matchChunk(chunk, left.slice(skipped + 1));
        if (there === 'malformed') return undefined;
        if (there === 'no' || (rest.length === 0 && there.length > 0)) continue;
        left = there;
        continue chunks;
      }
    }
    return isWellFormed(rest) ? false : undefined;
  }
  return left.length === 0;
}

type Chars = readonly string[];
type Chunk = { readonly hasStar: boolean; readonly chunk: string[]; readonly after: string[] };

/** scanChunk takes the next part of a pattern up to a star, and says whether stars stood before it. */
function scanChunk(pattern: Chars): Chunk {
  let start = 0;
  while (pattern[start] === '*') start++;
  let inClass = false;
  let end = start;
  for (; end < pattern.length; end++) {
    const char = pattern[end];
    if (char === '\\') end = Math.min(end + 1, pattern.length - 1);
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '*' && !inClass) break;
  }
  return { hasStar: start > 0, chunk: pattern.slice(start, end), after: pattern.slice(end) };
}

/** matchChunk gives what of the name is left behind a match of the whole chunk; it checks the chunk's form to its end. */
function matchChunk(chunk: Chars, name: Chars): string[] | 'no' | 'malformed' {
  let failed = false;
  let used = 0;
  let at = 0;
  while (at < chunk.length) {
    failed ||= used >= name.length;
    const char = chunk[at];
    if (char === '[') {
      const charClass = readClass(chunk, at + 1);
      if (charClass === undefined) return 'malformed';
      const one: string = failed ? '' : (name[used++] ?? '');
      failed ||= !charClass.matches(one);
      at = charClass.end;
      continue;
    }
    if (char === '\\') at++;
    if (at >= chunk.length) return 'malformed';
    if (!failed) failed = char === '?' ? name[used] === '/' : name[used] !== chunk[at];
    used++;
    at++;
  }
  return failed ? 'no' : name.slice(used);
}

type CharClass = { readonly matches: (char: string) => boolean; readonly end: number };

/** readClass reads a character class behind its `[`; undefined when it is malformed or not closed. */
function readClass(chunk: Chars, start: number): CharClass | undefined {
  let at = start;
  const isNegated = chunk[at] === '^';
  if (isNegated) at++;
  const ranges: (readonly [low: number, high: number])[] = [];
  while (ranges.length === 0 || chunk[at] !== ']') {
    const low = readClassChar(chunk, at);
    if (low === undefined) return undefined;
    at = low.end;
    const high = chunk[at] === '-' ? readClassChar(chunk, at + 1) : low;
    if (high === undefined) return undefined;
    at = high.end;
    ranges.push([low.code, high.code]);
  }
  const matches = (char: string) => {
    const code = char.codePointAt(0) ?? 0;
    return ranges.some(([low, high]) => low <= code && code <= high) !== isNegated;
  };
  return { matches, end: at + 1 };
}

/** readClassChar reads one character of a class; at least the closing `]` must follow it. */
function readClassChar(
  chunk: Chars,
  start: number,
): { readonly code: number; readonly end: number } | undefined {
  let at = start;
  if (chunk[at] === '-' || chunk[at] === ']') return undefined;
  if (chunk[at] === '\\') at++;
  const code = chunk[at]?.codePointAt(0);
  return code === undefined || at + 1 >= chunk.length ? undefined : { code, end: at + 1 };
}

function isWellFormed(pattern: string[]): boolean {
  let rest = pattern;
  while (rest.length > 0) {
    const { chunk, after } = scanChunk(rest);
    if (matchChunk(chunk, []) === 'malformed') return false;
    rest = after;
  }
  return true;
}
