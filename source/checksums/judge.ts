import type { ModuleFacts } from './facts.ts';
import { folderFaults } from './judge-folder.ts';
import { agreeing, findTruth, type Truth } from './truth.ts';
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
    ...goModFaults(facts, claims),
    ...ziphashFaults(facts, truth),
    ...infoFaults(facts),
  ].sort((one, other) => severity.indexOf(one.code) - severity.indexOf(other.code));
  const isBusy = found.length > 0 && claims.busy !== undefined;
  const faults = isBusy ? [] : found;
  const unread = unreadable(facts);
  const isChecked = truth.witnesses.length > 1 || goModTruths(facts, claims).length > 0;
  const isWhole = !isBusy && unread.length === 0 && isChecked;
  const repair = [...new Set(faults.flatMap(({ code }) => repairOf(code, `${path}@${version}`, truth)))];
  return {
    path,
    version,
    verdict: faults.length > 0 ? 'faulty' : isWhole ? 'ok' : 'not-checked',
    sentence: sentenceOf(faults, repair),
    faults,
    unread,
    notes: [
      ...(isBusy ? [`${claims.busy}: look again when it is done`] : []),
      ...(isChecked || isBusy ? [] : ['there is nothing to compare it with']),
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
  if (claims.zip.length === 0 && claims.database === undefined) return [];
  const others = agreeing(truth, truth.sum);
  const isRecorded = claims.zip.some(({ sum }) => sum === zip.h1);
  const detail = isRecorded
    ? `the zip differs from ${others} although go.sum agrees with it: someone recorded a wrong sum; do not build`
    : `the zip is not the one that ${others} ${verb(others, 'knows', 'know')}: it was changed on this machine, or another one was downloaded`;
  return [{ code: 'zip-mismatch', expected: truth.sum, actual: zip.h1, detail, files: [] }];
}

function goSumFaults(facts: ModuleFacts, truth: Truth, claims: Claims): Fault[] {
  const missing: Fault[] =
    claims.missing === undefined
      ? []
      : [
          {
            code: 'gosum-missing',
            expected: truth.sum,
            actual: undefined,
            detail: claims.missing,
            files: [],
          },
        ];
  const downloaded = majorityHere(facts);
  const right = truth.sum ?? downloaded;
  if (right === undefined) return missing;
  const wrong = claims.zip.filter(({ sum }) => sum !== right);
  const others = agreeing(truth, right, 'go.sum');
  const why =
    truth.sum === undefined
      ? `says otherwise than ${others}: ${verb(others, 'that', 'those')} may have been changed as well as go.sum; do not build before the checksum database has decided`
      : `is wrong: ${others} ${verb(others, 'says', 'agree')}`;
  return [...missing, ...wrong.map((claim) => goSumFault(claim, right, why))];
}

function goSumFault({ where, sum }: Claim, expected: string, why: string): Fault {
  return {
    code: 'gosum-mismatch',
    expected,
    actual: sum,
    detail: `the line of go.sum ${why}`,
    files: [where],
  };
}

/** majorityHere is what GOMODCACHE agrees on, where nothing decides. */
function majorityHere({ ziphash, zip, folder }: ModuleFacts): string | undefined {
  if (ziphash.state === 'sum') return ziphash.h1;
  if (zip.state === 'hashed') return zip.h1;
  return folder.state === 'hashed' ? folder.h1 : undefined;
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
      const expected = truth.sum ?? (zip.state === 'hashed' ? zip.h1 : undefined);
      const isZipWrong = zip.state === 'hashed' && zip.h1 !== truth.sum && ziphash.h1 === truth.sum;
      if (zip.state === 'hashed' && zip.h1 === ziphash.h1) return [];
      if (isZipWrong) {
        // Told as a zip-mismatch where somebody outside of GOMODCACHE knows better.
        if (truth.witnesses.some(({ name }) => name === 'go.sum' || name.includes('database'))) return [];
        const detail = `.ziphash is not of this zip: ${agreeing(truth, truth.sum)} ${verb(agreeing(truth, truth.sum), 'is trusted more', 'agree')}, so that the zip was changed`;
        return [{ code: 'ziphash-mismatch', expected: zip.h1, actual: ziphash.h1, detail, files: [] }];
      }
      if (expected === undefined || ziphash.h1 === expected) return [];
      const others = agreeing(truth, expected);
      const detail = `.ziphash was changed on this machine: ${others} ${verb(others, 'says otherwise', 'agree')}`;
      return [{ code: 'ziphash-mismatch', expected, actual: ziphash.h1, detail, files: [] }];
    }
    case 'unreadable':
      return [];
  }
}

/** goModTruths are what the `.mod` file is compared with, the most trusted first. */
function goModTruths({ goMod, goModInZip }: ModuleFacts, claims: Claims): { name: string; sum: string }[] {
  if (goMod.state !== 'hashed') return [];
  const { database } = claims;
  return [
    ...(database?.goMod === undefined ? [] : [{ name: 'the checksum database', sum: database.goMod }]),
    ...claims.goMod.map(({ sum }) => ({ name: 'go.sum', sum })),
    ...(goModInZip === undefined ? [] : [{ name: 'the zip', sum: goModInZip }]),
  ];
}

function goModFaults(facts: ModuleFacts, claims: Claims): Fault[] {
  const { goMod } = facts;
  if (goMod.state !== 'hashed') return [];
  const truths = goModTruths(facts, claims);
  const isProven = claims.database?.standing === 'proven' && claims.database.goMod !== undefined;
  const wrongLines = claims.goMod.filter(({ sum }) => sum !== goMod.h1);
  const isBacked = truths.some(({ name, sum }) => name !== 'go.sum' && sum === goMod.h1);
  // The zip holds the same go.mod, or the database knows it: then the line is wrong.
  if (isBacked && (!isProven || truths[0]?.sum === goMod.h1)) {
    const others = truths.find(({ name, sum }) => name !== 'go.sum' && sum === goMod.h1)?.name ?? '';
    return wrongLines.map((claim) =>
      goSumFault(claim, goMod.h1, `for go.mod is wrong: the .mod file and ${others} agree`),
    );
  }
  const expected = truths[0];
  if (expected === undefined || expected.sum === goMod.h1) return [];
  const names = [...new Set(truths.filter(({ sum }) => sum === expected.sum).map(({ name }) => name))];
  const detail = `the .mod file was changed on this machine: ${names.join(' and ')} ${names.length > 1 ? 'agree' : 'says otherwise'}`;
  return [{ code: 'mod-mismatch', expected: expected.sum, actual: goMod.h1, detail, files: ['go.mod'] }];
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
      return truth.sum === undefined ? [`gocachetop verify --network ${name}`] : ['git log -p -- go.sum'];
  }
}

function sentenceOf(faults: readonly Fault[], repair: readonly string[]): string {
  const [first, ...more] = faults;
  if (first === undefined) return '';
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `${first.detail}${others}${repair[0] === undefined ? '' : `; repair: ${repair[0]}`}`;
}

function verb(names: string, one: string, several: string): string {
  return / and /.test(names) ? several : one;
}
