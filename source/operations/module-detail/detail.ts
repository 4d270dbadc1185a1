import type { ModFile, ModuleName } from '../../module-graph/mod-file.ts';

/** ModuleDetail is what the files of GOMODCACHE, and go.sum files, say of one version. What is undefined they do not say. */
export type ModuleDetail = {
  readonly name: ModuleName;
  /** folder is where it is extracted; undefined where it is not. */
  readonly folder: string | undefined;
  /** zipHash is what `.ziphash` holds: Go goes by it. */
  readonly zipHash: string | undefined;
  /** sums are the lines of the go.sum files that were asked. */
  readonly sums: readonly NamedSums[];
  /** database is the kept answer of the checksum database. */
  readonly database: NamedSums | undefined;
  readonly info: ModuleInfo | undefined;
  /** mod is its go.mod, and its text. */
  readonly mod: { readonly file: ModFile; readonly text: string } | undefined;
  readonly licences: readonly string[];
  /** retracted and deprecated are what the newest go.mod in GOMODCACHE says of this version and of the module. */
  readonly retracted: Saying | undefined;
  readonly deprecated: Saying | undefined;
};

/** NamedSums are the h1 of the zip and of the go.mod, where they stand in `from`. */
export type NamedSums = {
  readonly from: string;
  readonly zip: string | undefined;
  readonly goMod: string | undefined;
};

/** Saying is a sentence of a go.mod, and the version whose go.mod has it. */
export type Saying = { readonly text: string; readonly by: string };

/** ModuleInfo is what `.info` holds. */
export type ModuleInfo = {
  /** time of the commit, RFC 3339. */
  readonly time: string | undefined;
  readonly origin: ModuleOrigin | undefined;
};

/** ModuleOrigin is where the version came from. `cmd/go/internal/modfetch/codehost: Origin, go1.26` */
export type ModuleOrigin = {
  readonly vcs: string | undefined;
  readonly url: string | undefined;
  readonly subdir: string | undefined;
  readonly ref: string | undefined;
  readonly hash: string | undefined;
};

/** ModuleFile is a file of an extracted folder or of a zip; packedBytes only in a zip. */
export type ModuleFile = {
  readonly name: string;
  readonly bytes: number;
  readonly packedBytes: number | undefined;
};

/** parseInfo reads a `.info` file: `{"Version":"v1.6.0","Time":"2024-01-16T18:54:15Z","Origin":{"VCS":"git","URL":...}}`. */
export function parseInfo(text: string): ModuleInfo | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const textOf = (of: unknown, name: string): string | undefined => {
    const field = fieldOf(of, name);
    return typeof field === 'string' && field !== '' ? field : undefined;
  };
  const origin = fieldOf(value, 'Origin');
  return {
    time: textOf(value, 'Time'),
    origin:
      typeof origin !== 'object' || origin === null
        ? undefined
        : {
            vcs: textOf(origin, 'VCS'),
            url: textOf(origin, 'URL'),
            subdir: textOf(origin, 'Subdir'),
            ref: textOf(origin, 'Ref'),
            hash: textOf(origin, 'Hash'),
          },
  };
}

function fieldOf(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Object.getOwnPropertyDescriptor(of, name)?.value : undefined;
}

/** isLicence says whether a file at the top of a module is a licence by its name. */
export function isLicence(name: string): boolean {
  return /^(?:licen[cs]e|copying|unlicense|notice|patents)(?:[.-].*)?$/i.test(name);
}
