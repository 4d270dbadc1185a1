import type { Tree } from '../../checksums/database/tree.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { Finding } from '../finding.ts';
import type { Access } from './access.ts';
import type { Examination, Head, Record, Relation } from './examine.ts';
import { patternFor } from './private-name.ts';

/** Known are sums of the version that was looked up, as this machine has them, each with where it stands. */
export type Known = { readonly where: string; readonly what: 'zip' | 'go.mod'; readonly sum: string };

export type Judged = {
  readonly name: string;
  readonly access: Access;
  readonly examination: Examination | undefined;
  /** kept is the head of the file that go keeps; undefined where there is no such file. */
  readonly kept: Head | undefined;
  readonly keptFile: string;
  readonly known: readonly Known[];
  readonly goprivate: string;
};

/** judgeDatabase says what is wrong with what a checksum database answered; none: all of it is proven. */
export function judgeDatabase(judged: Judged): readonly Finding[] {
  const { name, access, examination, kept, keptFile } = judged;
  const findings: Finding[] = [];
  if (access.kind === 'unavailable') findings.push(unavailable(name, access.why));
  if (kept?.state === 'not-signed') findings.push(keptBroken(name, keptFile));
  if (examination === undefined || access.kind === 'unavailable') return findings;
  const { latest, withKept, withRecord, record } = examination;
  if (latest.state === 'not-signed') findings.push(forged(`${access.shown}/latest`, name));
  if (latest.state === 'missing') findings.push(unreachable(`${access.shown}/latest`, latest.why));
  for (const relation of [withKept, withRecord])
    if (relation !== undefined) findings.push(...judgeRelation(relation, access.shown));
  if (withKept?.proof === 'proven' && isBehind(withKept, latest))
    findings.push(behind(access.shown, withKept));
  if (record !== undefined) findings.push(...judgeRecord(record, judged));
  return findings;
}

function unavailable(name: string, why: string): Finding {
  return {
    code: 'sumdb-unavailable',
    severity: 'error',
    about: 'GOPROXY',
    what: `no proxy says whether it mirrors ${name}: ${why}`,
    why: 'go asks each proxy for sumdb/NAME/supported before the database itself; only 200, 404 and 410 are answers',
    repair: [
      `let the proxy answer 404 for sumdb/${name}/supported`,
      `go env -w GOSUMDB='${name} https://${name}'   # goes past the proxies`,
    ],
  };
}

function unreachable(about: string, why: string): Finding {
  return {
    code: 'sumdb-unreachable',
    severity: 'error',
    about,
    what: `there is no answer that go can use: ${why}`,
    why: 'a module that go.sum does not know cannot be checked, and go refuses it',
    repair: ['gocachetop doctor --network   # what is wrong with the way there'],
  };
}

function forged(about: string, name: string): Finding {
  return {
    code: 'sumdb-bad-signature',
    severity: 'error',
    about,
    what: `the tree head is not signed with the key of ${name}`,
    why: 'who answers there is not that database, or something on the way changes it; go stops with "unverifiable note"',
    repair: [
      `do not build with what came from there; ask the database itself: GOSUMDB='${name} https://${name}'`,
    ],
  };
}

function keptBroken(name: string, file: string): Finding {
  return {
    code: 'sumdb-kept-not-signed',
    severity: 'error',
    about: file,
    what: `what go keeps as the newest tree head is not signed with the key of ${name}`,
    why: 'go reads it before each lookup and stops there',
    repair: [`rm ${file}   # go then begins anew: what the database said before counts no longer`],
  };
}

function judgeRelation({ earlier, later, proof }: Relation, about: string): readonly Finding[] {
  const between = `${shown(earlier)} and ${shown(later)}`;
  switch (proof) {
    case 'proven':
      return [];
    case 'fork':
      return [
        {
          code: 'sumdb-fork',
          severity: 'error',
          about,
          what: `a fork: ${between} are signed with the same key and cannot be of one log`,
          why: 'the database showed different histories to different users, or lost one: nothing it says can be trusted; go stops with "SECURITY ERROR go.sum database server misbehavior detected!"',
          repair: ['do not build; keep both tree heads and tell who runs the database'],
        },
      ];
    case 'false':
    case 'tiles-missing':
      return [
        {
          code: 'sumdb-unproven',
          severity: 'error',
          about,
          what: `nothing proves that ${between} are of one log: ${proof === 'false' ? 'the tiles do not belong to the signed head' : 'tiles are missing'}`,
          why: 'go refuses what it cannot prove',
          repair: [
            'try again; a mirror that keeps tiles for too short a time, or changes them, must be repaired',
          ],
        },
      ];
  }
}

function isBehind({ later }: Relation, latest: Head): boolean {
  return latest.state === 'read' && latest.tree.size < later.size;
}

function behind(about: string, { earlier, later }: Relation): Finding {
  return {
    code: 'sumdb-behind',
    severity: 'warning',
    about,
    what: `it is ${later.size - earlier.size} records behind what go has seen: ${earlier.size} of ${later.size}`,
    why: 'an older state of the same log, proven: a mirror that lags, or a database that was set back; go accepts it, new versions are missing',
    repair: ['wait, or repair the mirror'],
  };
}

function judgeRecord(record: Record, { name, known, goprivate, access }: Judged): readonly Finding[] {
  const version = shownName(record.name);
  switch (record.state) {
    case 'failed':
      return [unreachable(record.shownUrl, record.why)];
    case 'not-known':
      return [notKnown(record, name, goprivate)];
    case 'answered': {
      const findings: Finding[] = [];
      if (record.head.state === 'not-signed') findings.push(forged(record.shownUrl, name));
      else if (record.proof !== 'proven')
        findings.push({
          code: record.proof === 'false' ? 'sumdb-record-false' : 'sumdb-unproven',
          severity: 'error',
          about: record.shownUrl,
          what:
            record.proof === 'false'
              ? `the record of ${version} is not the one in the signed tree`
              : `nothing proves that the record of ${version} is in the signed tree: tiles are missing`,
          why: 'go stops with "cannot authenticate record data in server response", or for want of the tiles',
          repair: [`ask the database itself: GOSUMDB='${name} https://${name}'`],
        });
      if (record.zip === undefined && record.goMod === undefined)
        findings.push({
          code: 'sumdb-record-empty',
          severity: 'error',
          about: record.shownUrl,
          what: `the record has no sum of ${version}`,
          why: 'it is about something else',
          repair: ['tell who runs the mirror'],
        });
      if (findings.length > 0) return findings;
      return known.flatMap(({ where, what, sum }): Finding[] => {
        const right = what === 'zip' ? record.zip : record.goMod;
        if (right === undefined || right === sum) return [];
        return [
          {
            code: 'sum-differs',
            severity: 'error',
            about: where,
            what: `${version}: the ${what} has ${sum} there, the checksum database has ${right}`,
            why: `${access.kind === 'mirrored' ? 'the proxy cannot have made that up: the answer is proven by the signature of the database' : 'the answer is proven'}; what this machine has is another module`,
            repair: [`gocachetop recover ${version}`],
          },
        ];
      });
    }
  }
}

/** notKnown: the database fetches what it does not know from the public module proxy; what that cannot see it never will. */
function notKnown(
  { name: module, shownUrl, status, serverSays }: Extract<Record, { state: 'not-known' }>,
  name: string,
  goprivate: string,
): Finding {
  const pattern = patternFor(module.path);
  const list = goprivate === '' ? pattern : `${goprivate},${pattern}`;
  return {
    code: `sumdb-${status}`,
    severity: 'error',
    about: shownUrl,
    what: `${name} does not know ${shownName(module)}: ${status}${serverSays === '' ? '' : `, ${serverSays}`}`,
    why: 'it knows public modules alone; of a private one it has now heard the name, and go refuses the download',
    repair: [
      `go env -w GOPRIVATE=${list}   # private: no proxy and no checksum database is asked`,
      `go env -w GONOSUMDB=${list}   # private, but served by a proxy of yours`,
      'of a public module: check path and version, or wait until the database has fetched it',
    ],
  };
}

function shownName({ path, version }: ModuleName): string {
  return `${path}@${version}`;
}

function shown({ size, hash }: Tree): string {
  return `tree ${size} (${hash.toString('base64')})`;
}
