type Numbers = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** Column is one number per row, as wide as needed; rows that were never set hold `empty`. */
export type Column = {
  get(row: number): number;
  set(row: number, value: number): void;
  /** data is the numbers of the first `length` rows, as they lie; good until the next set. */
  data(length: number): Numbers;
};

/** createColumn returns an empty column; `make` is the kind of its numbers. */
export function createColumn<T extends Numbers>(make: (length: number) => T, empty = 0): Column {
  let numbers: Numbers = filled(make(1024), empty, 0);
  return {
    get: (row) => numbers[row] ?? empty,
    set(row, value) {
      if (row >= numbers.length) {
        const more = make(Math.max(row + 1, Math.ceil(numbers.length * 1.5)));
        more.set(numbers);
        numbers = filled(more, empty, numbers.length);
      }
      numbers[row] = value;
    },
    data: (length) => numbers.subarray(0, length),
  };
}

function filled<T extends Numbers>(numbers: T, value: number, from: number): T {
  if (value !== 0) numbers.fill(value, from);
  return numbers;
}
