import type { ModuleVersion } from '../module-cache/paths.ts';
import type { Preview } from '../operations/redownload/redownload.ts';
import type { Problem } from '../platform/problem.ts';

/** RedownloadState is a repair of module versions as far as it is: looked at, under way, done. */
export type RedownloadState = {
  /** look is what was asked about last, and what was found; undefined before anything was asked. */
  readonly look: RedownloadLook | undefined;
  readonly running: RedownloadRun | undefined;
  /** suspicions are what a repair of this run came upon and stopped at, by `path@version`: the next one asks for the word first. */
  readonly suspicions: ReadonlyMap<string, string>;
};

export type RedownloadLook = {
  readonly modules: readonly ModuleVersion[];
  /** previews are as many as were looked at so far. */
  readonly previews: readonly Preview[];
  readonly problem: Problem | undefined;
};

/** RedownloadRun is the repair that goes on now; step says in words how far it is. */
export type RedownloadRun = {
  readonly module: ModuleVersion;
  readonly step: string;
  readonly done: number;
  readonly total: number;
};

/** RedownloadEvent is what a repair tells. */
export type RedownloadEvent =
  | { readonly type: 'look'; readonly look: RedownloadLook }
  | { readonly type: 'run'; readonly run: RedownloadRun | undefined }
  | { readonly type: 'suspicion'; readonly name: string; readonly suspicion: string | undefined };

/** RedownloadOrder is what the screen asks for. `agreed` are those whose path was typed, by `path@version`. */
export type RedownloadOrder =
  | { readonly type: 'look'; readonly modules: readonly ModuleVersion[] }
  | {
      readonly type: 'start';
      readonly modules: readonly ModuleVersion[];
      readonly agreed: ReadonlySet<string>;
    }
  | { readonly type: 'stop' };

/** noRedownload is the state before anything was asked. */
export const noRedownload: RedownloadState = { look: undefined, running: undefined, suspicions: new Map() };

/** applyRedownload applies one event. */
export function applyRedownload(state: RedownloadState, event: RedownloadEvent): RedownloadState {
  switch (event.type) {
    case 'look':
      return { ...state, look: event.look };
    case 'run':
      return { ...state, running: event.run };
    case 'suspicion': {
      const suspicions = new Map(state.suspicions);
      if (event.suspicion === undefined) suspicions.delete(event.name);
      else suspicions.set(event.name, event.suspicion);
      return { ...state, suspicions };
    }
  }
}
