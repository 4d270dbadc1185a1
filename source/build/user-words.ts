/**
 * restoreCgoWords gives a line of the compiler the form that it has without `-x`: under `-x` the go command leaves out
 * its rewriting of cgo names (cmd/go/internal/work: reportCmd, cgoLine and cgoTypeSigRe, go1.26).
 * `a.go:4:2[/tmp/a.cgo1.go:7:26]: _Ctype_int` becomes `a.go:4:2: C.int`; a line without the bracket stays.
 */
export function restoreCgoWords(text: string): string {
  if (!text.includes('.cgo1.go:') && !text.includes('.cover.go:')) return text;
  return text
    .split('\n')
    .map((line) => (cgoLine.test(line) ? line.replace(cgoLines, '').replace(cgoTypes, 'C.') : line))
    .join('\n');
}

const cgoLine = /\[[^[\]]+\.(?:cgo1|cover)\.go:[0-9]+(?::[0-9]+)?\]/;
const cgoLines = new RegExp(cgoLine, 'g');
const cgoTypes = /\b_C2?(?:type|func|var|macro)_\B/g;
