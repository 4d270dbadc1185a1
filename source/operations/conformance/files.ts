import { hashGoMod } from '../../checksums/h1.ts';
import { hashZip, readZipFile } from '../../checksums/hash-zip.ts';
import { isPseudoVersion, isSemver } from '../../go/semver.ts';
import { type ModuleName, parseModFile } from '../../module-graph/mod-file.ts';
import type { Answer } from '../../proxy/ask/answer.ts';
import { bodyOf, isNotFound, outcomeOf } from '../sumdb-check/get.ts';
import { type Check, fail, type Judgement, pass, type Subject, skip } from './check.ts';
import { readInfo, startOf } from './info.ts';
import { fileOf, latestOf, listOf } from './paths.ts';

/** fileChecks are about the files of a version that the proxy has. */
export const fileChecks: readonly Check[] = [
  {
    id: 'list',
    what: '@v/list: 200, one version a line; it may be empty',
    neededBy: 'go',
    requests: ({ module }) => [listOf(module.path)],
    judge: ([answer]) =>
      whole(answer, (body) => {
        const lines = linesOf(body);
        const bad = lines.filter((line) => !isSemver(line.split(/\s+/)[0] ?? ''));
        if (lines.length > 0 && bad.length === lines.length)
          return fail(`no line is a version: ${startOf(bad[0] ?? '')}`);
        const odd = bad.length === 0 ? '' : `; ${countOf(bad.length, 'other line')}, which go passes over`;
        return pass(`${countOf(lines.length - bad.length, 'version')}${odd}`);
      }),
  },
  {
    id: 'list-complete',
    what: '@v/list names the version, unless it is a pseudo-version',
    neededBy: 'go',
    requests: ({ module }) =>
      isPseudoVersion(module.version) ? 'a pseudo-version stands in no list' : [listOf(module.path)],
    judge: ([answer], { module }) =>
      whole(answer, (body) =>
        linesOf(body).some((line) => line.split(/\s+/)[0] === module.version)
          ? pass(module.version)
          : fail(
              `${module.version} is not in it: go finds it under its full name alone, no go get -u and no @v1`,
            ),
      ),
  },
  {
    id: 'info',
    what: '.info: 200, JSON, Version is the one asked for, Time where there is one is RFC 3339',
    neededBy: 'go',
    requests: ({ module }) => [fileOf(module, 'info')],
    judge: ([answer], { module }) => judgeInfo(answer, module),
  },
  {
    id: 'info-time',
    what: '.info has a Time',
    neededBy: 'custom',
    requests: ({ module }) => [fileOf(module, 'info')],
    judge: ([answer]) =>
      whole(answer, (body) => {
        const info = readInfo(body);
        if (typeof info === 'string') return skip('.info is not read');
        return info.time === undefined
          ? fail('it has none: go list -m -u -json shows none')
          : pass(info.time);
      }),
  },
  {
    id: 'mod',
    what: '.mod: 200, a go.mod file of that module',
    neededBy: 'go',
    requests: ({ module }) => [fileOf(module, 'mod')],
    judge: ([answer], { module }) =>
      whole(answer, (body) => {
        const { module: path } = parseModFile(body.toString('utf8'));
        if (path === '') return fail(`it has no module line: ${startOf(body.toString('utf8'))}`);
        return path === module.path ? pass(hashGoMod(body)) : fail(`its module line says ${path}`);
      }),
  },
  {
    id: 'zip',
    what: '.zip: 200, a module zip: every name begins with MODULE@VERSION/',
    neededBy: 'go',
    requests: ({ module }) => [fileOf(module, 'zip')],
    judge: async ([answer], { module }) =>
      wholeZip(answer, async (body) => {
        const zip = await hashZip(body, `${module.path}@${module.version}/`);
        if ('fault' in zip) return fail(zip.fault);
        if (zip.files.size === 0) return fail('it is empty');
        return pass(`${countOf(zip.files.size, 'file')}, ${zip.h1}`);
      }),
  },
  {
    id: 'zip-mod',
    what: 'the go.mod in the .zip is the .mod, byte for byte',
    neededBy: 'custom',
    requests: ({ module }) => [fileOf(module, 'zip'), fileOf(module, 'mod')],
    judge: async ([zip, mod], { module }) =>
      wholeZip(zip, async (body) => {
        const inside = readZipFile(body, `${module.path}@${module.version}/go.mod`);
        const outside = mod === undefined ? undefined : bodyOf(mod);
        if (outside === undefined) return skip('there is no .mod');
        if (inside === undefined) return pass('the zip has none: an old module');
        return inside.equals(outside) ? pass('the same') : fail('they differ');
      }),
  },
  {
    id: 'sums',
    what: '.zip and .mod have the sums of go.sum and GOMODCACHE',
    neededBy: 'go',
    requests: ({ module, known }) =>
      known.length === 0
        ? `this machine knows no sum of ${module.path}@${module.version}`
        : [fileOf(module, 'zip'), fileOf(module, 'mod')],
    judge: ([zip, mod], subject) => judgeSums(zip, mod, subject),
  },
  {
    id: 'latest',
    what: '@latest: JSON as .info, or 404 or 410; go asks for it where the list has no version',
    neededBy: 'go',
    requests: ({ module }) => [latestOf(module.path)],
    judge: ([answer]) => {
      if (answer !== undefined && isNotFound(answer))
        return pass(`${outcomeOf(answer)}: go then takes the list`);
      return whole(answer, (body) => {
        const info = readInfo(body);
        return typeof info === 'string' ? fail(info) : pass(info.version);
      });
    },
  },
];

/** judgeInfo: an exact version must come back as it was asked for. `cmd/go/internal/modfetch: (*proxyRepo).Stat, go1.26` */
export function judgeInfo(answer: Answer | undefined, { version }: ModuleName): Judgement {
  return whole(answer, (body) => {
    const info = readInfo(body);
    if (typeof info === 'string') return fail(info);
    return info.version === version
      ? pass(info.version)
      : fail(`its Version is ${info.version}, not ${version}`);
  });
}

async function judgeSums(
  zip: Answer | undefined,
  mod: Answer | undefined,
  { module, known }: Subject,
): Promise<Judgement> {
  const goMod = mod === undefined ? undefined : bodyOf(mod);
  const found = {
    'go.mod': goMod === undefined ? undefined : hashGoMod(goMod),
    zip: await zipSum(zip, `${module.path}@${module.version}/`),
  };
  const compared = known.filter(({ what }) => found[what] !== undefined);
  const wrong = compared.find(({ what, sum }) => found[what] !== sum);
  if (wrong !== undefined)
    return fail(`the ${wrong.what} has ${found[wrong.what]}, ${wrong.where} has ${wrong.sum}`);
  if (compared.length === 0) return skip('neither was read');
  return pass([...new Set(compared.map(({ where }) => where))].join(', '));
}

async function zipSum(answer: Answer | undefined, prefix: string): Promise<string | undefined> {
  const body = answer === undefined ? undefined : bodyOf(answer);
  const zip = body === undefined ? undefined : await hashZip(body, prefix);
  return zip === undefined || 'fault' in zip ? undefined : zip.h1;
}

/** whole judges a body that came with status 200 and whole. */
export function whole(answer: Answer | undefined, judge: (body: Buffer) => Judgement): Judgement {
  if (answer === undefined) return skip('it was not asked');
  const body = bodyOf(answer);
  if (body !== undefined) return judge(body);
  return fail(
    answer.kind === 'answered' && answer.isCut ? 'it is larger than any such file' : outcomeOf(answer),
  );
}

async function wholeZip(
  answer: Answer | undefined,
  judge: (body: Buffer) => Promise<Judgement>,
): Promise<Judgement> {
  if (answer?.kind === 'answered' && answer.status === 200 && answer.isCut)
    return skip('it is too large to be read here: name a smaller module');
  const body = answer === undefined ? undefined : bodyOf(answer);
  return body === undefined ? whole(answer, () => skip('')) : judge(body);
}

function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function linesOf(body: Buffer): readonly string[] {
  return body
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
