import type { Answer } from '../../proxy/ask/answer.ts';
import { isNotFound, outcomeOf } from '../sumdb-check/get.ts';
import { type Check, fail, type Judgement, pass } from './check.ts';
import { judgeInfo } from './files.ts';
import { fileOf, latestOf, listOf, plainInfo, unknownModule, unknownVersion } from './paths.ts';

/** absenceChecks are about what the proxy has not, and about names with capital letters. */
export const absenceChecks: readonly Check[] = [
  {
    id: 'unknown-module',
    what: 'a module that it has not: 404 or 410, so that go asks the next entry of GOPROXY',
    neededBy: 'go',
    requests: () => [
      listOf(unknownModule),
      latestOf(unknownModule),
      fileOf({ path: unknownModule, version: 'v1.0.0' }, 'info'),
      fileOf({ path: unknownModule, version: 'v1.0.0' }, 'mod'),
    ],
    judge: (answers) => judgeAbsence(answers),
  },
  {
    id: 'unknown-version',
    what: 'a version that it has not: 404 or 410 for .info, .mod and .zip',
    neededBy: 'go',
    requests: ({ module }) => {
      const missing = { path: module.path, version: unknownVersion(module) };
      return [fileOf(missing, 'info'), fileOf(missing, 'mod'), fileOf(missing, 'zip')];
    },
    judge: (answers) => judgeAbsence(answers),
  },
  {
    id: 'escaped',
    what: 'capital letters as ! and the small one: example.org/!quay/columns',
    neededBy: 'go',
    requests: ({ capital }) =>
      capital === undefined
        ? 'no module with a capital letter is known here that the proxy has: name one'
        : [fileOf(capital, 'info')],
    judge: ([answer], { capital }) => judgeInfo(answer, capital ?? { path: '', version: '' }),
  },
  {
    id: 'unescaped',
    what: 'the same path with plain capital letters: 404 or 410, or the same answer',
    neededBy: 'custom',
    requests: ({ capital }) =>
      capital === undefined
        ? 'no module with a capital letter is known here that the proxy has: name one'
        : [fileOf(capital, 'info'), plainInfo(capital)],
    judge: ([right, plain]) => {
      if (plain === undefined || isNotFound(plain)) return pass(plain === undefined ? '' : outcomeOf(plain));
      const isSame =
        right?.kind === 'answered' &&
        plain.kind === 'answered' &&
        plain.status === right.status &&
        plain.body.equals(right.body);
      return isSame ? pass('the same') : fail(`another answer: ${outcomeOf(plain)}`);
    },
  },
  {
    id: 'unknown-text',
    what: 'the body of a 404 or 410 is text/plain in UTF-8, at most 8 lines: go shows it',
    neededBy: 'custom',
    requests: ({ isHttp }) =>
      isHttp ? [fileOf({ path: unknownModule, version: 'v1.0.0' }, 'info')] : 'files have no headers',
    judge: ([answer]) => judgeText(answer),
  },
];

function judgeAbsence(answers: readonly Answer[]): Judgement {
  const wrong = answers.find((answer) => !isNotFound(answer));
  if (wrong === undefined) return pass([...new Set(answers.map(outcomeOf))].join(', '));
  return fail(`${wrong.shownUrl}: ${outcomeOf(wrong)}`);
}

/** judgeText: of what is not text/plain, go shows the status alone. `cmd/go/internal/web: get, formatErrorDetail, go1.26` */
function judgeText(answer: Answer | undefined): Judgement {
  if (answer?.kind !== 'answered') return fail(answer === undefined ? 'not asked' : outcomeOf(answer));
  const type = answer.headers.get('content-type') ?? '';
  if (!/^text\/plain\s*(?:;\s*charset="?(?:utf-8|us-ascii)"?\s*)?$/i.test(type))
    return fail(`its content type is ${type === '' ? 'missing' : type}: go shows the status alone`);
  const text = answer.body.toString('utf8');
  if (text.trim() === '') return fail('it is empty: go shows the status alone');
  if (text.split('\n').length > mostLines + 1) return fail(`it has more than ${mostLines} lines: go cuts it`);
  return pass('go shows it');
}

/** mostLines: `cmd/go/internal/web: maxErrorDetailLines, go1.26` */
const mostLines = 8;
