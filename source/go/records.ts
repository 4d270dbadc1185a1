/**
 * parseRecords reads the JSON objects that `go list -json` and `go mod download -json` print one after the other; a cut one
 * at the end is left out.
 */
export function parseRecords(text: string): readonly unknown[] {
  const records: unknown[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf('\n}\n', at);
    if (end === -1) break;
    records.push(JSON.parse(text.slice(at, end + 2)));
    at = end + 3;
  }
  return records;
}
