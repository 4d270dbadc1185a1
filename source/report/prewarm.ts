import { isReady, type NeededVersion, type Needs } from '../operations/offline/needs.ts';
import type { Fetched } from '../operations/prewarm/fetch.ts';
import type { Proof, ProofStep } from '../operations/prewarm/proof.ts';
import { formatBytes, formatCountOf, formatDuration } from '../store/format.ts';
import {
  type ArchiveView,
  archiveJson,
  archiveLines,
  failureJson,
  failureLines,
  isArchiveFine,
  isTakenFine,
  type TakenView,
  takenJson,
  takenLines,
} from './module-archive.ts';
import { missingText, needsJson } from './offline.ts';

/** PrewarmView is what a prewarm did, as it is told. */
export type PrewarmView = {
  readonly isDryRun: boolean;
  readonly wasStopped: boolean;
  readonly needs: Needs;
  readonly fetched: readonly Fetched[];
  /** proof is undefined where none was run. */
  readonly proof: Proof | undefined;
  readonly archive: ArchiveView | undefined;
  readonly taken: TakenView | undefined;
  readonly durationMs: number;
};

/** isPrewarmFine: all is there, proven where that was asked, and nothing failed. */
export function isPrewarmFine({ needs, isDryRun, proof, archive, taken }: PrewarmView): boolean {
  const isThere = isDryRun ? needs.problems.length === 0 : isReady(needs);
  return isThere && proof?.hasPassed !== false && isArchiveFine(archive) && isTakenFine(taken);
}

/** prewarmJson is the object of `prewarm --json`, `gocachetop.prewarm/1`. */
export function prewarmJson(view: PrewarmView): Readonly<Record<string, unknown>> {
  const { needs, fetched, proof } = view;
  const came = fetched.filter(({ failure }) => failure === undefined);
  return {
    schema: 'gocachetop.prewarm/1',
    dryRun: view.isDryRun,
    stopped: view.wasStopped,
    ready: isReady(needs),
    ...needsJson(needs),
    downloaded: came.map(({ module, file, bytes, hop, durationMs }) => ({
      module: module.path,
      version: module.version,
      file,
      bytes: bytes ?? null,
      hop: hop ?? null,
      durationMs: durationMs === undefined ? null : Math.round(durationMs),
    })),
    alreadyThere: alreadyThere(view).map(({ path, version }) => ({ module: path, version })),
    failed: fetched.flatMap(failureJson),
    bytes: sumBytes(came),
    durationMs: Math.round(view.durationMs),
    proof: proofJson(proof),
    archive: archiveJson(view.archive),
    taken: takenJson(view.taken),
  };
}

function proofJson(proof: Proof | undefined): unknown {
  if (proof === undefined)
    return { ran: false, command: null, passed: null, isolated: null, output: null, steps: [] };
  const { isolated, steps, hasPassed } = proof;
  return {
    ran: true,
    command: steps.map(({ command }) => command).join(' && '),
    passed: hasPassed,
    isolated,
    output: steps.find((step) => !step.hasPassed)?.output ?? null,
    steps: steps.map(({ command, platform, hasPassed: passed, durationMs }) => ({
      command,
      platform,
      passed,
      durationMs: Math.round(durationMs),
    })),
  };
}

/** alreadyThere are the needed modules that nothing was downloaded of. */
function alreadyThere({ needs, fetched }: PrewarmView): readonly NeededVersion[] {
  return needs.modules.filter(
    ({ path, version }) => !fetched.some(({ module }) => module.path === path && module.version === version),
  );
}

/** prewarmText tells what came, what did not, and what the proof says. */
export function prewarmText(view: PrewarmView, isSi: boolean): string {
  const { needs, fetched, proof, isDryRun } = view;
  const came = fetched.filter(({ failure }) => failure === undefined);
  const size = formatBytes(sumBytes(came), { si: isSi });
  const there = formatCountOf(alreadyThere(view).length, 'module');
  return lines([
    `GOMODCACHE ${needs.gomodcache}   ${needs.platforms.join(', ')}`,
    ...takenLines(view.taken, isDryRun, isSi),
    ...(isDryRun
      ? [
          `would download ${formatCountOf(needs.missing.filter(isFetched).length, 'module')}; ${there} are there`,
        ]
      : [
          `downloaded ${downloadedWords(came)}, ${size}, in ${formatDuration(view.durationMs)}; ${there} were there`,
        ]),
    ...slowest(came).map((each) => fetchedLine(each, isSi)),
    ...(came.length > shown ? [`  and ${came.length - shown} more`] : []),
    ...fetched.flatMap(failureLines),
    ...missingText(needs),
    ...proofLines(proof),
    ...archiveLines(view.archive, isSi),
    ...(view.wasStopped ? ['stopped: what was downloaded stays'] : []),
  ]);
}

function downloadedWords(came: readonly Fetched[]): string {
  const mods = came.filter(({ file }) => file === 'mod').length;
  const modules = formatCountOf(came.length - mods, 'module');
  return mods === 0 ? modules : `${modules} and ${formatCountOf(mods, 'go.mod file')}`;
}

function isFetched({ isCertain, files }: Needs['missing'][number]): boolean {
  return isCertain && (files.includes('zip') || files.includes('mod'));
}

// The slowest are worth a line; all are in the JSON.
const shown = 10;

function slowest(fetched: readonly Fetched[]): readonly Fetched[] {
  return fetched.toSorted((one, other) => (other.durationMs ?? 0) - (one.durationMs ?? 0)).slice(0, shown);
}

function fetchedLine({ module, file, bytes, hop, durationMs }: Fetched, isSi: boolean): string {
  const name = `${module.path} ${module.version}`.padEnd(48);
  const size = formatBytes(bytes, { si: isSi }).padStart(9);
  const what = file === 'mod' ? ' (go.mod)' : '';
  return `  ${name} ${size} ${formatDuration(durationMs).padStart(7)}   ${hop ?? 'unknown hop'}${what}`;
}

function proofLines(proof: Proof | undefined): readonly string[] {
  if (proof === undefined) return [];
  const where =
    proof.isolated === 'network namespace'
      ? 'in a namespace without a network'
      : 'with GOPROXY=off only: this system allows no namespace without a network';
  const time = formatDuration(proof.steps.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const failed = proof.steps.filter(({ hasPassed }) => !hasPassed);
  if (failed.length === 0)
    return [`proof: ${formatCountOf(proof.steps.length, 'build')} passed, ${where}, ${time}`];
  return [`proof: failed, ${where}`, ...failed.flatMap(failedLines)];
}

function failedLines({ command, output }: ProofStep): readonly string[] {
  return [`  ${command}`, ...output.split('\n').map((line) => `    ${line}`)];
}

function sumBytes(fetched: readonly Fetched[]): number {
  return fetched.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
