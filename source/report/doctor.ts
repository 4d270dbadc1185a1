import { settingMeanings } from '../go/setting-meaning.ts';
import type { Setting } from '../go/settings.ts';
import type { DoctorFacts } from '../operations/doctor/facts.ts';
import type { Finding, Fix } from '../operations/doctor/finding.ts';
import { looksOf } from '../operations/doctor/looks.ts';
import type { NoGo } from '../operations/doctor/probe.ts';
import { isError } from '../operations/finding.ts';
import { formatBytes, formatCountOf } from '../store/format.ts';

/** DoctorView is what was looked at, and what is wrong. */
export type DoctorView = { readonly facts: DoctorFacts | NoGo; readonly findings: readonly Finding[] };

/** doctorJson is the object of `doctor --json`, `gocachetop.doctor/1`. */
export function doctorJson({ facts, findings }: DoctorView): Readonly<Record<string, unknown>> {
  const hasGo = !('failure' in facts);
  return {
    schema: 'gocachetop.doctor/1',
    settings: hasGo ? [...facts.settings.values()].map(settingJson) : [],
    findings: findings.map(({ fix, ...finding }) => ({ ...finding, fixable: fix !== undefined })),
    summary: count(findings),
    checked: hasGo ? looksOf(facts, String) : [],
  };
}

function settingJson({ name, value, origin, shadows, derivedFrom }: Setting) {
  const meaning = settingMeanings.get(name) ?? null;
  return { name, value, origin, shadows, derivedFrom: derivedFrom ?? null, meaning };
}

function count(findings: readonly Finding[]): { readonly errors: number; readonly warnings: number } {
  const errors = findings.filter(isError).length;
  return { errors, warnings: findings.length - errors };
}

/** doctorText is the same as text: the answer first, then what is wrong, what the user has set, and what was looked at. */
export function doctorText({ facts, findings }: DoctorView, isSi: boolean): string {
  const answer = answerLine(findings);
  if ('failure' in facts) return lines([answer, ...findings.flatMap(findingLines)]);
  const size = (bytes: number | undefined): string => formatBytes(bytes, { si: isSi });
  const looks = looksOf(facts, size);
  return lines([
    `${facts.settings.get('GOVERSION')?.value ?? facts.toolchain.version} ${facts.env.goos}/${facts.env.goarch}   ${answer}`,
    ...findings.flatMap(findingLines),
    '',
    ...setByYou([...facts.settings.values()]),
    'looked at',
    ...looks.map(({ topic, what }) => `  ${topic.padEnd(topicWidth)}${what}`),
  ]);
}

const topicWidth = 14;

function answerLine(findings: readonly Finding[]): string {
  const { errors, warnings } = count(findings);
  if (findings.length === 0) return 'nothing is wrong';
  return [
    ...(errors === 0 ? [] : [formatCountOf(errors, 'error')]),
    ...(warnings === 0 ? [] : [formatCountOf(warnings, 'warning')]),
  ].join(', ');
}

function findingLines({ code, severity, about, what, why, repair, fix }: Finding): readonly string[] {
  const [first, ...others] = repair;
  return [
    '',
    `${severity === 'error' ? 'x' : '!'} ${about}: ${what}`,
    `    ${why}`,
    ...(first === undefined ? [] : [`    repair: ${first}`]),
    ...others.map((each) => `        or: ${each}`),
    `    ${severity} ${code}${fix === undefined ? '' : `; gocachetop doctor --fix ${code} does it`}`,
  ];
}

/** setByYou are the settings that are not Go's own, each with where it comes from and what it hides. */
function setByYou(settings: readonly Setting[]): readonly string[] {
  const own = settings.filter(({ origin }) => origin !== 'default' && origin !== 'GOROOT');
  if (own.length === 0) return [];
  const width = Math.max(...own.map(({ name, value }) => name.length + value.length + 1));
  return [
    'set by you',
    ...own.map((setting) => {
      const { name, value, origin, shadows } = setting;
      const others = shadows.filter((each) => each.value !== value);
      const hidden = others.map((each) => `; hides ${each.value} (${each.origin})`).join('');
      const meaning = settingMeanings.get(name);
      return `  ${`${name}=${value}`.padEnd(Math.min(width, widestSetting))}  ${origin}${hidden}${meaning === undefined ? '' : `: ${meaning}`}`;
    }),
    '',
  ];
}

// A longer one pushes the words of its own line alone.
const widestSetting = 48;

/** fixPlanText says what a fix will do, before it is asked for. */
export function fixPlanText({ about, what, why }: Finding, { command, undo, before }: Fix): string {
  return lines([
    `${about}: ${what}`,
    `  ${why}`,
    `  it runs: ${command}`,
    ...(before === undefined ? [] : [`  before:  ${before}`]),
    `  undo:    ${undo ?? 'nothing to undo'}`,
  ]);
}

/** fixedText says whether the finding is gone, and what is left. */
export function fixedText({ command, undo }: Fix, isGone: boolean, left: readonly Finding[]): string {
  const rest =
    left.length === 0 ? 'nothing else is wrong' : `left: ${left.map(({ code }) => code).join(', ')}`;
  return lines([
    isGone
      ? `done: ${command}   undo: ${undo ?? 'nothing to undo'}`
      : `done: ${command}, and the finding is still there`,
    rest,
  ]);
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
