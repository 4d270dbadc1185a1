import type { EntryFacts } from '../../build-cache/entry/entry-facts.ts';
import type { EntryContent } from '../../build-cache/entry/probe.ts';
import { quote } from '../../go/shell-word.ts';
import { lookAt, lookWords } from '../explorer.ts';
import { formatAge, formatBytes, formatCount, formatCountOf, unknownText } from '../format.ts';
import type { AppState } from '../state.ts';
import { packageSum } from '../summary-lookup.ts';
import type { Level, PageItem, PageView, Target } from '../view.ts';
import { dateText } from './build-cache.ts';
import { kindWords } from './cache-kinds.ts';
import { used } from './contents-source.ts';

/** cacheEntryView is one output of GOCACHE with the action entries that point to it; its subject is the output ID. */
export const cacheEntryView: PageView = {
  kind: 'page',
  id: 'cache-entry',
  crumb: (_state, { subject }) => `${subject?.slice(0, 12) ?? ''}-d`,
  command(state, level) {
    const looked = lookAt(state, level);
    if (looked?.type !== 'entry') return undefined;
    const { facts, content } = looked;
    if (facts.kind === 'archive') return `go tool buildid ${quote(content.file)}`;
    if (facts.isFolder) return `go version -m ${quote(content.file)}`;
    return `${content.isText ? 'cat' : 'xxd'} ${quote(content.file)}`;
  },
  enter: (state, level, id) => target(state, level, id),
  items(state, level, width) {
    const looked = lookAt(state, level);
    if (looked?.type !== 'entry') {
      const isGone = looked?.type === 'failed';
      return [{ kind: 'text', text: lookWords(state, looked), tone: isGone ? 'warning' : 'quiet' }];
    }
    const { facts, content } = looked;
    return [
      ...ownerFacts(facts),
      ...sizeFacts(facts, state),
      ...timeFacts(facts, content, state),
      ...contentFacts(facts, content),
      { kind: 'gap' },
      ...contentRows(facts, content, state),
      ...actionRows(facts, state, width),
      ...importRows(content, state),
      ...programRows(content),
    ];
  },
};

function target(state: AppState, { subject }: Level, id: string): Target | undefined {
  const [what, path = ''] = id.split(' ');
  switch (what) {
    case 'symbols':
      return { view: 'cache-symbols', subject };
    case 'content':
      return { view: 'cache-content', subject };
    case 'package':
      return { view: 'cache-package', subject: path };
    case 'import':
      return packageSum(state.buildCache.contents, path) === undefined
        ? undefined
        : { view: 'cache-package', subject: path };
    default:
      return undefined;
  }
}

function fact(
  name: string,
  value: string,
  more: Partial<Extract<PageItem, { kind: 'fact' }>> = {},
): PageItem {
  return { kind: 'fact', name, value, ...more };
}

function ownerFacts({ kind, unit, variant, goVersion, directory, module }: EntryFacts): readonly PageItem[] {
  const words = kindWords[kind];
  return [
    fact('kind', words === undefined ? kind : `${kind}: ${words}`),
    unit === undefined
      ? fact('package', 'nothing tells whose it is', { tone: 'quiet' })
      : fact('package', unit, { cut: 'left' }),
    ...(variant === '' ? [] : [fact('variant', [variant, goVersion].filter(Boolean).join(' '))]),
    ...(module === undefined ? [] : [fact('module', module, { cut: 'left' })]),
    ...(directory === undefined ? [] : [fact('folder', directory, { cut: 'left' })]),
  ];
}

function sizeFacts({ bytes, diskBytes, isFolder }: EntryFacts, { screen }: AppState): readonly PageItem[] {
  const inside = isFolder ? ', a folder with one file' : '';
  return [
    fact('size', `${formatBytes(bytes, screen.sizes)}${inside}`),
    fact('on disk', formatBytes(diskBytes, screen.sizes)),
  ];
}

function timeFacts(
  { lastUsed, actions, mtime }: EntryFacts,
  { madeAt, wasUsed }: EntryContent,
  { now }: AppState,
): readonly PageItem[] {
  const addedAt = actions[0]?.addedAt;
  const made = addedAt ?? madeAt;
  return [
    fact('made', made === undefined ? unknownText : `${dateText(made)}, ${ago(now - made)}`),
    // A re-made output keeps the times of the first; image layers and restored caches are younger than what is in them.
    ...(madeAt !== undefined && made !== undefined && madeAt - made > hour
      ? [fact('came here', `${dateText(madeAt)}: copied or restored`, { tone: 'warning' })]
      : []),
    fact('last use', `${used(lastUsed, now)}, to an hour${lastUsed > mtime ? ', by its action entry' : ''}`),
    wasUsed === false
      ? fact('used since', 'never: no build has read it since it was made', { tone: 'warning' })
      : fact(
          'used since',
          wasUsed === undefined ? `${unknownText}: no time of the file system tells` : 'yes',
        ),
  ];
}

const hour = 3_600_000;

function ago(ms: number): string {
  const words = formatAge(Math.max(0, ms));
  return words === 'now' ? words : `${words} ago`;
}

function contentFacts({ id }: EntryFacts, content: EntryContent): readonly PageItem[] {
  const { isWhole, header, buildId, file } = content;
  return [
    isWhole === false
      ? fact('sha256', 'is not its name: damaged, and Go would use it; p removes it', { tone: 'bad' })
      : fact('sha256', isWhole === undefined ? 'not compared here: K compares all' : 'is its name'),
    ...(header === undefined ? [] : [fact('header', header)]),
    ...(buildId === undefined ? [] : [fact('build ID', buildId)]),
    fact('output ID', id),
    fact('file', file),
  ];
}

function contentRows(
  { kind, importPath }: EntryFacts,
  { isText, head }: EntryContent,
  state: AppState,
): readonly PageItem[] {
  const row = (id: string, text: string, right = ''): PageItem => ({
    kind: 'row',
    id,
    mark: ' ',
    text,
    right,
  });
  const lines = isText ? textLines(head) : [];
  return [
    ...(importPath !== undefined && packageSum(state.buildCache.contents, importPath) !== undefined
      ? [row(`package ${importPath}`, 'its package')]
      : []),
    ...(kind === 'archive' ? [row('symbols', 'symbols by size')] : []),
    ...(head.length === 0
      ? [{ kind: 'text', text: 'it is empty', tone: 'quiet' } as const]
      : [
          row(
            'content',
            isText ? 'its text' : 'its first bytes',
            isText ? formatCountOf(lines.length, 'line') : '',
          ),
        ]),
    ...lines
      .slice(0, previewLines)
      .map((text): PageItem => ({ kind: 'text', text: `  ${text}`, tone: 'quiet' })),
  ];
}

// Enough to see what it is; enter shows the rest.
const previewLines = 6;

/** textLines are the lines of a text; the end of the last one is no line. */
export function textLines(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.replace(/\n$/, '').split('\n');
}

function actionRows(
  { actions, actionCount }: EntryFacts,
  { now }: AppState,
  width: number,
): readonly PageItem[] {
  // The start of an ID tells it from others, and is how its file is found.
  const idCells = Math.max(8, Math.min(64, width - 36));
  const more = actionCount - actions.length;
  return [
    { kind: 'gap' },
    { kind: 'heading', text: 'action entries that point to it', right: formatCount(actionCount) },
    ...actions.map(
      ({ id, mtime, addedAt }): PageItem => ({
        kind: 'row',
        id: `action ${id}`,
        mark: ' ',
        text: `${id.slice(0, idCells)}${idCells < id.length ? '…' : ''}-a`,
        right: `made ${addedAt === undefined ? unknownText : used(addedAt, now)}  used ${used(mtime, now)}`,
      }),
    ),
    ...(more > 0
      ? [{ kind: 'text', text: `  and ${formatCount(more)} older ones`, tone: 'quiet' } as const]
      : []),
  ];
}

function importRows({ imports }: EntryContent, { buildCache, screen }: AppState): readonly PageItem[] {
  if (imports === undefined) return [];
  return [
    { kind: 'gap' },
    { kind: 'heading', text: 'imports', right: formatCount(imports.length) },
    ...imports.map((path): PageItem => {
      const sum = packageSum(buildCache.contents, path);
      return {
        kind: 'row',
        id: `import ${path}`,
        mark: ' ',
        text: path,
        right: sum === undefined ? 'not in GOCACHE' : formatBytes(sum.bytes, screen.sizes),
        ...(sum === undefined ? { tone: 'quiet' as const } : {}),
      };
    }),
  ];
}

/** programRows is what `go version -m` says of an executable: a line of words between tabs. */
function programRows({ program }: EntryContent): readonly PageItem[] {
  if (program === undefined) return [];
  // The first line is the file and the version, which stand above.
  const words = program.slice(1).map((line) => line.trim().split('\t'));
  const modules = words.filter(([what]) => what === 'mod' || what === 'dep');
  const settings = words.filter(([what]) => what === 'build');
  const rows = (of: readonly string[][], right: (line: readonly string[]) => string): PageItem[] =>
    of.map((line, index) => ({
      kind: 'row',
      id: `program ${line[0]} ${index}`,
      mark: ' ',
      text: line[1] ?? '',
      right: right(line),
    }));
  return [
    { kind: 'gap' },
    { kind: 'heading', text: 'modules in it', right: formatCount(modules.length) },
    ...rows(modules, ([, , version = '']) => version),
    { kind: 'gap' },
    { kind: 'heading', text: 'build settings', right: formatCount(settings.length) },
    ...rows(settings, () => ''),
  ];
}
