/** mostDiffLines bounds a diff: a page shows what kind of change it is; the files themselves show all. */
const mostDiffLines = 24;
/** contextLines stand before and after a change. */
const contextLines = 2;
/** mostCells bounds the work on two long texts that differ in most lines. */
const mostCells = 4_000_000;

/**
 * diffTexts gives the lines that differ, with `-` for those of the first text and `+` for those of the second, two lines of
 * context, and `@@ line N` of the first text before each part. undefined for what is no text, or too different to be of use.
 */
export function diffTexts(before: string, after: string): readonly string[] | undefined {
  if (before.includes('\0') || after.includes('\0')) return undefined;
  const one = before.split('\n');
  const two = after.split('\n');
  const start = countWhile((index) => index < Math.min(one.length, two.length) && one[index] === two[index]);
  const most = Math.min(one.length, two.length) - start;
  const end = countWhile((index) => index < most && one.at(-1 - index) === two.at(-1 - index));
  const middle = [one.slice(start, one.length - end), two.slice(start, two.length - end)] as const;
  if (middle[0].length * middle[1].length > mostCells) return undefined;
  const same = (lines: readonly string[]): Row[] => lines.map((text) => ({ mark: ' ', text }));
  return cut(
    format([...same(one.slice(0, start)), ...compare(...middle), ...same(one.slice(one.length - end))]),
  );
}

type Row = { readonly mark: ' ' | '-' | '+'; readonly text: string };

function countWhile(holds: (index: number) => boolean): number {
  let count = 0;
  while (holds(count)) count += 1;
  return count;
}

/** compare walks a table of the longest common subsequences of the rest of both. */
function compare(one: readonly string[], two: readonly string[]): Row[] {
  const width = two.length + 1;
  const common = new Uint32Array((one.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = two.length - 1; j >= 0; j--)
      common[i * width + j] = one[i] === two[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const rows: Row[] = [];
  let i = 0;
  let j = 0;
  while (i < one.length || j < two.length) {
    if (i < one.length && j < two.length && one[i] === two[j]) {
      rows.push({ mark: ' ', text: one[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j === two.length || (i < one.length && at(i + 1, j) >= at(i, j + 1))) {
      rows.push({ mark: '-', text: one[i] ?? '' });
      i += 1;
    } else {
      rows.push({ mark: '+', text: two[j] ?? '' });
      j += 1;
    }
  }
  return rows;
}

function format(rows: readonly Row[]): string[] {
  const isNear = new Uint8Array(rows.length);
  for (const [index, { mark }] of rows.entries())
    if (mark !== ' ') isNear.fill(1, Math.max(0, index - contextLines), index + contextLines + 1);
  const lines: string[] = [];
  let line = 1;
  for (const [index, { mark, text }] of rows.entries()) {
    if (isNear[index] === 1) {
      if (isNear[index - 1] !== 1) lines.push(`@@ line ${line}`);
      lines.push(`${mark}${text}`);
    }
    if (mark !== '+') line += 1;
  }
  return lines;
}

function cut(lines: readonly string[]): readonly string[] {
  const more = lines.length - mostDiffLines;
  return more > 0 ? [...lines.slice(0, mostDiffLines), `... ${more} more lines`] : lines;
}
