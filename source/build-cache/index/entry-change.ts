import type { OutputKind } from '../output-kind.ts';
import type { ArchiveName } from './name.ts';

/** EntryChange is what was found in GOCACHE; IDs are packed, 32 bytes each, so that a folder of thousands is one message. */
export type EntryChange =
  | {
      readonly type: 'actions';
      readonly ids: Uint8Array;
      readonly mtimes: Float64Array;
      readonly blocks: Uint32Array;
      readonly sizes: Float64Array;
    }
  | {
      readonly type: 'outputs';
      readonly ids: Uint8Array;
      readonly mtimes: Float64Array;
      readonly blocks: Uint32Array;
      readonly sizes: Float64Array;
      readonly folders: Uint8Array;
    }
  /** read is the content of action entries: which output, how large, when added; a size below 0 says that Go cannot use it. */
  | {
      readonly type: 'read';
      readonly ids: Uint8Array;
      readonly outputs: Uint8Array;
      readonly sizes: Float64Array;
      readonly addedAt: Float64Array;
    }
  | {
      readonly type: 'named';
      readonly id: string;
      readonly kind: OutputKind;
      readonly name: ArchiveName | undefined;
    }
  | { readonly type: 'removed'; readonly file: 'action' | 'output'; readonly ids: Uint8Array };

export type ActionsFound = Extract<EntryChange, { type: 'actions' }>;
export type OutputsFound = Extract<EntryChange, { type: 'outputs' }>;
export type ActionsRead = Extract<EntryChange, { type: 'read' }>;
