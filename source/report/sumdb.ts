import type { Tree } from '../checksums/database/tree.ts';
import { type Finding, isError } from '../operations/finding.ts';
import type { Head, Record as LookedUp, Relation } from '../operations/sumdb-check/examine.ts';
import type { SumdbCheck } from '../operations/sumdb-check/run.ts';
import { formatCount } from '../store/format.ts';

/** sumdbJson is the object of `proxy --sumdb --json`, `gocachetop.sumdb/1`. */
export function sumdbJson(found: SumdbCheck): Readonly<Record<string, unknown>> {
  const { gosumdb, name, access, steps, kept, keptFile, examination, module, notAsked, findings } = found;
  return {
    schema: 'gocachetop.sumdb/1',
    gosumdb,
    name: name ?? null,
    access: access === undefined ? null : accessJson(access),
    asked: steps,
    latest: examination === undefined ? null : headJson(examination.latest),
    kept: kept === undefined ? null : { file: keptFile, ...headJson(kept) },
    consistency: examination?.withKept === undefined ? null : relationJson(examination.withKept),
    lookup: module === undefined ? null : lookupJson(module, notAsked, examination?.record),
    findings,
    summary: {
      errors: findings.filter(isError).length,
      warnings: findings.filter(({ severity }) => severity === 'warning').length,
    },
  };
}

function accessJson(access: NonNullable<SumdbCheck['access']>): Readonly<Record<string, unknown>> {
  return access.kind === 'unavailable'
    ? { kind: access.kind, url: null, why: access.why }
    : { kind: access.kind, url: access.shown, why: null };
}

function headJson(head: Head): Readonly<Record<string, unknown>> {
  switch (head.state) {
    case 'read':
      return { signed: true, ...treeJson(head.tree), why: null };
    case 'not-signed':
      return { signed: false, size: null, hash: null, why: 'not signed with its key' };
    case 'missing':
      return { signed: null, size: null, hash: null, why: head.why };
  }
}

function treeJson({ size, hash }: Tree): Readonly<Record<string, unknown>> {
  return { size, hash: hash.toString('base64') };
}

function relationJson({ earlier, later, proof }: Relation): Readonly<Record<string, unknown>> {
  return { earlier: treeJson(earlier), later: treeJson(later), proof };
}

function lookupJson(
  name: NonNullable<SumdbCheck['module']>,
  notAsked: string | undefined,
  record: LookedUp | undefined,
): Readonly<Record<string, unknown>> {
  const about = { module: name.path, version: name.version, notAsked: notAsked ?? null };
  const nothing = { id: null, zip: null, goMod: null, proof: null, why: null };
  switch (record?.state) {
    case undefined:
      return { ...about, state: 'not-asked', ...nothing };
    case 'answered':
      return {
        ...about,
        state: record.state,
        id: record.id,
        zip: record.zip ?? null,
        goMod: record.goMod ?? null,
        proof: record.proof,
        why: null,
      };
    case 'not-known':
      return {
        ...about,
        state: record.state,
        ...nothing,
        why: `${record.status} ${record.serverSays}`.trim(),
      };
    case 'failed':
      return { ...about, state: record.state, ...nothing, why: record.why };
  }
}

/** sumdbText is the same as a page of text: what was proven first, then what is wrong. */
export function sumdbText(found: SumdbCheck): string {
  const { gosumdb, access, steps, kept, examination, module, notAsked, findings } = found;
  return `${[
    `GOSUMDB=${gosumdb}`,
    ...steps.map(({ entry, outcome, detail }) => `  ${entry}: ${stepWords[outcome]} (${detail})`),
    ...(access === undefined || access.kind === 'unavailable'
      ? []
      : [`  asked at ${access.shown}${accessWords[access.kind]}`]),
    ...(examination === undefined ? [] : [`  latest tree head: ${headWords(examination.latest)}`]),
    ...(found.name === undefined
      ? []
      : [`  kept by go: ${kept === undefined ? 'none yet' : headWords(kept)}`]),
    ...(examination?.withKept === undefined
      ? []
      : [`  of one log: ${proofWords[examination.withKept.proof]}`]),
    ...(module === undefined
      ? ['  no module was looked up: name one, as MODULE@VERSION']
      : lookupLines(`${module.path}@${module.version}`, notAsked, examination?.record)),
    ...findings.flatMap(findingLines),
  ].join('\n')}\n`;
}

const stepWords: Readonly<Record<SumdbCheck['steps'][number]['outcome'], string>> = {
  supported: 'mirrors it',
  'not-found': 'does not mirror it',
  error: 'gives no answer that go takes',
};

const accessWords: Readonly<Record<'mirrored' | 'direct' | 'given', string>> = {
  mirrored: ', through that proxy and never past it',
  direct: ', the database itself',
  given: ', as GOSUMDB says',
};

function headWords(head: Head): string {
  switch (head.state) {
    case 'read':
      return `${formatCount(head.tree.size)} records, the signature holds`;
    case 'not-signed':
      return 'the signature does NOT hold';
    case 'missing':
      return head.why;
  }
}

const proofWords: Readonly<Record<Relation['proof'], string>> = {
  proven: 'proven by tiles',
  fork: 'NO: a fork',
  false: 'not proven: the tiles do not belong to the signed head',
  'tiles-missing': 'not proven: tiles are missing',
};

function lookupLines(
  name: string,
  notAsked: string | undefined,
  record: LookedUp | undefined,
): readonly string[] {
  if (record === undefined) return [`  ${name}: not asked${notAsked === undefined ? '' : `: ${notAsked}`}`];
  switch (record.state) {
    case 'answered':
      return [
        `  ${name}: record ${formatCount(record.id)}, ${recordProof[record.proof]}`,
        ...(record.zip === undefined ? [] : [`    zip    ${record.zip}`]),
        ...(record.goMod === undefined ? [] : [`    go.mod ${record.goMod}`]),
      ];
    case 'not-known':
      return [`  ${name}: not known (${record.status})`];
    case 'failed':
      return [`  ${name}: ${record.why}`];
  }
}

const recordProof: Readonly<Record<'proven' | 'false' | 'tiles-missing', string>> = {
  proven: 'proven to be in the signed tree',
  false: 'NOT in the signed tree',
  'tiles-missing': 'not proven: tiles are missing',
};

function findingLines({ severity, about, what, why, repair }: Finding): readonly string[] {
  return [
    '',
    `${severity === 'error' ? '!' : '?'} ${about}: ${what}`,
    `    ${why}`,
    ...repair.map((step) => `    repair: ${step}`),
  ];
}
