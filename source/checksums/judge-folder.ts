import type { FolderFacts, ModuleFacts } from './facts.ts';
import { agree, agreeing, isSeveral, type Truth } from './truth.ts';
import type { Fault } from './verdict.ts';

/** folderFaults says what of an extracted folder is not what Go extracted, by name where the zip can tell. */
export function folderFaults(facts: ModuleFacts, truth: Truth): Fault[] {
  const { folder, zip, isPartial } = facts;
  // Go removes and extracts it again before it uses it.
  if (isPartial) return [partial(facts)];
  if (folder.state === 'absent') {
    if (zip.state !== 'hashed' && zip.state !== 'damaged') return [];
    const detail = 'the extracted folder is missing: the next build extracts the zip again';
    return [fault('dir-missing', undefined, undefined, detail, [])];
  }
  if (folder.state !== 'hashed') return [];
  const odd = folder.odd.filter(({ kind }) => kind === 'link' || kind === 'special');
  const isZipRight = zip.state === 'hashed' && (truth.sum === undefined || zip.h1 === truth.sum);
  const others = agreeing(truth, truth.sum, 'the folder');
  const because = others === '' ? '' : `: ${others} ${agree(others)}`;
  const tell = (code: Fault['code'], files: readonly string[], what: string): Fault[] =>
    files.length === 0
      ? []
      : [
          fault(
            code,
            truth.sum,
            folder.h1,
            `${nameFiles(files)} of the extracted folder ${what} on this machine${because}`,
            files,
          ),
        ];
  // A damaged zip can still tell names, and the sums of what of it is whole.
  if (isZipRight || (zip.state === 'damaged' && facts.differences.length > 0)) {
    const oddNames = new Set(odd.map(({ name }) => name));
    const of = (kind: 'changed' | 'extra' | 'missing'): string[] =>
      facts.differences
        .filter((each) => each.kind === kind && !oddNames.has(each.name))
        .map(({ name }) => name);
    const missing = of('missing');
    const isEmpty = folder.files === 0 && missing.length > 0;
    return [
      ...tell('dir-modified', of('changed'), verbOf(of('changed'), 'changed')),
      ...oddFaults(odd, truth),
      ...tell('dir-extra-file', of('extra'), verbOf(of('extra'), 'added')),
      ...(isEmpty
        ? [
            fault(
              'dir-missing-file',
              truth.sum,
              folder.h1,
              `the extracted folder is empty: the build stops there${because}`,
              missing,
            ),
          ]
        : tell('dir-missing-file', missing, verbOf(missing, 'removed'))),
    ];
  }
  const isWrong = truth.sum !== undefined && folder.h1 !== undefined && folder.h1 !== truth.sum;
  const detail = `the extracted folder is not what ${others} ${isSeveral(others) ? 'know' : 'knows'}; which file, only a right zip can tell`;
  return [
    ...oddFaults(odd, truth),
    ...(isWrong ? [fault('dir-modified', truth.sum, folder.h1, detail, [])] : []),
  ];
}

type Odd = Extract<FolderFacts, { state: 'hashed' }>['odd'];

function oddFaults(odd: Odd, truth: Truth): Fault[] {
  return odd.map((file) => {
    const what = file.kind === 'link' ? `a symbolic link to ${file.target}` : 'neither a file nor a folder';
    const detail = `${file.name} of the extracted folder is ${what}, which Go never makes`;
    return fault('dir-modified', truth.sum, undefined, detail, [file.name]);
  });
}

function partial({ folder, differences }: ModuleFacts): Fault {
  const missing = differences.filter(({ kind }) => kind === 'missing').map(({ name }) => name);
  const found = folder.state === 'hashed' ? `, with ${folder.files} files` : '';
  const detail = `an extraction was interrupted${found}: the next build extracts it again`;
  return fault('partial', undefined, undefined, detail, missing);
}

function nameFiles(files: readonly string[]): string {
  return files.length === 1 ? `file ${files[0]}` : `${files.length} files (${files[0]}, ...)`;
}

function verbOf(files: readonly string[], verb: string): string {
  return `${files.length === 1 ? 'was' : 'were'} ${verb}`;
}

function fault(
  code: Fault['code'],
  expected: string | undefined,
  actual: string | undefined,
  detail: string,
  files: readonly string[],
): Fault {
  return { code, expected, actual, detail, files };
}
