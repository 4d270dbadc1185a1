import { isReady, type MissingModule, type Needs } from '../operations/offline/needs.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatCountOf } from '../store/format.ts';

/** offlineJson is the object of `offline --json`, `gocachetop.offline/1`. */
export function offlineJson(needs: Needs): Readonly<Record<string, unknown>> {
  return { schema: 'gocachetop.offline/1', ready: isReady(needs), ...needsJson(needs) };
}

/** needsJson are the fields that `offline` and `prewarm` share. */
export function needsJson(needs: Needs): Readonly<Record<string, unknown>> {
  const { gomodcache, platforms, packages, isComplete, missing, toolchain, mainModules, problems } = needs;
  return {
    gomodcache,
    mainModules: mainModules.map(({ path, dir }) => ({ path, dir })),
    platforms,
    packages: { needed: packages?.needed ?? null, missing: packages?.missing ?? null, complete: isComplete },
    missing: missing.map(missingJson),
    toolchain:
      toolchain === undefined
        ? null
        : {
            name: toolchain.name,
            there: toolchain.isThere,
            module: toolchain.module.path,
            version: toolchain.module.version,
            files: toolchain.isThere ? [] : ['zip'],
          },
    problems: problems.map(problemJson),
  };
}

/** problemJson is a problem with its line. */
export function problemJson(problem: Problem): Readonly<Record<string, unknown>> {
  return { ...problem, line: formatProblem(problem) };
}

function missingJson(each: MissingModule): Readonly<Record<string, unknown>> {
  const { path, version, files, neededFor, importedBy, platforms, isCertain } = each;
  return { module: path, version, files, neededFor, importedBy, platforms, certain: isCertain };
}

/** offlineText answers: ready, or what is missing for what. `prewarm` is the command that gets it. */
export function offlineText(needs: Needs, prewarm: string): string {
  const { gomodcache, missing, toolchain } = needs;
  return lines([
    `GOMODCACHE ${gomodcache}   ${needs.platforms.join(', ')}`,
    ...missingText(needs),
    ...(missing.some(isDownload) || toolchain?.isThere === false ? [`  to get it: ${prewarm}`] : []),
    ...(missing.some(isSumLine) ? ['  lines of go.sum: go mod tidy (prewarm changes no go.sum)'] : []),
  ]);
}

/** missingText says that all is there, or what is missing, for what, and what hinders to know. */
export function missingText(needs: Needs): readonly string[] {
  const { missing, toolchain, problems } = needs;
  const certain = missing.filter(({ isCertain }) => isCertain);
  const maybe = missing.filter(({ isCertain }) => !isCertain);
  return [
    ...(isReady(needs) ? [readyLine(needs)] : [`not ready: ${shortfall(needs)}`]),
    ...(toolchain?.isThere === false
      ? [`  ${toolchain.name}: the toolchain that is asked for here is not there; with it go tells the rest`]
      : []),
    ...certain.flatMap((each) => missingLines(each, needs)),
    ...(maybe.length > 0 ? ['  may be needed as well, behind these:'] : []),
    ...maybe.map((each) => `    ${each.path} ${each.version}   ${each.files.join(', ')}`),
    ...problems.map((problem) => `! ${formatProblem(problem)}`),
  ];
}

function isDownload({ files }: MissingModule): boolean {
  return files.includes('zip') || files.includes('mod');
}

function isSumLine({ files }: MissingModule): boolean {
  return files.includes('go.sum') || files.includes('go.sum/go.mod');
}

function readyLine({ packages, modules, toolchain }: Needs): string {
  const count = formatCountOf(packages?.needed ?? 0, 'package');
  const from = modules.length === 0 ? '' : `, of ${formatCountOf(modules.length, 'module')} besides your own`;
  const go = toolchain === undefined ? '' : `, and ${toolchain.name}`;
  return `ready: ${count}${from}${go}: all is here, a build needs no network`;
}

/** shortfall sums up what is missing. */
function shortfall({ missing, packages, toolchain, problems }: Needs): string {
  const certain = missing.filter(({ isCertain }) => isCertain);
  const files = certain.reduce((sum, each) => sum + each.files.length, 0);
  const parts = [
    ...(toolchain?.isThere === false ? ['the toolchain is missing'] : []),
    ...(files > 0
      ? [
          `${formatCountOf(files, 'file')} of ${formatCountOf(certain.length, 'module')}, for ${forWhat(packages?.missing)}`,
        ]
      : []),
    ...(problems.length > 0 ? [formatCountOf(problems.length, 'problem')] : []),
  ];
  return parts.join('; ');
}

/** forWhat: a go.mod may be needed to tell which versions a build has, for no package of its own. */
function forWhat(missing: number | undefined): string {
  return missing === undefined || missing === 0 ? 'the module graph' : formatCountOf(missing, 'package');
}

function missingLines(
  { path, version, files, neededFor, importedBy, platforms }: MissingModule,
  needs: Needs,
): readonly string[] {
  const where = platforms.length === needs.platforms.length ? '' : `   on ${platforms.join(', ')}`;
  return [
    `  ${path} ${version}   ${files.map(fileWords).join(', ')}${where}`,
    ...(neededFor.length > 0 ? [`    for ${some(neededFor)}`] : []),
    ...(importedBy.length > 0 ? [`    so that ${some(importedBy)} cannot be built`] : []),
  ];
}

function fileWords(file: MissingModule['files'][number]): string {
  switch (file) {
    case 'zip':
    case 'mod':
      return file;
    case 'go.sum':
      return 'its line in go.sum';
    case 'go.sum/go.mod':
      return 'its go.mod line in go.sum';
  }
}

// Enough to see what it is about; all are in the JSON.
const shown = 3;

function some(names: readonly string[]): string {
  const rest = names.length - shown;
  return rest > 0 ? `${names.slice(0, shown).join(', ')} and ${rest} more` : names.join(', ');
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
