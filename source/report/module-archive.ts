import type { Manifest } from '../operations/module-archive/manifest.ts';
import type { MissingModule } from '../operations/offline/needs.ts';
import type { Fetched } from '../operations/prewarm/fetch.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatBytes, formatCountOf } from '../store/format.ts';
import { problemJson } from './offline.ts';

/** ArchiveView is an archive that was to be made. */
export type ArchiveView = {
  readonly directory: string;
  /** manifest is undefined when none was made. */
  readonly manifest: Manifest | undefined;
  /** missing is what go did not find in it; undefined where it was not proven. */
  readonly missing: readonly MissingModule[] | undefined;
  readonly problems: readonly Problem[];
};

/** TakenView is an archive that was to be taken in. */
export type TakenView = {
  readonly directory: string;
  /** manifest is undefined when it was refused. */
  readonly manifest: Manifest | undefined;
  readonly fetched: readonly Fetched[];
  readonly problems: readonly Problem[];
};

/** isArchiveFine: made, and all found in it. */
export function isArchiveFine(view: ArchiveView | undefined): boolean {
  return view === undefined || (view.problems.length === 0 && (view.missing ?? []).length === 0);
}

/** isTakenFine: accepted, and all of it came over. */
export function isTakenFine(view: TakenView | undefined): boolean {
  return (
    view === undefined ||
    (view.problems.length === 0 && view.fetched.every(({ failure }) => failure === undefined))
  );
}

/** archiveJson is the field `archive` of prewarm and offline. */
export function archiveJson(view: ArchiveView | undefined): unknown {
  if (view === undefined) return null;
  const { directory, manifest, missing, problems } = view;
  return {
    directory,
    modules: manifest?.modules.length ?? 0,
    zips: manifest?.modules.filter(({ zip }) => zip !== undefined).length ?? 0,
    bytes: bytesOf(manifest),
    proven: missing === undefined ? null : missing.length === 0 && problems.length === 0,
    missing: (missing ?? []).map(({ path, version, files }) => ({ module: path, version, files })),
    problems: problems.map(problemJson),
  };
}

/** takenJson is the field `taken`. */
export function takenJson(view: TakenView | undefined): unknown {
  if (view === undefined) return null;
  const { directory, manifest, fetched, problems } = view;
  return {
    directory,
    modules: manifest?.modules.length ?? 0,
    bytes: bytesOf(manifest),
    downloaded: fetched.filter(({ failure }) => failure === undefined).length,
    failed: fetched.flatMap(failureJson),
    problems: problems.map(problemJson),
  };
}

/** failureJson is one download that failed; none else. */
export function failureJson({ module, file, failure }: Fetched): readonly unknown[] {
  return failure === undefined ? [] : [{ module: module.path, version: module.version, file, why: failure }];
}

/** archiveLines tell of an archive that was made. */
export function archiveLines(view: ArchiveView | undefined, isSi: boolean): readonly string[] {
  if (view === undefined) return [];
  const { directory, manifest, missing, problems } = view;
  const proof =
    missing === undefined
      ? ''
      : missing.length === 0 && problems.length === 0
        ? '; go found all in it, with no other proxy'
        : `; go missed ${formatCountOf(missing.length, 'module')} in it`;
  return [
    ...(manifest === undefined
      ? ['no archive was made']
      : [
          `archive ${directory}: ${formatCountOf(manifest.modules.length, 'module')}, ${formatBytes(bytesOf(manifest), { si: isSi })}${proof}`,
        ]),
    ...(missing ?? []).map(({ path, version, files }) => `  ${path} ${version}   ${files.join(', ')}`),
    ...problems.map((problem) => `! ${formatProblem(problem)}`),
  ];
}

/** takenLines tell of an archive that was taken in. */
export function takenLines(view: TakenView | undefined, isDryRun: boolean, isSi: boolean): readonly string[] {
  if (view === undefined) return [];
  const { directory, manifest, fetched, problems } = view;
  if (manifest === undefined) return [`refused ${directory}`, ...problemLines(problems)];
  const count = formatCountOf(manifest.modules.length, 'module');
  const size = formatBytes(bytesOf(manifest), { si: isSi });
  const came = fetched.filter(({ failure }) => failure === undefined).length;
  const done = isDryRun
    ? 'it could be taken in'
    : `${came} taken in, ${manifest.modules.length - fetched.length} were there`;
  return [
    `archive ${directory}: ${count}, ${size}, every sum is right: ${done}`,
    ...fetched.flatMap(failureLines),
    ...problemLines(problems),
  ];
}

/** failureLines tell of a download that failed. */
export function failureLines({ module, failure }: Fetched): readonly string[] {
  return failure === undefined ? [] : [`! ${module.path} ${module.version}: ${failure}`];
}

function problemLines(problems: readonly Problem[]): readonly string[] {
  return problems.map((problem) => `! ${formatProblem(problem)}`);
}

function bytesOf(manifest: Manifest | undefined): number {
  return (manifest?.modules ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
}
