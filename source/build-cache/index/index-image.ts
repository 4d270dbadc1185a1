import type { IdTableImage } from './id-table.ts';
import type { ArchiveName } from './name.ts';

/**
 * IndexImage is an index as plain memory, to be written to a file and taken from there. What is taken has room for more
 * rows behind its last.
 */
export type IndexImage = {
  readonly names: readonly ArchiveName[];
  readonly actions: IdTableImage & {
    readonly mtime: Float64Array;
    readonly blocks: Uint32Array;
    readonly output: Int32Array;
    readonly addedAt: Float64Array;
    readonly size: Float64Array;
    /** oddSizes are the rows whose own size is not that of an action entry. */
    readonly oddSizes: readonly (readonly [number, number])[];
  };
  readonly outputs: IdTableImage & {
    readonly mtime: Float64Array;
    readonly blocks: Uint32Array;
    readonly bytes: Float64Array;
    readonly folder: Uint8Array;
    readonly kind: Uint8Array;
    readonly name: Int32Array;
    readonly isThere: Uint8Array;
  };
};
