import { compareSemver } from '../go/semver.ts';
import { type Directive, readDirectives } from './mod-syntax.ts';

/** ModuleName names one version of a module; the version is empty for any, or for a folder. */
export type ModuleName = { readonly path: string; readonly version: string };

export type Requirement = ModuleName & { readonly isIndirect: boolean };

/** Replacement: a version of the module, or all where it is empty, comes from another module or, without a version, a folder. */
export type Replacement = { readonly from: ModuleName; readonly to: ModuleName };

/** Retraction is a range of versions that their author took back, both ends included, and why. */
export type Retraction = { readonly low: string; readonly high: string; readonly rationale: string };

/** ModFile is what a go.mod file says. */
export type ModFile = {
  /** module is its path; empty where the file has none. */
  readonly module: string;
  /** deprecated is the message of a `// Deprecated:` comment. */
  readonly deprecated: string | undefined;
  /** go and toolchain as `1.26.0` and `go1.26.8`; undefined where there is no such line. */
  readonly go: string | undefined;
  readonly toolchain: string | undefined;
  readonly require: readonly Requirement[];
  readonly exclude: readonly ModuleName[];
  readonly replace: readonly Replacement[];
  readonly retract: readonly Retraction[];
  readonly tool: readonly string[];
  readonly ignore: readonly string[];
};

/** WorkFile is what a go.work file says. */
export type WorkFile = {
  readonly go: string | undefined;
  readonly toolchain: string | undefined;
  /** use are the folders of its modules, as they were written. */
  readonly use: readonly string[];
  readonly replace: readonly Replacement[];
};

/** parseModFile reads a go.mod file. `golang.org/x/mod/modfile: ParseLax, (*File).add` */
export function parseModFile(text: string): ModFile {
  const directives = readDirectives(text);
  const of = <T>(verb: string, read: (directive: Directive) => readonly T[]): readonly T[] =>
    directives.filter((each) => each.verb === verb).flatMap(read);
  const firstWord = ({ words: [word] }: Directive): readonly string[] => (word === undefined ? [] : [word]);
  const module = directives.find(({ verb }) => verb === 'module');
  return {
    module: module?.words[0] ?? '',
    deprecated: module === undefined ? undefined : deprecation(module),
    go: of('go', firstWord)[0],
    toolchain: of('toolchain', firstWord)[0],
    require: of('require', ({ words: [path, version], comment }) =>
      path === undefined || version === undefined ? [] : [{ path, version, isIndirect: isIndirect(comment) }],
    ),
    exclude: of('exclude', ({ words: [path, version] }) =>
      path === undefined || version === undefined ? [] : [{ path, version }],
    ),
    replace: of('replace', readReplacement),
    retract: of('retract', readRetraction),
    tool: of('tool', firstWord),
    ignore: of('ignore', firstWord),
  };
}

/** parseWorkFile reads a go.work file. `golang.org/x/mod/modfile: ParseWork` */
export function parseWorkFile(text: string): WorkFile {
  const directives = readDirectives(text);
  const wordsOf = (wanted: string): readonly string[] =>
    directives.flatMap(({ verb, words: [word] }) => (verb === wanted && word !== undefined ? [word] : []));
  return {
    go: wordsOf('go')[0],
    toolchain: wordsOf('toolchain')[0],
    use: wordsOf('use'),
    replace: directives.filter(({ verb }) => verb === 'replace').flatMap(readReplacement),
  };
}

/** isRetracted gives the retraction that a version falls under; undefined when there is none. */
export function isRetracted(version: string, retractions: readonly Retraction[]): Retraction | undefined {
  return retractions.find(
    ({ low, high }) => compareSemver(low, version) <= 0 && compareSemver(version, high) <= 0,
  );
}

/** isIndirect: `// indirect` or `// indirect; why`. `golang.org/x/mod/modfile: isIndirect` */
function isIndirect(comment: string): boolean {
  return comment === 'indirect' || comment.startsWith('indirect;');
}

/** deprecation: a paragraph of the comment above or behind the module line that begins with `Deprecated: `. */
function deprecation({ above, comment }: Directive): string | undefined {
  const paragraphs = [...above, comment].join('\n').split(/\n\s*\n/);
  const found = paragraphs.find((paragraph) => paragraph.startsWith('Deprecated:'));
  return found?.slice('Deprecated:'.length).replaceAll('\n', ' ').trim();
}

/** readReplacement: `old [v1.0.0] => new v1.1.0` or `=> ./folder`. */
function readReplacement({ words }: Directive): readonly Replacement[] {
  const arrow = words.indexOf('=>');
  const [path, version = ''] = words.slice(0, Math.max(0, arrow));
  const [toPath, toVersion = ''] = words.slice(arrow + 1);
  return arrow < 1 || path === undefined || toPath === undefined
    ? []
    : [{ from: { path, version }, to: { path: toPath, version: toVersion } }];
}

/** readRetraction: `retract v1.0.0 // why`, `retract [v1.0.0, v1.1.0]`. */
function readRetraction({ words, comment, above }: Directive): readonly Retraction[] {
  const [low, high = low] = words.filter((word) => !'[],'.includes(word));
  const rationale = comment === '' ? above.join(' ') : comment;
  return low === undefined || high === undefined ? [] : [{ low, high, rationale }];
}
