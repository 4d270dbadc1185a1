import type { CheckResult, Conformance, Unchecked } from '../operations/conformance/run.ts';
import { formatCount } from '../store/format.ts';

/** conformanceJson is the object of `proxy --conformance --json`, `gocachetop.conformance/1`. */
export function conformanceJson(found: Conformance): Readonly<Record<string, unknown>> {
  return {
    schema: 'gocachetop.conformance/1',
    url: found.url,
    module: found.module,
    capitalModule: found.capital ?? null,
    conforms: conforms(found),
    checks: found.checks.map(({ id, what, neededBy, outcome, detail, requests }) => ({
      id,
      what,
      neededBy,
      outcome,
      detail,
      requests,
    })),
    summary: {
      passed: count(found.checks, 'pass'),
      failedNeeded: count(needed(found.checks, 'go'), 'fail'),
      failedCustom: count(needed(found.checks, 'custom'), 'fail'),
      skipped: count(found.checks, 'skipped'),
    },
    problems: [],
  };
}

/** uncheckedJson is the same for a server that could not be asked. */
export function uncheckedJson(url: string, { why, fault }: Unchecked): Readonly<Record<string, unknown>> {
  return {
    schema: 'gocachetop.conformance/1',
    url,
    module: null,
    capitalModule: null,
    conforms: null,
    checks: [],
    summary: null,
    problems: [
      {
        why,
        fault:
          fault === undefined
            ? null
            : { code: fault.code, detail: fault.detail, goSays: fault.goSays ?? null, repair: fault.repair },
      },
    ],
  };
}

/** conforms says that nothing that go needs fails. */
export function conforms({ checks }: Conformance): boolean {
  return count(needed(checks, 'go'), 'fail') === 0;
}

/** conformanceText is the same as two tables: what go needs, and what is only custom. */
export function conformanceText(found: Conformance): string {
  const { url, module, checks } = found;
  const go = needed(checks, 'go');
  const custom = needed(checks, 'custom');
  const verdict = conforms(found) ? 'go can use it' : 'go cannot use it as it should';
  return `${[
    `${url} as GOPROXY, asked for ${module.path}@${module.version}`,
    `  ${verdict}: of what go needs ${counts(go)}; of what is only custom ${counts(custom)}`,
    '',
    'needed by go',
    ...go.flatMap(row),
    '',
    'only custom',
    ...custom.flatMap(row),
  ].join('\n')}\n`;
}

/** uncheckedText says why a server could not be asked, and what to do. */
export function uncheckedText(url: string, { why, fault }: Unchecked): string {
  return `${[
    `${url}: not checked: ${why}`,
    ...(fault?.goSays === undefined ? [] : [`  go says: ${fault.goSays}`]),
    ...(fault?.repair ?? []).map((step) => `  repair: ${step}`),
  ].join('\n')}\n`;
}

function counts(checks: readonly CheckResult[]): string {
  const skipped = count(checks, 'skipped');
  return [
    `${formatCount(count(checks, 'pass'))} fine`,
    `${formatCount(count(checks, 'fail'))} wrong`,
    ...(skipped === 0 ? [] : [`${formatCount(skipped)} not checked`]),
  ].join(', ');
}

const marks: Readonly<Record<CheckResult['outcome'], string>> = { pass: 'ok', fail: '! ', skipped: '- ' };

/** idCells fits the longest id. */
const idCells = 16;

function row({ id, what, outcome, detail }: CheckResult): readonly string[] {
  const head = `  ${marks[outcome]} ${id.padEnd(idCells)}`;
  if (outcome === 'pass') return [`${head}${detail}`];
  return [
    `${head}${what}`,
    `${' '.repeat(head.length)}${outcome === 'skipped' ? 'not checked: ' : ''}${detail}`,
  ];
}

function needed(checks: readonly CheckResult[], by: CheckResult['neededBy']): readonly CheckResult[] {
  return checks.filter(({ neededBy }) => neededBy === by);
}

function count(checks: readonly CheckResult[], outcome: CheckResult['outcome']): number {
  return checks.filter((each) => each.outcome === outcome).length;
}
