import type { ActionId, OutputId } from '../go/ids.ts';
import type { Problem } from '../platform/problem.ts';
import type { ArchiveIdentity } from './archive-header.ts';
import type { OutputKind } from './output-kind.ts';

/** BuildCacheEvent is something that happened in GOCACHE. Times are Unix milliseconds. */
export type BuildCacheEvent =
  /** wrote-action: an action entry was written, as new or again. Its bytes are the output's, which is counted apart. */
  | {
      readonly type: 'wrote-action';
      readonly actionId: ActionId;
      readonly outputId: OutputId;
      /** sizeBytes of the output that it names. */
      readonly sizeBytes: number;
      readonly at: number;
    }
  /** wrote-output: an output was written to its end; told once per output and write. */
  | {
      readonly type: 'wrote-output';
      readonly outputId: OutputId;
      readonly sizeBytes: number;
      readonly kind: OutputKind;
      /** archive says whose it is; undefined for other kinds, and when it could not be read (a problem says why). */
      readonly archive: ArchiveIdentity | undefined;
      /** actionId that was written right after it; undefined when none came, as of a go command that was killed. */
      readonly actionId: ActionId | undefined;
      readonly at: number;
    }
  /** refreshed: Go used an entry whose last use was more than an hour ago and set its mtime. */
  | { readonly type: 'refreshed'; readonly file: 'action'; readonly id: ActionId; readonly at: number }
  | { readonly type: 'refreshed'; readonly file: 'output'; readonly id: OutputId; readonly at: number }
  /** appeared: a file that is older than its name here, moved or copied into GOCACHE. */
  | { readonly type: 'appeared'; readonly file: 'action'; readonly id: ActionId; readonly at: number }
  | { readonly type: 'appeared'; readonly file: 'output'; readonly id: OutputId; readonly at: number }
  | { readonly type: 'removed'; readonly file: 'action'; readonly id: ActionId; readonly at: number }
  | { readonly type: 'removed'; readonly file: 'output'; readonly id: OutputId; readonly at: number }
  /** trimmed: trim.txt was written; a trim begins. */
  | { readonly type: 'trimmed'; readonly lastTrim: number | undefined; readonly at: number }
  | { readonly type: 'watching'; readonly mode: 'events' | 'polling' }
  /** missing: GOCACHE does not exist (yet, or any more); it is awaited. */
  | { readonly type: 'missing' }
  /** lost: events were lost, and a look at the folders recovered so many; `count` is how many stay unknown, undefined when that cannot be told. */
  | { readonly type: 'lost'; readonly count: number | undefined; readonly recovered: number }
  | { readonly type: 'problem'; readonly problem: Problem };
