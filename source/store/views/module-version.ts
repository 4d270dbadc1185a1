import { quote } from '../../go/shell-word.ts';
import { missingKinds } from '../../module-cache/module-version.ts';
import type { ModuleDetail, NamedSums } from '../../operations/module-detail/detail.ts';
import type { Need } from '../../operations/module-needs/needs.ts';
import { firstHop } from '../../proxy/first-hop.ts';
import { lookAt } from '../explorer.ts';
import { formatBytes, formatCountOf } from '../format.ts';
import { toned } from '../line.ts';
import { findVersion, needsOf, type VersionRow } from '../module-rows.ts';
import type { AppState } from '../state.ts';
import type { PageItem, PageView, TextView } from '../view.ts';
import { usedWords } from './module-columns.ts';
import { verdictItems } from './module-verify.ts';
import { noRoots } from './module-versions.ts';

/** moduleVersionView is one version: who needs it, its hashes, where it came from. */
export const moduleVersionView: PageView = {
  kind: 'page',
  id: 'module-version',
  crumb: (_state, { subject = '' }) => subject,
  command: (_state, { subject }) =>
    subject === undefined ? undefined : `gocachetop modules ${quote(subject)}`,
  enter: (_state, { subject }, id) => {
    if (id === 'folder') return { view: 'module-files', subject };
    if (id === 'zip') return { view: 'module-zip', subject };
    if (id === 'mod') return { view: 'module-mod', subject };
    return id.startsWith(rootPrefix)
      ? { view: 'module-root', subject: id.slice(rootPrefix.length) }
      : undefined;
  },
  items(state, level) {
    const row = findVersion(state, level.subject);
    if (row === undefined) return [text(`${level.subject ?? ''} is not in GOMODCACHE`)];
    const looked = lookAt(state, level);
    const detail = looked?.type === 'module-version' ? looked.detail : undefined;
    return [
      ...stateFacts(row, state),
      ...verdictItems(state, row.id),
      ...(detail === undefined ? [] : sayingFacts(detail)),
      { kind: 'gap' },
      ...partRows(row, state, detail),
      { kind: 'gap' },
      ...needRows(row, state),
      { kind: 'gap' },
      ...(looked?.type === 'failed' ? [text(looked.why)] : []),
      ...(detail === undefined ? [text('its files are being read')] : detailFacts(detail, state)),
    ];
  },
};

const rootPrefix = 'root:';

function text(words: string): PageItem {
  return { kind: 'text', text: words, tone: 'quiet' };
}

function fact(name: string, value: string | undefined, tone?: 'warning'): readonly PageItem[] {
  if (value === undefined || value === '') return [];
  return [{ kind: 'fact', name, value, ...(tone === undefined ? {} : { tone }) }];
}

function stateFacts({ version, bytes, newer }: VersionRow, state: AppState): readonly PageItem[] {
  const missing = missingKinds(version);
  const isOdd = version.state === 'partial' || (version.state === 'complete' && missing.length > 0);
  return [
    ...fact(
      'state',
      `${stateWords[version.state]}${missing.length === 0 ? '' : `; without ${missing.join(', ')}`}`,
      isOdd ? 'warning' : undefined,
    ),
    ...fact('size', formatBytes(bytes, state.screen.sizes)),
    ...fact('last use', `${usedWords(version.usedAt, state.now)}, by access times: to a day`),
    ...fact('newer', newer === undefined ? undefined : `${newer} or later in every main module that uses it`),
  ];
}

const stateWords: Readonly<Record<VersionRow['version']['state'], string>> = {
  complete: 'complete',
  'zip-only': 'zip only: a build extracts it',
  'folder-only': 'folder only: a build uses it, and verify lacks the zip',
  'graph-only': 'no more than its go.mod or info was needed so far',
  partial: 'an extraction began and did not end: the next build does it again',
  locked: 'a go command is at it now',
};

function sayingFacts({ retracted, deprecated }: ModuleDetail): readonly PageItem[] {
  return [
    ...fact(
      'retracted',
      retracted && `${retracted.text || 'by its author'} (go.mod of ${retracted.by})`,
      'warning',
    ),
    ...fact('deprecated', deprecated && `${deprecated.text} (go.mod of ${deprecated.by})`, 'warning'),
  ];
}

/** partRows open the folder, the zip and the go.mod. */
function partRows(
  { version }: VersionRow,
  { screen }: AppState,
  detail: ModuleDetail | undefined,
): readonly PageItem[] {
  const row = (id: string, words: string, right: string): PageItem => ({
    kind: 'row',
    id,
    mark: ' ',
    text: words,
    right,
  });
  const size = (bytes: number | undefined): string => formatBytes(bytes, screen.sizes);
  const { hasDir, files, dirBytes, zipBytes } = version;
  return [
    ...(hasDir ? [row('folder', `folder, ${formatCountOf(files ?? 0, 'file')}`, size(dirBytes))] : []),
    ...(zipBytes === undefined ? [] : [row('zip', 'zip', size(zipBytes))]),
    ...(detail?.mod === undefined ? [] : [row('mod', 'go.mod', size(Buffer.byteLength(detail.mod.text)))]),
  ];
}

function needRows({ version }: VersionRow, state: AppState): readonly PageItem[] {
  const { needs } = state.moduleCache;
  if (needs === undefined) return [text('what the main modules need is being worked out')];
  if (needs.roots.length === 0) return [text(noRoots)];
  const of = needs.of(version);
  return [
    { kind: 'heading', text: 'needed by', right: `of ${formatCountOf(needs.roots.length, 'main module')}` },
    ...(of.length === 0 ? [text('none of them')] : []),
    ...of.flatMap((need): readonly PageItem[] => [
      {
        kind: 'row',
        id: `${rootPrefix}${need.root.file}`,
        mark: ' ',
        text: need.file,
        right: kindWords[need.kind],
      },
      ...(need.via === undefined ? [] : [text(`    ${needsOf(state).pathTo(need, version).join(' > ')}`)]),
    ]),
  ];
}

const kindWords: Readonly<Record<Need['kind'], string>> = {
  build: 'for its builds',
  graph: 'for its graph',
  vendor: 'for its vendor folder',
  sum: 'not: go.sum names it',
};

function detailFacts(detail: ModuleDetail, state: AppState): readonly PageItem[] {
  const { info, mod, licences, zipHash, sums, database } = detail;
  const origin = info?.origin;
  return [
    ...fact('time', info?.time),
    ...fact('origin', origin && [origin.vcs, origin.url, origin.subdir].filter(Boolean).join(' ')),
    ...fact('ref', origin?.ref),
    ...fact('commit', origin?.hash),
    ...fact('go line', mod?.file.go),
    ...fact('licence', licences.join(', ')),
    ...fact('comes from', hopWords(detail, state)),
    ...(detail.folder === undefined
      ? []
      : [{ kind: 'fact', name: 'folder', value: detail.folder, cut: 'left' } as const]),
    { kind: 'gap' },
    { kind: 'heading', text: 'hashes', right: 'h1 of the zip' },
    ...fact('.ziphash', zipHash ?? 'none'),
    ...sums.flatMap((each) => sumFacts(each, zipHash)),
    ...(database === undefined ? fact('sumdb', 'no answer of it is kept') : sumFacts(database, zipHash)),
  ];
}

function sumFacts({ from, zip, goMod }: NamedSums, zipHash: string | undefined): readonly PageItem[] {
  const isOther = zip !== undefined && zipHash !== undefined && zip !== zipHash;
  const words = zip === undefined ? `of its go.mod alone, ${goMod ?? ''}` : zip;
  return [
    { kind: 'text', text: from, tone: 'quiet' },
    ...fact('', `${words}${isOther ? '  differs from .ziphash' : ''}`, isOther ? 'warning' : undefined),
  ];
}

function hopWords({ name }: ModuleDetail, { proxy, settings }: AppState): string | undefined {
  if (proxy.chain === undefined) return undefined;
  const settingOf = (wanted: string): string => settings.find((each) => each.name === wanted)?.value ?? '';
  return firstHop(name.path, proxy.chain, {
    gonoproxy: settingOf('GONOPROXY'),
    gonosumdb: settingOf('GONOSUMDB'),
    goprivate: settingOf('GOPRIVATE'),
  });
}

/** moduleModView is the go.mod of a version. */
export const moduleModView: TextView = {
  kind: 'text',
  id: 'module-mod',
  opensAt: 'top',
  crumb: () => 'go.mod',
  command: (_state, { subject = '' }) => `cat "$(go mod download -json ${quote(subject)} | jq -r .GoMod)"`,
  lines(state, { subject }) {
    const looked = lookAt(state, { view: 'module-version', subject });
    if (looked?.type !== 'module-version') return [[toned('being read', 'quiet')]];
    return (looked.detail.mod?.text ?? '').split('\n').map((line) => [line.replaceAll('\t', '    ')]);
  },
};
