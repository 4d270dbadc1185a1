import { quote } from '../go/shell-word.ts';
import type { RepointStart } from '../operations/repoint/facts.ts';
import { formatFinding } from '../operations/repoint/finding.ts';
import { type RepointPlan, writeCommand } from '../operations/repoint/plan.ts';
import type { RepointResult } from '../operations/repoint/repoint.ts';
import { formatProblem, type Problem } from '../platform/problem.ts';
import { formatBytes, formatCountOf } from '../store/format.ts';

/** repointJson is the object of `repoint --json`, `gocachetop.repoint/1`; `result` is undefined where nothing was done. */
export function repointJson(
  plan: RepointPlan,
  result: RepointResult | undefined,
  isDryRun: boolean,
  effective: string | undefined,
): Readonly<Record<string, unknown>> {
  const { facts, start, findings, isPossible, isDone, freeAfter, command } = plan;
  const { from, to, target, setting } = facts;
  const { shadow } = setting;
  const { record } = result ?? {};
  return {
    schema: 'gocachetop.repoint/1',
    dryRun: isDryRun,
    from: from.path,
    to,
    start,
    entries: from.entries,
    bytes: from.bytes,
    target: {
      state: target.state,
      entries: target.entries,
      bytes: target.bytes,
      fileSystem: target.fileSystem ?? null,
      freeBytes: target.freeBytes ?? null,
      freeBytesAfter: freeAfter ?? null,
      sameFileSystem: target.isSameFileSystem,
    },
    possible: isPossible,
    alreadyThere: isDone,
    moved: result?.moved ?? { entries: 0, bytes: 0 },
    command,
    effective: effective ?? null,
    shadowedBy:
      shadow === undefined || isDone
        ? null
        : { origin: 'environment', value: shadow.value, places: shadow.places, lines: shadow.lines },
    undo: record === undefined ? null : { id: record.id, command: writeCommand(record.before) },
    stopped: result?.wasStopped ?? false,
    findings,
    problems: (result?.problems ?? []).map(problemJson),
  };
}

function problemJson(problem: Problem): Readonly<Record<string, unknown>> {
  return { ...problem, line: formatProblem(problem) };
}

/** repointQuestion says what the move means, before anything happens. */
export function repointQuestion(plan: RepointPlan, isSi: boolean): string {
  const { facts, findings, command } = plan;
  const { from, to } = facts;
  return lines([
    `GOCACHE   ${from.path}   ${contents(from, isSi)}`,
    `     to   ${to}   ${targetWords(plan, isSi)}`,
    `  ${meaning(plan, isSi)}`,
    ...keeping(plan),
    ...findings.map((finding) => `  ! ${formatFinding(finding)}`),
    `  the same: ${command.map(quote).join(' ')}`,
  ]);
}

/** repointText says what was done. */
export function repointText(plan: RepointPlan, result: RepointResult, isSi: boolean): string {
  const { facts, start } = plan;
  if (result.record === undefined)
    return lines([result.wasStopped ? 'stopped: nothing was changed' : 'nothing was changed']);
  const size = contents(result.moved, isSi);
  const done: Readonly<Record<RepointStart, string>> = {
    empty: '',
    copy: `: copied ${size}`,
    link: `: linked ${size}`,
    rename: `: moved ${size}`,
  };
  return lines([
    `GOCACHE is ${result.effective ?? facts.to}${done[start]}`,
    ...keeping(plan),
    '  gocachetop undo puts it back',
  ]);
}

/** targetWords are what lies in the new folder, and what room it has. */
function targetWords({ facts, start, freeAfter }: RepointPlan, isSi: boolean): string {
  const { state, entries, bytes, fileSystem, freeBytes } = facts.target;
  const lies = { missing: 'to be made', empty: 'empty', foreign: 'other files', broken: 'no folder' };
  const there = state === 'cache' ? `a GOCACHE, ${contents({ entries, bytes }, isSi)}` : lies[state];
  const free = `${formatBytes(freeBytes, { si: isSi })} free`;
  const after = start === 'copy' ? `, ${formatBytes(freeAfter, { si: isSi })} afterwards` : '';
  return `${there}   ${free}${after}   ${fileSystem ?? 'unknown file system'}`;
}

/** meaning is what the builds after it find. */
function meaning({ facts, start, neededBytes }: RepointPlan, isSi: boolean): string {
  const { from, target } = facts;
  const size = contents(from, isSi);
  switch (start) {
    case 'empty':
      return target.state === 'cache'
        ? 'starts with what is there already'
        : 'starts empty: every build begins cold (--start copy, link or rename takes the entries along)';
    case 'copy':
      return `copies ${size}, ${formatBytes(neededBytes, { si: isSi })} on disk: builds hit as before`;
    case 'link':
      return `links ${size}: the bytes are shared; what a trim or clean removes in one stays in the other`;
    case 'rename':
      return `renames the folder with its ${size}: builds hit as before`;
  }
}

/** keeping says what becomes of the old folder. */
function keeping({ facts, start }: RepointPlan): readonly string[] {
  const { path, isThere } = facts.from;
  if (start === 'rename' || !isThere) return [];
  return [
    `  ${path} stays, and Go trims it no more; to remove it: gocachetop clean --gocache ${quote(path)}`,
  ];
}

function contents({ entries, bytes }: { entries: number; bytes: number }, isSi: boolean): string {
  return `${formatCountOf(entries, 'entry')}, ${formatBytes(bytes, { si: isSi })}`;
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
