import type { Cure, Finding } from '../../operations/diagnosis/finding.ts';
import { cureCommand, cureWords, findingBytes, findingTitle, findingWords } from '../finding-words.ts';
import { formatAge, formatBytes, formatCount } from '../format.ts';
import type { AppState } from '../state.ts';
import type { PageItem, PageView } from '../view.ts';
import { emptyWords, scanCommand } from './contents-source.ts';

// A page is read; all packages are in `scan --json`.
const packagesShown = 5;

/** cacheDiagnosisView is why GOCACHE is large and of little use: each finding with what is behind it and what cures it. */
export const cacheDiagnosisView: PageView = {
  kind: 'page',
  id: 'cache-diagnosis',
  crumb: () => 'diagnosis',
  command: (state, { cursor }) => cureAt(state, cursor) ?? scanCommand(state),
  enter: (_state, _level, id) =>
    id.startsWith(packagePrefix)
      ? { view: 'cache-package', subject: id.slice(id.indexOf(' ') + 1) }
      : undefined,
  items(state) {
    const { contents, diagnosis } = state.buildCache;
    if (contents === undefined || diagnosis === undefined)
      return [
        {
          kind: 'text',
          text: contents === undefined ? emptyWords(state) : 'being looked for',
          tone: 'quiet',
        },
      ];
    return diagnosis.flatMap((finding, index) => [
      ...(index === 0 ? [] : [{ kind: 'gap' } as const]),
      ...findingItems(finding, index, contents.bytes, state),
    ]);
  },
};

// Ids of rows: `package:0 example.com/a`, `root:0 /src/a`, `cure:0 1`, with the number of the finding.
const packagePrefix = 'package:';
const cureForm = /^cure:(\d+) (\d+)$/;

function findingItems(
  finding: Finding,
  index: number,
  wholeBytes: number,
  { buildCache, screen, now }: AppState,
): readonly PageItem[] {
  const { sizes } = screen;
  const size = (bytes: number): string => formatBytes(bytes, sizes);
  const bytes = findingBytes(finding);
  const head: readonly PageItem[] = [
    { kind: 'heading', text: findingTitle(finding), right: bytes === undefined ? '' : size(bytes) },
    { kind: 'text', text: findingWords(finding, wholeBytes, sizes) },
  ];
  if (finding.code === 'churn') return head;
  const more = finding.packages.length - packagesShown;
  return [
    ...head,
    ...(finding.code === 'several-roots' ? finding.roots : []).map(
      ({ folder, bytes, lastUsed }): PageItem => ({
        kind: 'row',
        id: `root:${index} ${folder}`,
        mark: ' ',
        text: folder,
        right: `${size(bytes)}  used ${formatAge(Math.max(0, now - lastUsed))}`,
      }),
    ),
    ...finding.packages.slice(0, packagesShown).map(
      ({ importPath, bytes }): PageItem => ({
        kind: 'row',
        id: `${packagePrefix}${index} ${importPath}`,
        mark: ' ',
        text: importPath,
        right: size(bytes),
      }),
    ),
    ...(more > 0
      ? [{ kind: 'text', text: `and ${formatCount(more)} packages more`, tone: 'quiet' } as const]
      : []),
    ...finding.cures.flatMap((cure, number): readonly PageItem[] => [
      {
        kind: 'row',
        id: `cure:${index} ${number}`,
        mark: { text: '+', tone: 'accent' },
        text: cureTitle(cure),
        right: '',
        tone: 'accent',
      },
      { kind: 'text', text: cureWords(cure, sizes), tone: 'quiet' },
    ]),
  ];

  function cureTitle(cure: Cure): string {
    return cureCommand(cure, buildCache.path ?? '').replace(/ --gocache .*/, '');
  }
}

/** cureAt is the command of the cure under the cursor, whole. */
function cureAt({ buildCache }: AppState, cursor: string | undefined): string | undefined {
  const [, index, number] = cureForm.exec(cursor ?? '') ?? [];
  const finding = index === undefined ? undefined : buildCache.diagnosis?.[Number(index)];
  const cure = finding === undefined || finding.code === 'churn' ? undefined : finding.cures[Number(number)];
  return cure === undefined ? undefined : cureCommand(cure, buildCache.path ?? '');
}
