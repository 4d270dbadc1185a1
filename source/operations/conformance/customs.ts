import { toolchainModule } from '../../module-cache/paths.ts';
import { parseModFile } from '../../module-graph/mod-file.ts';
import type { Answer } from '../../proxy/ask/answer.ts';
import { isNotFound, outcomeOf } from '../sumdb-check/get.ts';
import { type Check, fail, type Judgement, pass, type Request, type Subject, skip } from './check.ts';
import { whole } from './files.ts';
import { fileOf, listOf } from './paths.ts';

/** customChecks are what good servers do and no go command needs: for caches, people and other tools between them. */
export const customChecks: readonly Check[] = [
  {
    id: 'head',
    what: 'HEAD of the .zip: 200 with the length of GET',
    neededBy: 'custom',
    requests: overHttp(({ module }) => [fileOf(module, 'zip'), { ...fileOf(module, 'zip'), method: 'HEAD' }]),
    judge: ([get, head]) => {
      if (get?.kind !== 'answered' || get.status !== 200) return skip('there is no .zip');
      if (head?.kind !== 'answered' || head.status !== 200)
        return fail(head === undefined ? 'not asked' : outcomeOf(head));
      const length = head.headers.get('content-length');
      if (length === undefined) return fail('200, without a Content-Length');
      if (!get.isCut && Number(length) !== get.body.length)
        return fail(`Content-Length ${length}, GET gives ${get.body.length} bytes`);
      return pass(`${length} bytes`);
    },
  },
  {
    id: 'range',
    what: 'Range of the .zip: 206 with those bytes',
    neededBy: 'custom',
    requests: overHttp(({ module }) => [
      fileOf(module, 'zip'),
      { ...fileOf(module, 'zip'), range: 'bytes=0-3' },
    ]),
    judge: ([get, part]) => {
      if (get?.kind !== 'answered' || get.status !== 200) return skip('there is no .zip');
      if (part?.kind !== 'answered' || part.status !== 206)
        return fail(part === undefined ? 'not asked' : `${outcomeOf(part)}: the whole zip again`);
      return part.body.equals(get.body.subarray(0, 4)) ? pass('206') : fail('206 with other bytes');
    },
  },
  {
    id: 'cache-files',
    what: '.info, .mod and .zip can be cached: Cache-Control max-age, ETag or Last-Modified',
    neededBy: 'custom',
    requests: overHttp(({ module }) => filesOf(module)),
    judge: (answers) => {
      const bare = answers.find((answer) => !canBeCached(answer));
      return bare === undefined ? pass(cachingOf(answers[0])) : fail(`${bare.shownUrl}: ${cachingOf(bare)}`);
    },
  },
  {
    id: 'cache-list',
    what: '@v/list is not cached for long: a new version would not be seen',
    neededBy: 'custom',
    requests: overHttp(({ module }) => [listOf(module.path)]),
    judge: ([answer]) => {
      const control = headerOf(answer, 'cache-control') ?? '';
      const age = Number(/(?:^|[\s,])(?:s-)?max-?age=(\d+)/i.exec(control)?.[1] ?? 0);
      if (/immutable/i.test(control) || age > mostListSeconds) return fail(`Cache-Control: ${control}`);
      return pass(control === '' ? 'no Cache-Control' : control);
    },
  },
  {
    id: 'types',
    what: 'content types: text/plain for list and .mod, application/json for .info, application/zip for .zip',
    neededBy: 'custom',
    requests: overHttp(({ module }) => [listOf(module.path), ...filesOf(module)]),
    judge: (answers) => {
      const wrong = answers.flatMap((answer, index) => {
        const type = headerOf(answer, 'content-type') ?? 'none';
        return types[index]?.test(type) === true ? [] : [`${endOf(answer.shownUrl)}: ${type}`];
      });
      return wrong.length === 0 ? pass('as they should be') : fail(wrong.join(', '));
    },
  },
  {
    id: 'redirects',
    what: 'files come from where they were asked for',
    neededBy: 'custom',
    requests: overHttp(({ module }) => [listOf(module.path), ...filesOf(module)]),
    judge: (answers) => {
      const moved = answers.find(
        (answer) => answer.kind === 'answered' && answer.shownFinalUrl !== answer.shownUrl,
      );
      if (moved?.kind !== 'answered') return pass('no redirect');
      return fail(
        `${endOf(moved.shownUrl)} comes from ${moved.shownFinalUrl}: go follows, with one request more`,
      );
    },
  },
  {
    id: 'toolchain',
    what: 'it has golang.org/toolchain: GOTOOLCHAIN can download through it',
    neededBy: 'custom',
    requests: ({ toolchain }) => [fileOf({ path: toolchainModule, version: toolchain }, 'mod')],
    judge: ([answer], { toolchain }) =>
      answer !== undefined && isNotFound(answer)
        ? fail(`${outcomeOf(answer)} for ${toolchain}: another entry of GOPROXY must have it`)
        : whole(answer, (body) =>
            parseModFile(body.toString('utf8')).module === toolchainModule
              ? pass(toolchain)
              : fail('what it sends is no go.mod of it'),
          ),
  },
];

/** filesOf are the three files of a version. */
function filesOf(module: Subject['module']): readonly Request[] {
  return [fileOf(module, 'info'), fileOf(module, 'mod'), fileOf(module, 'zip')];
}

/** mostListSeconds is a day: public proxies say a minute to half an hour. */
const mostListSeconds = 86_400;

const types: readonly RegExp[] = [
  /^text\/plain\b/i,
  /^application\/json\b/i,
  /^text\/plain\b/i,
  /^application\/(?:zip|octet-stream)\b/i,
];

function overHttp(
  requests: (subject: Subject) => readonly Request[],
): (subject: Subject) => readonly Request[] | string {
  return (subject) => (subject.isHttp ? requests(subject) : 'files have no headers');
}

function canBeCached(answer: Answer): boolean {
  const control = headerOf(answer, 'cache-control') ?? '';
  if (/no-store/i.test(control)) return false;
  return (
    /max-age=[1-9]/i.test(control) ||
    headerOf(answer, 'etag') !== undefined ||
    headerOf(answer, 'last-modified') !== undefined
  );
}

function cachingOf(answer: Answer | undefined): string {
  const told = ['cache-control', 'etag', 'last-modified'].flatMap((name) => {
    const value = headerOf(answer, name);
    return value === undefined ? [] : [`${name}: ${value}`];
  });
  return told.length === 0 ? 'no Cache-Control, no ETag, no Last-Modified' : told.join(', ');
}

function headerOf(answer: Answer | undefined, name: string): string | undefined {
  return answer?.kind === 'answered' ? answer.headers.get(name) : undefined;
}

function endOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

/** judgementOfSupport is what an answer to `sumdb/NAME/supported` means to go. */
export function judgementOfSupport(answer: Answer | undefined): Judgement {
  if (answer === undefined) return skip('not asked');
  if (answer.kind === 'answered' && answer.status === 200) return pass('200: it mirrors the database');
  if (isNotFound(answer))
    return pass(`${outcomeOf(answer)}: go asks the next entry, at last the database itself`);
  return fail(`${outcomeOf(answer)}: go takes the database for unavailable`);
}
