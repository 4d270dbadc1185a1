import { isH1 } from '../../checksums/h1.ts';
import { quote } from '../../go/shell-word.ts';
import type { NeededVersion } from '../offline/needs.ts';
import type { RecoveryFacts, SumFact } from './facts.ts';
import type { RecoveryState, Step } from './state.ts';

/** findSumStates finds the versions whose sums disagree, and says which of them is wrong where the database tells. */
export function findSumStates({ sums, settings }: RecoveryFacts): readonly RecoveryState[] {
  const isOff = settings.get('GOSUMDB')?.value === 'off';
  return sums.flatMap((fact) => judge(fact, isOff) ?? []);
}

function judge(fact: SumFact, isOff: boolean): RecoveryState | undefined {
  const { goSum, cached, database, module, file } = fact;
  const name = `${module.path}@${module.version}`;
  const wrongLines = goSum.filter(({ sum }) => database !== undefined && sum !== database.sum);
  if (database !== undefined && wrongLines.length > 0) {
    return {
      code: 'gosum-wrong',
      severity: 'error',
      about: name,
      what: `go.sum has a wrong sum of its ${file}`,
      why: `${said(database)} is ${database.sum}${cached === database.sum ? ', and the module in GOMODCACHE has it' : ''}; go.sum has ${wrongLines.map(({ sum }) => sum).join(', ')}. GOSUMDB=off does not help: go.sum is compared all the same`,
      steps: [
        ...wrongLines.map((line) => removeLine(fact, line)),
        ...(cached === undefined || cached === database.sum ? [] : [redownload(module)]),
        downloadAgain(module, isOff),
      ],
    };
  }
  const [line] = goSum;
  const right = database?.sum ?? line?.sum;
  if (cached === undefined || right === undefined || goSum.some(({ sum }) => sum === cached))
    return undefined;
  if (database === undefined && isH1(cached)) {
    return {
      code: 'sums-disagree',
      severity: 'error',
      about: name,
      what: `its ${file} in GOMODCACHE and go.sum disagree`,
      why: `GOMODCACHE has ${cached}, go.sum ${line?.sum}; nothing here tells which was changed`,
      steps: [askDatabase()],
    };
  }
  return {
    code: 'module-wrong',
    severity: 'error',
    about: name,
    what: `its ${file} in GOMODCACHE is not what it should be`,
    why: `GOMODCACHE has ${cached}; ${database === undefined ? 'go.sum' : said(database)} says ${right}`,
    steps: [redownload(module), downloadAgain(module, isOff)],
  };
}

function said({ isAsked }: NonNullable<SumFact['database']>): string {
  return isAsked ? 'what the checksum database says' : 'what go kept of the checksum database';
}

function removeLine({ module, file }: SumFact, place: SumFact['goSum'][number]): Step {
  const version = file === 'zip' ? module.version : `${module.version}/go.mod`;
  const text = `${module.path} ${version} ${place.sum}`;
  return {
    what: `take line ${place.line} out of ${place.file}`,
    why: 'go refuses the module as long as the line is there, whatever GOSUMDB says',
    command: `grep -vxF ${quote(text)} ${quote(place.file)} > go.sum.new && mv go.sum.new ${quote(place.file)}`,
    undo: `echo ${quote(text)} >> ${quote(place.file)}`,
    before: text,
    action: { type: 'remove lines', file: place.file, lines: [text] },
  };
}

function redownload(module: NeededVersion): Step {
  const name = `${module.path}@${module.version}`;
  return {
    what: `download ${name} again in the place of what is there`,
    why: 'go itself does not: it trusts an extracted module and its .ziphash',
    command: `gocachetop redownload ${quote(name)}`,
    undo: undefined,
    before: undefined,
    action: { type: 'redownload', module },
  };
}

/** downloadAgain lets go write the line that is missing now, held against the database. */
function downloadAgain({ path, version }: NeededVersion, isOff: boolean): Step {
  const name = `${path}@${version}`;
  return {
    what: `let go hold ${name} against the checksum database and add its lines to go.sum`,
    why: 'with GOSUMDB on go asks for what go.sum does not have; afterwards all sums are compared again',
    command: `${isOff ? 'GOSUMDB=sum.golang.org ' : ''}go mod download ${quote(name)}`,
    undo: undefined,
    before: undefined,
    action: {
      type: 'go',
      words: ['mod', 'download', name],
      ...(isOff ? { settings: { GOSUMDB: 'sum.golang.org' } } : {}),
    },
  };
}

function askDatabase(): Step {
  return {
    what: 'ask the checksum database which is right',
    why: 'it downloads the module to a temporary folder, where go holds it against the database alone',
    command: 'gocachetop recover --network',
    undo: undefined,
    before: undefined,
    action: { type: 'ask database' },
  };
}
