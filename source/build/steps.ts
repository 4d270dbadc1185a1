import type { ConfiguredImport } from './import-config.ts';

/** Step is what was seen of one objdir: the tools that ran for one unit of one go command. */
export type Step = {
  readonly objdir: string;
  /** work is the WORK of its go command, where a line named it. */
  work: string | undefined;
  /** key of the record it belongs to, once that is known. */
  key: string | undefined;
  /** importPath as a line other than the compile named it: cgo, cover, pkgcfg.txt. */
  importPath: string | undefined;
  startedAt: number | undefined;
  endedAt: number | undefined;
  compile:
    | {
        readonly packagePath: string;
        readonly buildId: string;
        readonly files: readonly string[];
        readonly line: string;
      }
    | undefined;
  isBuildIdWritten: boolean;
  stored:
    | { readonly outputId: string; readonly path: string; readonly bytes: number | undefined }
    | undefined;
  imports: readonly ConfiguredImport[];
  linkImports: readonly ConfiguredImport[];
  isLinked: boolean;
};

/** Steps finds the step that a line belongs to; several go commands at once use the same names of objdirs. */
export type Steps = {
  begin(objdir: string): void;
  /** find returns the step of this objdir that fits best, newest first; one is begun when there is none. */
  find(objdir: string, fits?: (step: Step) => boolean): Step;
  all(): Iterable<Step>;
  readonly count: number;
};

/** createSteps returns an empty table. */
export function createSteps(): Steps {
  const byObjdir = new Map<string, Step[]>();
  let count = 0;

  function begin(objdir: string): Step {
    const step = emptyStep(objdir);
    const there = byObjdir.get(objdir);
    if (there === undefined) byObjdir.set(objdir, [step]);
    else there.push(step);
    count += 1;
    return step;
  }

  return {
    begin,
    find(objdir, fits = () => true) {
      const there = byObjdir.get(objdir) ?? [];
      return there.findLast(fits) ?? there.at(-1) ?? begin(objdir);
    },
    *all() {
      for (const steps of byObjdir.values()) yield* steps;
    },
    get count() {
      return count;
    },
  };
}

function emptyStep(objdir: string): Step {
  return {
    objdir,
    work: undefined,
    key: undefined,
    importPath: undefined,
    startedAt: undefined,
    endedAt: undefined,
    compile: undefined,
    isBuildIdWritten: false,
    stored: undefined,
    imports: [],
    linkImports: [],
    isLinked: false,
  };
}
