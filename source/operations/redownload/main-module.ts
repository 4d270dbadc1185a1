import { normalize } from 'node:path';
import type { GoEnv } from '../../go/env.ts';
import type { ModuleVersion } from '../../module-cache/paths.ts';
import { keyOf, replacer } from '../../module-graph/graph.ts';
import type { Problem } from '../../platform/problem.ts';
import { type Recorded, readMainModule } from '../verify/main-module.ts';

/** MainWord is what the main module, or the workspace here, says of other modules. */
export type MainWord = {
  /** recorded are the lines of all go.sum files that count here, by `path@version`. */
  readonly recorded: ReadonlyMap<string, Recorded>;
  /** replaceOf is what builds here use in the place of a module version; undefined when it is itself. */
  replaceOf(module: ModuleVersion): string | undefined;
  readonly problems: readonly Problem[];
};

/** readMainWord reads the go.sum files that go would, and the replacements; without a main module it is empty. */
export function readMainWord(env: GoEnv): MainWord {
  const { main, problems } = readMainModule(env);
  if (main === undefined) return { recorded: new Map(), replaceOf: () => undefined, problems };
  const actualOf = replacer(main.files);
  return {
    recorded: main.recorded,
    replaceOf(module) {
      const by = actualOf(module);
      if (keyOf(by) === keyOf(module)) return undefined;
      return by.version === '' ? normalize(by.path) : keyOf(by);
    },
    problems,
  };
}
