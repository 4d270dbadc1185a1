import type { UnitRecord } from '../../build/unit.ts';
import { quote } from '../../go/shell-word.ts';
import { compareText } from '../define-table.ts';
import { formatBytes, formatDuration, formatElapsed, unknownText } from '../format.ts';
import { outcomeMark, outcomeTone, outcomeWord } from '../marks.ts';
import type { AppState, BuildState } from '../state.ts';
import type { Level, PageItem, PageView, Target } from '../view.ts';

/** packageView is one unit of the build: its outcome and what that rests on, what it imports and what imports it. */
export const packageView: PageView = {
  kind: 'page',
  id: 'package',
  crumb: (_state, { subject }) => subject ?? '',
  command(state, level) {
    const path = recordOf(state, level)?.unit.importPath;
    return path === undefined
      ? undefined
      : `go list -f '{{.ImportPath}} {{.Stale}} {{.StaleReason}}' ${quote(path)}`;
  },
  enter: (_state, _level, id): Target => ({ view: 'package', subject: id.slice(id.indexOf(':') + 1) }),
  items(state, level) {
    const record = recordOf(state, level);
    const { build } = state;
    if (record === undefined || build === undefined) {
      return [
        {
          kind: 'text',
          text: `${level.subject ?? ''} is not among the packages of this build any more`,
          tone: 'quiet',
        },
      ];
    }
    return [...facts(record, state), ...imports(record, build), ...importers(record, build)];
  },
};

function recordOf({ build }: AppState, { subject }: Level): UnitRecord | undefined {
  return subject === undefined ? undefined : build?.progress.unit(subject);
}

function facts(record: UnitRecord, state: AppState): readonly PageItem[] {
  const { unit, outcome, cause, evidence, actionId, buildId, outputId, outputBytes } = record;
  const isStored = outcome === 'miss' || outcome === 'hit';
  return [
    {
      kind: 'fact',
      name: 'outcome',
      value: outcomeWord(outcome),
      tone: outcome === 'hit' ? 'plain' : outcomeTone(outcome),
    },
    ...(cause === undefined ? [] : [{ kind: 'fact', name: 'cause', value: cause, tone: 'bad' } as const]),
    { kind: 'fact', name: 'evidence', value: evidence === '' ? 'none yet' : evidence },
    { kind: 'fact', name: 'took', value: took(record, state) },
    ...(isStored
      ? [{ kind: 'fact', name: 'output', value: formatBytes(outputBytes, state.screen.sizes) } as const]
      : []),
    { kind: 'fact', name: 'action ID', value: actionId ?? partOf(buildId) },
    { kind: 'fact', name: 'output ID', value: outputId ?? unknownText },
    ...(unit.dir === undefined
      ? []
      : [{ kind: 'fact', name: 'folder', value: unit.dir, cut: 'left' } as const]),
    ...(unit.isStandard ? [{ kind: 'fact', name: 'part of', value: 'the standard library' } as const] : []),
  ];
}

/** partOf is what a compile line tells of the action ID: its start, in the spelling of build IDs. */
function partOf(buildId: string | undefined): string {
  return buildId === undefined ? unknownText : `${unknownText}; its build ID begins with ${buildId}`;
}

function took({ outcome, durationMs, startedAt }: UnitRecord, { now }: AppState): string {
  if (durationMs !== undefined) return formatDuration(durationMs);
  if (outcome === 'compiling' && startedAt !== undefined) return `${formatElapsed(now - startedAt)} so far`;
  return outcome === 'hit' || outcome === 'waiting' || outcome === 'not-reached'
    ? 'nothing ran for it'
    : unknownText;
}

function imports(record: UnitRecord, { progress }: BuildState): readonly PageItem[] {
  return unitRows('imports', 'import', record.unit.imports, progress);
}

function importers(record: UnitRecord, { progress }: BuildState): readonly PageItem[] {
  return unitRows('imported by', 'importer', progress.importersOf(record.unit.name), progress);
}

function unitRows(
  heading: string,
  prefix: string,
  names: readonly string[] | undefined,
  progress: BuildState['progress'],
): readonly PageItem[] {
  const right = names === undefined ? 'not known: go list did not tell' : String(names.length);
  const rows = [...(names ?? [])].sort(compareText).map((name): PageItem => {
    const record = progress.unit(name);
    // A package that this command does not need compiled has no row of its own.
    const outcome = record?.outcome;
    return {
      kind: 'row',
      id: `${prefix}:${name}`,
      mark: outcome === undefined ? ' ' : outcomeMark(outcome),
      text: name,
      right: outcome === undefined ? 'not needed' : outcomeWord(outcome),
      tone: outcome === undefined ? 'quiet' : outcomeTone(outcome),
    };
  });
  return [{ kind: 'gap' }, { kind: 'heading', text: heading, right }, ...rows];
}
