import { bytesOf, type ModuleVersion, missingKinds } from '../module-cache/module-version.ts';
import type { ModuleCacheTotals, SizeOf } from '../module-cache/totals.ts';
import type { ModuleNeeds } from '../operations/module-needs/needs.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatAge, formatBytes, formatCount, formatCountOf, unknownText } from '../store/format.ts';
import { standingWords } from '../store/need-words.ts';
import { timeJson } from './time.ts';

/** ModulesView is GOMODCACHE as it is told. */
export type ModulesView = {
  readonly totals: ModuleCacheTotals;
  readonly needs: ModuleNeeds;
  /** shown are the versions that were asked for: all without a pattern. */
  readonly shown: readonly ModuleVersion[];
  readonly isWhole: boolean;
  readonly hopOf: (path: string) => string;
  readonly problems: readonly Problem[];
  readonly now: number;
};

/** modulesJson is the object of `modules --json`, `gocachetop.modules/1`: what is not known is null. */
export function modulesJson(view: ModulesView): Readonly<Record<string, unknown>> {
  const { totals, needs, shown, hopOf } = view;
  return {
    schema: 'gocachetop.modules/1',
    gomodcache: totals.gomodcache,
    modules: shown.map((version) => moduleJson(version, needs, hopOf)),
    other: otherParts(totals).map(({ what, files, bytes }) => ({ what, bytes, files })),
    bytes: totals.bytes,
    files: totals.files,
    diskBytes: totals.diskBytes,
    roots: needs.roots.map(({ root, toolchain, missing }) => ({
      file: root.file,
      modules: root.modules,
      toolchain: toolchain ?? null,
      missing: missing.map(({ path, version }) => `${path}@${version}`),
    })),
    remembered: totals.remembered,
    durationMs: totals.durationMs,
    problems: view.problems.map((problem) => ({ ...problem, line: formatProblem(problem) })),
  };
}

function moduleJson(
  version: ModuleVersion,
  needs: ModuleNeeds,
  hopOf: (path: string) => string,
): Readonly<Record<string, unknown>> {
  const neededBy = needs.of(version);
  const standing = needs.standing(version);
  return {
    path: version.path,
    version: version.version,
    state: version.state,
    zipBytes: version.zipBytes ?? 0,
    dirBytes: version.hasDir ? (version.dirBytes ?? null) : 0,
    files: version.hasDir ? (version.files ?? null) : 0,
    metadataBytes: version.metadataBytes,
    missing: missingKinds(version),
    lastUsed: timeJson(version.usedAt),
    neededBy: standing === 'unknown' ? null : [...new Set(neededBy.filter(isNeed).map(({ file }) => file))],
    neededFor: standing === 'unknown' ? null : standing,
    needs: neededBy.map((need) => ({
      file: need.file,
      root: need.root.file,
      kind: need.kind,
      path: needs.pathTo(need, version),
    })),
    supersededBy: needs.supersededBy(version) ?? null,
    from: hopOf(version.path),
  };
}

function isNeed({ kind }: { readonly kind: string }): boolean {
  return kind === 'build' || kind === 'graph' || kind === 'vendor';
}

/** otherParts is what belongs to no zip and no extracted folder; with those it is all there is. */
function otherParts(totals: ModuleCacheTotals): readonly (SizeOf & { readonly what: string })[] {
  const { metadata, sumdb, vcs, trash, leftovers, other } = totals;
  return Object.entries({ metadata, sumdb, vcs, trash, leftovers, other }).map(([what, size]) => ({
    what,
    ...size,
  }));
}

// A page is read; the rest is in the JSON, on the screen, and behind a pattern.
const versionsShown = 15;
const rootsShown = 5;
const problemsShown = 20;

/** modulesText is the same as a page of text: the answer first. */
export function modulesText(view: ModulesView, isSi: boolean): string {
  const { totals, needs, shown, isWhole, now } = view;
  const size = (bytes: number): string => formatBytes(bytes, { si: isSi });
  if (!totals.isThere)
    return lines([`GOMODCACHE ${totals.gomodcache}`, '  it does not exist: nothing was downloaded yet']);
  const largest = shown.toSorted((one, other) => bytesOf(other) - bytesOf(one));
  const listed = isWhole ? largest.slice(0, versionsShown) : largest;
  const rest = largest.slice(listed.length);
  const row = (version: ModuleVersion): string => {
    const used = version.usedAt === undefined ? unknownText : formatAge(Math.max(0, now - version.usedAt));
    const newer = needs.supersededBy(version);
    const need = newer === undefined ? standingWords(needs, version) : `nobody: superseded by ${newer}`;
    const name = `${version.path}@${version.version}`;
    return `  ${size(bytesOf(version)).padStart(9)} ${used.padStart(8)}  ${version.state.padEnd(11)} ${name}${need === unknownText ? '' : `  for ${need}`}`;
  };
  return lines([
    `GOMODCACHE ${totals.gomodcache}`,
    `  ${size(totals.bytes)} in ${formatCountOf(totals.files, 'file')}, ${size(totals.diskBytes)} on disk: ${formatCountOf(totals.modules, 'module')}, ${formatCountOf(totals.versions, 'version')}`,
    `  ${stateWords(shown)}`,
    ...rootLines(view, size),
    '',
    `  ${'size'.padStart(9)} ${'used'.padStart(8)}  ${'state'.padEnd(11)} version`,
    ...listed.map(row),
    ...(rest.length > 0
      ? [`  ${size(sum(rest)).padStart(9)} ${''.padStart(8)}  ${formatCountOf(rest.length, 'more version')}`]
      : []),
    ...otherParts(totals)
      .filter(({ bytes, files }) => bytes > 0 || files > 0)
      .map(
        ({ what, bytes, files }) =>
          `  ${size(bytes).padStart(9)} ${''.padStart(8)}  ${otherWords[what] ?? what}: ${formatCountOf(files, 'file')}`,
      ),
    ...(totals.remembered > 0
      ? [
          '',
          `  ${formatCountOf(totals.remembered, 'folder')} as the last run measured them: names, times and inodes are the same;`,
          '  what changed inside an extracted folder since only gocachetop verify finds',
        ]
      : []),
    ...(view.problems.length > 0 ? [''] : []),
    ...view.problems.slice(0, problemsShown).map((problem) => `! ${formatProblem(problem)}`),
    ...(view.problems.length > problemsShown ? [`! ${view.problems.length - problemsShown} more`] : []),
  ]);
}

const otherWords: Readonly<Record<string, string>> = {
  metadata: 'go.mod, info, hash and lock files',
  sumdb: 'kept answers of the checksum database',
  vcs: 'clones of repositories, from direct',
  trash: 'moved aside by gocachetop',
  leftovers: 'left over by go commands that were ended',
  other: "not Go's",
};

function stateWords(versions: readonly ModuleVersion[]): string {
  const counts = new Map<string, number>();
  for (const { state } of versions) counts.set(state, (counts.get(state) ?? 0) + 1);
  const words = [...counts].toSorted((one, other) => other[1] - one[1]);
  return words.map(([state, count]) => `${formatCount(count)} ${state}`).join(', ');
}

function rootLines({ needs, totals }: ModulesView, size: (bytes: number) => string): readonly string[] {
  const { roots } = needs;
  if (roots.length === 0)
    return ['  who needs them is not known: name main modules by --root DIR, or run it in one'];
  const nobody = totals.sizes.filter((version) => needs.standing(version) === 'nobody');
  const incomplete = roots.filter(({ missing }) => missing.length > 0);
  return [
    `  needed by none of ${formatCountOf(roots.length, 'root')}: ${formatCountOf(nobody.length, 'version')}, ${size(sum(nobody))}`,
    ...roots.slice(0, rootsShown).map(({ root }) => `    ${root.file}`),
    ...(roots.length > rootsShown ? [`    and ${roots.length - rootsShown} more`] : []),
    ...(incomplete.length > 0
      ? [
          `  ${formatCountOf(incomplete.length, 'root')} with go.mod files missing in GOMODCACHE: there all of go.sum counts as needed`,
        ]
      : []),
  ];
}

function sum(versions: readonly ModuleVersion[]): number {
  return versions.reduce((total, version) => total + bytesOf(version), 0);
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
