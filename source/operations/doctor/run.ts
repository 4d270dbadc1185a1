import { chmodSync, rmSync } from 'node:fs';
import type { GoPlace } from '../../go/run.ts';
import { type Problem, reasonOf } from '../../platform/problem.ts';
import { changeSetting } from '../setting-change/change.ts';
import type { Fix } from './finding.ts';

/** FixOptions: `goenv` is the file of go env -w, empty with GOENV=off; now is Unix milliseconds. */
export type FixOptions = { readonly place: GoPlace; readonly goenv: string; readonly now: number };

/** FixResult is how a fix ended; failure is empty when it did what it says. */
export type FixResult = { readonly failure: string; readonly problems: readonly Problem[] };

/** runFix carries a fix out. A setting that it changes gets its old value back by gocachetop undo. */
export async function runFix({ action }: Fix, { place, goenv, now }: FixOptions): Promise<FixResult> {
  switch (action.type) {
    case 'setting': {
      const { name, value, shield } = action;
      const environment = {
        ...place.environment,
        // A toolchain that is not here would be downloaded first.
        GOTOOLCHAIN: 'local',
        ...(shield === undefined ? {} : { [name]: shield }),
      };
      return changeSetting({ ...place, environment }, { file: goenv, name, value }, now);
    }
    case 'remove':
      return { failure: attempt(() => rmSync(action.file)), problems: [] };
    case 'mode':
      return { failure: attempt(() => chmodSync(action.file, action.mode)), problems: [] };
  }
}

function attempt(act: () => void): string {
  try {
    act();
    return '';
  } catch (error) {
    return reasonOf(error);
  }
}
