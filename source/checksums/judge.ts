import type { ModuleFacts } from './facts.ts';
import { folderFaults } from './judge-folder.ts';
import { agree, agreeing, findGoModTruth, findTruth, isOutside, isSeveral, type Truth } from './truth.ts';
import type { Claim, Claims, Fault, FaultCode, ModuleVerdict } from './verdict.ts';

/**
 * judge says of one version what is wrong, whose fault it is, and how to repair it: from what lies in GOMODCACHE and what is
 * recorded elsewhere. What a go command is writing at this moment is not judged.
 */
export function judge(facts: ModuleFacts, claims: Claims): ModuleVerdict {
  const { path, version } = facts;
  const truth = findTruth(facts, claims);
  const found = [
    ...zipFaults(facts, truth, claims),
    ...folderFaults(facts, truth),
    ...goSumFaults(facts, truth, claims),
    ...goModFaults(facts, findGoModTruth(facts, claims, truth), claims),
    ...ziphashFaults(facts, truth),
    ...infoFaults(facts),
  ].sort((one, other) => severity.indexOf(one.code) - severity.indexOf(other.code));
  const isBusy = found.length > 0 && claims.busy !== undefined;
  const faults = isBusy ? [] : found;
  const unread = unreadable(facts);
  const isChecked = truth.witnesses.length > 1 || findGoModTruth(facts, claims, truth).witnesses.length > 1;
  const isWhole = !isBusy && unread.length === 0 && isChecked;
  const repair = [...new Set(faults.flatMap(({ code }) => repairOf(code, `${path}@${version}`, truth)))];
  return {
    path,
    version,
    database: typeof claims.database === 'object' ? claims.database.standing : undefined,
    verdict: faults.length > 0 ? 'faulty' : isWhole ? 'ok' : 'not-checked',
    sentence: sentenceOf(faults, repair),
    faults,
    unread,
    notes: [
      ...(isBusy ? [`${claims.busy}: look again when it is done`] : []),
      ...(isChecked || isBusy ? [] : ['there is nothing to compare it with']),
      ...(typeof claims.database === 'string'
        ? [`the kept answer of the checksum database is not believed: ${claims.database}`]
        : []),
      ...notesOf(facts),
    ],
    repair,
    diffs: facts.differences.flatMap(({ name, diff }) =>
      diff === undefined || faults.every(({ files }) => !files.includes(name))
        ? []
        : [{ file: name, lines: diff }],
    ),
  };
}

/** severity is the order of faults: first what may make a build wrong, last what Go mends by itself. */
const severity: readonly FaultCode[] = [
  'zip-mismatch',
  'gosum-mismatch',
  'dir-modified',
  'dir-extra-file',
  'dir-missing-file',
  'mod-mismatch',
  'zip-unreadable',
  'ziphash-mismatch',
  'gosum-missing',
  'ziphash-missing',
  'partial',
  'info-unreadable',
  'dir-missing',
];

function zipFaults({ zip }: ModuleFacts, truth: Truth, claims: Claims): Fault[] {
  if (zip.state === 'damaged') {
    const detail = `the zip is damaged, Go would not unpack it: ${zip.why}`;
    return [{ code: 'zip-unreadable', expected: truth.sum, actual: undefined, detail, files: zip.files }];
  }
  if (zip.state !== 'hashed' || truth.sum === undefined || zip.h1 === truth.sum) return [];
  // Between the zip and .ziphash alone, the fault is told as one of .ziphash.
  if (!truth.witnesses.some(({ name }) => isOutside(name))) return [];
  const others = agreeing(truth, truth.sum);
  const isRecorded = claims.zip.some(({ sum }) => sum === zip.h1);
  const detail = isRecorded
    ? `the zip differs from ${others} although go.sum agrees with it: someone recorded a wrong sum; do not build`
    : `the zip is not the one that ${others} ${isSeveral(others) ? 'know' : 'knows'}: it was changed on this machine, or another one was downloaded`;
  return [{ code: 'zip-mismatch', expected: truth.sum, actual: zip.h1, detail, files: [] }];
}

function goSumFaults(facts: ModuleFacts, truth: Truth, claims: Claims): Fault[] {
  const wrong = wrongLines(claims.zip, truth, '', movedTag(facts));
  if (claims.missing === undefined) return wrong;
  const missing: Fault = {
    code: 'gosum-missing',
    expected: truth.sum,
    actual: undefined,
    detail: claims.missing,
    files: [],
  };
  return [missing, ...wrong];
}

/** wrongLines are the lines of go.sum that do not say what is right. */
function wrongLines(lines: readonly Claim[], truth: Truth, about: string, more: string): Fault[] {
  const { sum: expected } = truth;
  if (expected === undefined) return [];
  const others = agreeing(truth, expected, 'go.sum');
  const why = truth.isDecided
    ? `is wrong: ${others} ${isSeveral(others) ? 'agree' : 'says otherwise'}`
    : `says otherwise than ${others}: either go.sum was changed, or something else was downloaded${more}; do not build before the checksum database has decided`;
  return lines
    .filter(({ sum }) => sum !== expected)
    .map(({ where, sum }) => ({
      code: 'gosum-mismatch',
      expected,
      actual: sum,
      detail: `the line of go.sum${about} ${why}`,
      files: [where],
    }));
}

/** movedTag: what came from a repository by its tag is another thing when the tag is set anew. */
function movedTag({ info }: ModuleFacts): string {
  if (info.state !== 'read' || info.origin?.ref === undefined) return '';
  const { ref, hash } = info.origin;
  return ` (${ref} was ${hash ?? 'not told'} when it was: a tag may have been moved)`;
}

function ziphashFaults(facts: ModuleFacts, truth: Truth): Fault[] {
  const { ziphash, zip, folder, path } = facts;
  const hasContent = zip.state === 'hashed' || zip.state === 'damaged' || folder.state === 'hashed';
  switch (ziphash.state) {
    case 'absent': {
      // The module of certified cryptography comes from GOROOT, without a zip's hash. `cmd/go/internal/modfetch: DownloadDir`
      if (!hasContent || path === 'golang.org/fips140') return [];
      const again = zip.state === 'absent' ? 'downloads the module again' : 'hashes the zip again';
      const detail = `.ziphash is missing: the next build ${again} and extracts it`;
      return [{ code: 'ziphash-missing', expected: truth.sum, actual: undefined, detail, files: [] }];
    }
    case 'malformed': {
      const detail = `.ziphash holds no sum but ${ziphash.text}, as after a crash`;
      return [{ code: 'ziphash-mismatch', expected: truth.sum, actual: undefined, detail, files: [] }];
    }
    case 'sum': {
      const expected = truth.sum;
      const isZipWrong = zip.state === 'hashed' && zip.h1 !== truth.sum && ziphash.h1 === truth.sum;
      if (zip.state === 'hashed' && zip.h1 === ziphash.h1) return [];
      if (isZipWrong) {
        // Told as a zip-mismatch where somebody outside of GOMODCACHE knows better.
        if (truth.witnesses.some(({ name }) => isOutside(name))) return [];
        const others = agreeing(truth, truth.sum);
        const detail = `.ziphash is not of this zip: ${others} ${isSeveral(others) ? 'agree' : 'is trusted more'}, so that the zip was changed`;
        return [{ code: 'ziphash-mismatch', expected: zip.h1, actual: ziphash.h1, detail, files: [] }];
      }
      if (expected === undefined || ziphash.h1 === expected) return [];
      const others = agreeing(truth, expected);
      const detail = `.ziphash was changed on this machine: ${others} ${agree(others)}`;
      return [{ code: 'ziphash-mismatch', expected, actual: ziphash.h1, detail, files: [] }];
    }
    case 'unreadable':
      return [];
  }
}

function goModFaults({ goMod }: ModuleFacts, truth: Truth, claims: Claims): Fault[] {
  const wrong = wrongLines(claims.goMod, truth, ' for go.mod', '');
  if (goMod.state !== 'hashed' || truth.sum === undefined || goMod.h1 === truth.sum) return wrong;
  const others = agreeing(truth, truth.sum);
  const detail = `the .mod file was changed on this machine: ${others} ${agree(others)}`;
  return [...wrong, { code: 'mod-mismatch', expected: truth.sum, actual: goMod.h1, detail, files: [] }];
}

function infoFaults({ info }: ModuleFacts): Fault[] {
  if (info.state !== 'malformed') return [];
  const detail = `the .info file cannot be used: ${info.why}; Go asks the proxy again without a word`;
  return [{ code: 'info-unreadable', expected: undefined, actual: undefined, detail, files: [] }];
}

function unreadable({ zip, ziphash, folder, goMod, info }: ModuleFacts): string[] {
  const parts = {
    'the zip': zip,
    '.ziphash': ziphash,
    'the folder': folder,
    'the .mod file': goMod,
    'the .info file': info,
  };
  const files = folder.state === 'hashed' ? folder.odd : [];
  return [
    ...Object.entries(parts).flatMap(([name, part]) =>
      part.state === 'unreadable' ? [`${name} cannot be read: ${part.why}`] : [],
    ),
    ...files.flatMap((file) =>
      file.kind === 'unreadable' ? [`${file.name} cannot be read: ${file.why}`] : [],
    ),
  ];
}

function notesOf({ zip, folder, goMod }: ModuleFacts): string[] {
  return [
    ...(zip.state === 'absent' && folder.state === 'hashed'
      ? ['there is no zip: a changed file of the folder cannot be named']
      : []),
    ...(goMod.state === 'absent' && zip.state !== 'absent'
      ? ['there is no .mod file: Go downloads it again']
      : []),
  ];
}

function repairOf(code: FaultCode, name: string, truth: Truth): string[] {
  switch (code) {
    case 'zip-mismatch':
    case 'zip-unreadable':
    case 'ziphash-mismatch':
    case 'dir-modified':
    case 'dir-extra-file':
    case 'dir-missing-file':
    case 'mod-mismatch':
    case 'info-unreadable':
      return [`gocachetop redownload ${name}`];
    case 'ziphash-missing':
    case 'dir-missing':
    case 'partial':
      return [`go mod download ${name}`];
    case 'gosum-missing':
      return ['go mod tidy'];
    case 'gosum-mismatch':
      return !truth.isDecided ? [`gocachetop verify --network ${name}`] : ['git log -p -- go.sum'];
  }
}

function sentenceOf(faults: readonly Fault[], repair: readonly string[]): string {
  const [first, ...more] = faults;
  if (first === undefined) return '';
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `${first.detail}${others}${repair[0] === undefined ? '' : `; repair: ${repair[0]}`}`;
}
