// A million rows take some 50 ms: in slices of a few, keys that are typed meanwhile are answered in between.
const rowsPerSlice = 50_000;

/** inSlices goes through all rows below `length`, and lets other work come in between. Rows may change meanwhile. */
export async function inSlices(length: number, each: (row: number) => void): Promise<void> {
  for (let start = 0; start < length; start += rowsPerSlice) {
    if (start > 0) await new Promise((resolve) => setImmediate(resolve));
    const end = Math.min(length, start + rowsPerSlice);
    for (let row = start; row < end; row++) each(row);
  }
}
