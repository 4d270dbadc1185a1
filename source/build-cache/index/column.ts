export type Numbers = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** Column is one number per row, as wide as needed; rows that were never set hold `empty`. */
export type Column<T extends Numbers> = {
  get(row: number): number;
  set(row: number, value: number): void;
  /** reserve makes room for so many rows, which spares moving them again and again. */
  reserve(length: number): void;
  /** image is the numbers of the first `length` rows, as they lie; good until the next set. */
  image(length: number): T;
};

/** createColumn returns an empty column, or one with the numbers of an image, whose memory it then uses; `make` is their kind. */
export function createColumn<T extends Numbers>(
  make: (length: number) => T,
  empty = 0,
  image?: T,
): Column<T> {
  let numbers = image ?? filled(make(1024), empty, 0);

  function reserve(length: number): void {
    if (length <= numbers.length) return;
    const more = make(length);
    more.set(numbers);
    numbers = filled(more, empty, numbers.length);
  }

  return {
    get: (row) => numbers[row] ?? empty,
    set(row, value) {
      if (row >= numbers.length) reserve(Math.max(row + 1, Math.ceil(numbers.length * 1.5)));
      numbers[row] = value;
    },
    reserve,
    image(length) {
      reserve(length);
      return numbers.subarray(0, length) as T;
    },
  };
}

function filled<T extends Numbers>(numbers: T, value: number, from: number): T {
  if (value !== 0) numbers.fill(value, from);
  return numbers;
}
