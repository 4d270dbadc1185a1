/** GoImport is a `<meta name="go-import" content="prefix vcs repo [folder]">` tag. */
export type GoImport = {
  readonly prefix: string;
  /** vcs is `git` and the like, or `mod` for a module proxy. */
  readonly vcs: string;
  readonly repo: string;
  readonly subdir: string;
};

/**
 * parseGoImports reads the tags of a page up to the end of its head; those for `mod` come first and hide others of the same
 * prefix. `cmd/go/internal/vcs: parseMetaGoImports, go1.26`
 */
export function parseGoImports(html: string): readonly GoImport[] {
  const [head = ''] = html.replace(/<!--[\s\S]*?-->/g, '').split(/<\/head\s*>|<body[\s>]/i);
  const found: GoImport[] = [];
  for (const [tag] of head.matchAll(/<meta\s(?:[^>"']|"[^"]*"|'[^']*')*>/gi)) {
    if (attributeOf(tag, 'name') !== 'go-import') continue;
    const fields = (attributeOf(tag, 'content') ?? '').split(/\s+/).filter((field) => field !== '');
    const [prefix, vcs, repo, subdir = ''] = fields;
    if (prefix === undefined || vcs === undefined || repo === undefined || fields.length > 4) continue;
    found.push({ prefix, vcs, repo, subdir });
  }
  const mods = found.filter(({ vcs }) => vcs === 'mod');
  const others = found.filter(
    ({ vcs, prefix }) => vcs !== 'mod' && !mods.some((mod) => mod.prefix === prefix),
  );
  return [...mods, ...others];
}

/**
 * matchGoImport finds the tag that holds for an import path; a string is Go's reason why none does.
 * `cmd/go/internal/vcs: matchGoImport, go1.26`
 */
export function matchGoImport(imports: readonly GoImport[], importPath: string): GoImport | string {
  const matching = imports.filter(
    ({ prefix }) => importPath === prefix || importPath.startsWith(`${prefix}/`),
  );
  const [first, second] = matching;
  if (first === undefined) {
    const others = imports.map(({ prefix }) => `meta tag ${prefix} did not match import path ${importPath}`);
    return `no go-import meta tags (${others.join(', ')})`;
  }
  const isOnlyMod = first.vcs === 'mod' && second?.vcs !== 'mod';
  if (second !== undefined && !isOnlyMod) return `multiple meta tags match import path "${importPath}"`;
  return first;
}

function attributeOf(tag: string, name: string): string | undefined {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>"']+))`, 'i').exec(tag);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value?.replace(/&(amp|lt|gt|quot|apos|#\d+);/g, (whole, entity: string) =>
    entity.startsWith('#') ? String.fromCodePoint(Number(entity.slice(1))) : (entities.get(entity) ?? whole),
  );
}

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
