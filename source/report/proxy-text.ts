import type { Setting } from '../go/settings.ts';
import { adviseRoute } from '../operations/route/advice.ts';
import type { HopProbe, SumdbProbe } from '../operations/route/probe.ts';
import type { Route, RouteStep } from '../operations/route/route.ts';
import { formatProblem } from '../platform/problem.ts';
import type { Fault, ServerCertificate } from '../proxy/ask/answer.ts';
import type { Interception } from '../proxy/fault/interception.ts';
import type { PlannedHop } from '../proxy/route/plan.ts';
import type { ModuleWay } from '../proxy/route/what-if.ts';
import { cleanText } from '../store/cells.ts';
import { formatCountOf, formatDuration } from '../store/format.ts';
import type { ProxyView, WhatIf } from './proxy.ts';

/** proxyText says first where the module would come from, then how, then what is set. */
export function proxyText(view: ProxyView): string {
  const { route, whatIf, chainProblem, isAsked } = view;
  return lines([
    ...(route === undefined ? [] : [...routeLines(route, isAsked), '']),
    ...(whatIf === undefined ? [] : [...whatIfLines(whatIf), '']),
    ...(chainProblem === undefined ? [] : [`GOPROXY cannot be read: ${chainProblem}`, '']),
    ...(isAsked ? [...chainLines(view), '', ...sumdbLines(view.probe.sumdb, view.sumdbRisk), ''] : []),
    ...settingLines(view.settings),
    ...view.problems.map((problem) => `! ${formatProblem(problem)}`),
  ]);
}

function routeLines(route: Route, isAsked: boolean): readonly string[] {
  const { plan } = route;
  const { module, query } = plan.question;
  const name = `${module}@${route.version ?? query}`;
  return [
    ...(isAsked ? [`${name}: ${endWords(route)}`] : [`${name}: nobody was asked; this is what go would do`]),
    `  ${privateWords(route)}`,
    ...plan.leaks.map(({ to, why }) => `  ! leak: ${why}, and go would ask ${to} for it`),
    ...(isAsked ? stepLines(route) : plan.hops.flatMap(plannedLines)),
    `  checksum database: ${checksumWords(route, isAsked)}`,
    ...plan.notes.map((note) => `  ! ${note}`),
    ...adviceLines(route, isAsked),
  ];
}

function endWords({ end, plan }: Route): string {
  switch (end?.type) {
    case undefined:
      return 'not known yet';
    case 'served':
      return end.isAssumed ? `go would get it from ${originWords(plan.hops)}` : `served by ${end.servedBy}`;
    case 'origin':
      return `go would get it from ${originWords(plan.hops)}; which version that is, only that says`;
    case 'failed':
      return `go fails: ${oneLine(end.goSays)}`;
    case 'not-sent':
      return `not asked for: ${end.leak.why}, and ${end.leak.to} is outside (--send-private asks all the same)`;
  }
}

function originWords(hops: readonly PlannedHop[]): string {
  const origin = hops.find(({ isAsked, origin: found }) => isAsked && found !== undefined)?.origin;
  if (origin === undefined || origin.how === 'go-get' || origin.how === 'refused')
    return 'its origin (direct)';
  return `its origin (direct): ${origin.repository.vcs} ${origin.repository.url}`;
}

function privateWords({ plan: { match } }: Route): string {
  const { GONOPROXY, GONOSUMDB, isPrivate } = match;
  if (isPrivate) return `private: GONOPROXY ${GONOPROXY} and GONOSUMDB ${GONOSUMDB} match`;
  if (GONOPROXY !== null) return `no proxy is asked: GONOPROXY ${GONOPROXY} matches`;
  if (GONOSUMDB !== null) return `not checked: GONOSUMDB ${GONOSUMDB} matches`;
  return 'not private: no pattern matches';
}

/** checksumWords says what became of the checksum database, or what would. */
function checksumWords({ plan, steps, end }: Route, isAsked: boolean): string {
  const lookup = steps.find(({ purpose }) => purpose === 'lookup');
  if (lookup !== undefined) return `asked at ${lookup.entry}`;
  const isSkipped = isAsked && end?.type === 'served' && plan.sumdb.use.isChecked;
  return isSkipped ? 'not asked: go.sum has the sums' : plan.sumdb.rule;
}

function stepLines({ steps }: Route): readonly string[] {
  return steps.flatMap((step, at) => {
    const took = step.durationMs === undefined ? '' : ` (${formatDuration(step.durationMs)})`;
    return [
      ...(steps[at - 1]?.entry === step.entry ? [] : [`  ${step.entry}`]),
      `    ${requestWords(step)}   ${step.result}${took}${step.next === '' ? '' : `; ${step.next}`}`,
      ...(step.fault === undefined ? [] : faultLines(step.fault, step.result).map((line) => `      ${line}`)),
    ];
  });
}

/** requestWords is the part of a request that its hop does not say. */
function requestWords({ request, entry, purpose }: RouteStep): string {
  if (purpose === 'off') return 'off';
  const base = entry.replace(/[?#].*$/, '').replace(/\/$/, '');
  return request.startsWith(`${base}/`) ? request.slice(base.length) : request;
}

function plannedLines({ shown, first, rule, origin }: PlannedHop): readonly string[] {
  const govcs = origin?.how === 'known-host' || origin?.how === 'suffix' ? origin.repository : undefined;
  return [
    `  ${shown}   ${rule}`,
    ...(first === undefined ? [] : [`    asks first for ${first}`]),
    ...(govcs === undefined
      ? []
      : [
          `    ${govcs.vcs} ${govcs.url}: ${govcs.govcs.isAllowed ? `allowed by GOVCS ${govcs.govcs.rule}` : govcs.govcs.why}`,
        ]),
    ...(origin?.how === 'refused' ? [`    ${origin.why}`] : []),
  ];
}

function chainLines({ probe, route }: ProxyView): readonly string[] {
  const rows = probe.hops.map((hop, at) => ({ hop, rule: ruleWords(hop, probe.hops[at + 1]) }));
  const width = Math.max(0, ...rows.map(({ hop }) => hop.hop.shown.length));
  return [
    route === undefined ? 'hops of GOPROXY, each asked once, for no module:' : 'hops of GOPROXY:',
    ...rows.flatMap(({ hop, rule }, at) => [
      `  ${at + 1} ${hop.hop.shown.padEnd(width)}   ${answerWords(hop)}${rule === '' ? '' : `; ${rule}`}`,
      ...(hop.fault === undefined ? [] : faultLines(hop.fault, '').map((line) => `      ${line}`)),
      ...(hop.fault?.code.startsWith('tls-') === true
        ? (hop.certificates ?? []).map((certificate) => `      ${certificateWords(certificate)}`)
        : []),
    ]),
    ...(probe.interception === undefined ? [] : [interceptionWords(probe.interception)]),
  ];
}

/** certificateWords is one certificate of a chain, the leaf first. */
function certificateWords(certificate: ServerCertificate): string {
  const { place, subject, issuer, notBefore, notAfter, key, sha256, caIssuers } = certificate;
  const day = (date: Date | undefined) => date?.toISOString().slice(0, 10) ?? '?';
  if (place === 'missing')
    return `missing: ${subject}${caIssuers === undefined ? '' : `, which lies at ${caIssuers}`}`;
  return cleanText(
    `${place}: ${subject}, by ${issuer}, ${day(notBefore)} to ${day(notAfter)}, ${key}, SHA-256 ${sha256}`,
  );
}

function interceptionWords({ issuer, hosts, isTrusted }: Interception): string {
  const trust = isTrusted ? 'it is trusted here' : 'it is not trusted here';
  return `  ! somebody in between answers for ${hosts.join(', ')}: all their certificates are by ${issuer}, ${trust}`;
}

function ruleWords({ hop }: HopProbe, next: HopProbe | undefined): string {
  if (!hop.reached) return 'it stands behind direct or off';
  if (next === undefined || hop.fallThrough === null) return '';
  return hop.fallThrough === 'any-error'
    ? 'any failure goes on to the next'
    : '404 and 410 go on to the next, any other failure stops';
}

function answerWords({ isReachable, status, latencyMs, fault, hop }: HopProbe): string {
  if (!hop.reached) return 'never asked';
  if (isReachable === undefined) return hop.kind === 'off' ? 'nothing is asked' : 'not asked';
  if (fault !== undefined) return `! ${fault.code}`;
  const time = latencyMs === undefined ? '' : ` in ${formatDuration(latencyMs)}`;
  if (hop.kind === 'file') return 'the folder is there';
  return status === 200 ? `answers${time}` : `answers${time}, passes on to no checksum database`;
}

function sumdbLines(probe: SumdbProbe, risk: string | undefined): readonly string[] {
  return [
    `checksum database: ${sumdbWords(probe)}`,
    ...(probe.fault === undefined ? [] : faultLines(probe.fault, '').map((line) => `  ${line}`)),
    ...(risk === undefined ? [] : [`  ! ${risk}`]),
  ];
}

function sumdbWords({ setting, mode, via, url, isReachable }: SumdbProbe): string {
  if (setting.kind === 'off') return 'off';
  if (setting.kind === 'invalid') return setting.fault;
  const key = setting.key === undefined ? 'key known to go' : 'key given';
  const answers = isReachable === undefined ? '' : isReachable ? ', it answers' : ', it does not answer';
  switch (mode) {
    case 'proxy':
      return `${setting.name} (${key}) through ${via}`;
    case 'direct':
    case 'url':
      return `${setting.name} (${key}) at ${url}${answers}`;
    default:
      return `${setting.name} (${key}): where go would ask it is not known${answers}`;
  }
}

/** faultLines tell a fault, Go's words and the way out; what was said already is left out. */
function faultLines({ detail, goSays, repair }: Fault, said: string): readonly string[] {
  return [
    ...(said.includes(detail) ? [] : [detail]),
    ...(goSays === undefined || detail.includes(goSays) ? [] : [`go says: ${oneLine(goSays)}`]),
    ...repair.map((step) => `repair: ${step}`),
  ];
}

/** adviceLines leave out what stands at its step already. */
function adviceLines(route: Route, isAsked: boolean): readonly string[] {
  const said = new Set(isAsked ? route.steps.flatMap(({ fault }) => fault?.repair ?? []) : []);
  return adviseRoute(route)
    .filter((command) => !said.has(command))
    .map((command) => `  repair: ${command}`);
}

function whatIfLines({ changes, rows }: WhatIf): readonly string[] {
  const changed = rows.filter(({ isChanged }) => isChanged);
  const shown = changed.map(({ module, version, before, after }) => [
    `${module}@${version}`,
    wayWords(before, after),
    wayWords(after, before),
  ]);
  const head = ['module', 'before', 'after'];
  const widths = [0, 1, 2].map((at) => Math.max(...[head, ...shown].map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('   ')}`.trimEnd();
  const values = Object.entries(changes).map(([name, value]) => `${name}=${value}`);
  return [
    `with ${values.join(' ')} ${changed.length === 0 ? 'nothing changes' : `${formatCountOf(changed.length, 'module')} of ${rows.length} would go another way`} (nobody was asked)`,
    ...(changed.length === 0 ? [] : [line(head), ...shown.map(line)]),
  ];
}

/** wayWords is a way in one cell; what is the same on both sides of the table is left out. */
function wayWords(way: ModuleWay, other: ModuleWay): string {
  if (way.problem !== undefined) return way.problem;
  return [
    way.hops.length === 0 ? 'off' : way.hops.join(', '),
    ...(way.isChecked === other.isChecked ? [] : [way.isChecked ? 'checked' : 'not checked']),
    ...(way.leaksTo.length === 0 ? [] : [`! leak to ${way.leaksTo.join(', ')}`]),
  ].join('; ');
}

function settingLines(settings: readonly Setting[]): readonly string[] {
  const width = Math.max(...settings.map(({ name }) => name.length));
  return settings.flatMap(({ name, value, origin, derivedFrom, shadows }) => {
    const from = derivedFrom === undefined ? origin : `from ${derivedFrom}`;
    return [
      `${name.padEnd(width)}  ${value === '' ? '(empty)' : value}   ${from}`,
      ...shadows.map((shadow) => `${''.padEnd(width)}  hides ${shadow.value}   ${shadow.origin}`),
    ];
  });
}

function oneLine(text: string): string {
  return cleanText(text.replace(/\s*\n\s*/g, ' '));
}

function lines(texts: readonly string[]): string {
  return `${texts.join('\n')}\n`;
}
