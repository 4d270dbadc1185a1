import type { Setting } from '../go/settings.ts';
import { adviseRoute } from '../operations/route/advice.ts';
import type { ChainProbe, HopProbe, SumdbProbe } from '../operations/route/probe.ts';
import type { Route, RouteStep } from '../operations/route/route.ts';
import type { Problem } from '../platform/problem.ts';
import type { Fault, ServerCertificate } from '../proxy/ask/answer.ts';
import type { Origin } from '../proxy/route/origin.ts';
import type { ModuleWay, RouteChange } from '../proxy/route/what-if.ts';
import { problemJson } from './offline.ts';

/** ProxyView is the chain, and the way of one module through it. */
export type ProxyView = {
  /** goproxy is its value with passwords hidden. */
  readonly goproxy: string;
  readonly settings: readonly Setting[];
  /** chainProblem is Go's error about the list; with one every lookup fails. */
  readonly chainProblem: string | undefined;
  readonly probe: ChainProbe;
  readonly sumdbRisk: string | undefined;
  readonly route: Route | undefined;
  readonly whatIf: WhatIf | undefined;
  /** isAsked says whether anybody was asked: not with --plan and --what-if. */
  readonly isAsked: boolean;
  readonly problems: readonly Problem[];
};

/** WhatIf is what other settings would change. */
export type WhatIf = {
  readonly changes: Readonly<Record<string, string>>;
  readonly rows: readonly RouteChange[];
};

/** proxyJson is the object of `proxy --json`, `gocachetop.proxy/1`: what is not known or was not asked is null. */
export function proxyJson(view: ProxyView): Readonly<Record<string, unknown>> {
  const { route, probe } = view;
  return {
    schema: 'gocachetop.proxy/1',
    goproxy: view.goproxy,
    problem: view.chainProblem ?? null,
    settings: view.settings.map(({ name, value, origin, shadows }) => ({ name, value, origin, shadows })),
    chain: probe.hops.map((hop, index) => hopJson(hop, lastOf(route, index))),
    sumdb: sumdbJson(probe.sumdb, view.sumdbRisk),
    interception: probe.interception ?? null,
    route: route === undefined ? null : routeJson(route),
    whatIf: view.whatIf === undefined ? null : whatIfJson(view.whatIf),
    problems: view.problems.map(problemJson),
  };
}

/** isProxyFine says whether the module can be had, or without one, whether all hops that Go may ask answer as they should. */
export function isProxyFine({ route, probe, chainProblem, isAsked, problems }: ProxyView): boolean {
  if (chainProblem !== undefined || problems.length > 0) return false;
  if (route !== undefined && isAsked) return route.end?.type === 'served' || route.end?.type === 'origin';
  if (route !== undefined) return route.plan.leaks.length === 0 && route.plan.problem === undefined;
  return probe.hops.every(({ fault }) => fault === undefined) && probe.sumdb.fault === undefined;
}

/** lastOf is the last answer of a hop about the module: it says more than that to a request without one. */
function lastOf(route: Route | undefined, index: number): RouteStep | undefined {
  return route?.steps.findLast(
    ({ hop, purpose, outcome }) =>
      outcome !== 'not-asked' &&
      purpose !== 'supported' &&
      purpose !== 'vcs' &&
      hop !== undefined &&
      route.plan.hops[hop]?.index === index,
  );
}

function hopJson(probe: HopProbe, step: RouteStep | undefined): Readonly<Record<string, unknown>> {
  const { hop } = probe;
  const shown = {
    entry: hop.shown,
    kind: hop.kind,
    fallThrough: hop.fallThrough,
    reached: hop.reached,
    certificates: probe.certificates?.map(certificateJson) ?? null,
  };
  if (step === undefined || hop.kind === 'direct') {
    const { isReachable, status, latencyMs, fault, request } = probe;
    return {
      ...shown,
      request: request ?? null,
      reachable: isReachable ?? null,
      status: status ?? null,
      latencyMs: rounded(latencyMs),
      fault: faultJson(fault),
    };
  }
  return {
    ...shown,
    request: step.request,
    reachable: step.status !== undefined,
    status: step.status ?? null,
    latencyMs: rounded(step.durationMs),
    fault: faultJson(step.fault),
  };
}

function certificateJson(certificate: ServerCertificate): Readonly<Record<string, unknown>> {
  const { subject, issuer, notBefore, notAfter, key, sha256, names, place, caIssuers } = certificate;
  return {
    subject,
    issuer: issuer ?? null,
    notBefore: notBefore ?? null,
    notAfter: notAfter ?? null,
    key: key ?? null,
    sha256: sha256 ?? null,
    names,
    place,
    caIssuers: caIssuers ?? null,
  };
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms);
}

function faultJson(fault: Fault | undefined): Readonly<Record<string, unknown>> | null {
  if (fault === undefined) return null;
  const { code, detail, goSays, repair } = fault;
  return { code, detail, goSays: goSays ?? null, repair };
}

function sumdbJson(probe: SumdbProbe, risk: string | undefined): Readonly<Record<string, unknown>> {
  const { setting, mode, via, url, isReachable, fault } = probe;
  const isDatabase = setting.kind === 'database';
  return {
    name: isDatabase ? setting.name : null,
    key: isDatabase ? (setting.key === undefined ? 'known' : 'given') : null,
    mode,
    via: via ?? null,
    url: url ?? null,
    reachable: isReachable ?? null,
    fault: faultJson(fault),
    problem: setting.kind === 'invalid' ? setting.fault : null,
    risk: risk ?? null,
  };
}

function routeJson(route: Route): Readonly<Record<string, unknown>> {
  const { plan, end, version, steps } = route;
  const { question, match, hops, sumdb, leaks } = plan;
  const origin = hops.find(({ isAsked, origin: found }) => isAsked && found !== undefined)?.origin;
  return {
    module: question.module,
    query: question.query,
    version: version ?? null,
    private: match.isPrivate,
    matched: { GONOPROXY: match.GONOPROXY, GONOSUMDB: match.GONOSUMDB },
    hops: hops.map(({ shown, kind, isAsked, first, rule }) => ({
      entry: shown,
      kind,
      asked: isAsked,
      first: first ?? null,
      rule,
    })),
    sumdb: { asked: sumdb.use.isChecked, rule: sumdb.rule },
    origin: origin === undefined ? null : originJson(origin),
    leaks,
    notes: plan.notes,
    steps: steps.map(({ entry, purpose, request, outcome, result, status, durationMs, fault, next }) => ({
      entry,
      purpose,
      request,
      outcome,
      result,
      status: status ?? null,
      latencyMs: rounded(durationMs),
      fault: faultJson(fault),
      next,
    })),
    end: end?.type ?? null,
    servedBy: servedBy(route) ?? null,
    assumed: end?.type === 'origin' || (end?.type === 'served' && end.isAssumed),
    goSays: end?.type === 'failed' ? end.goSays : null,
    repair: adviseRoute(route),
  };
}

/** servedBy is the hop that has the module; `direct` also where only version control can say which version it would be. */
function servedBy({ end }: Route): string | undefined {
  if (end?.type === 'served') return end.servedBy;
  return end?.type === 'origin' ? 'direct' : undefined;
}

function originJson(origin: Origin): Readonly<Record<string, unknown>> {
  switch (origin.how) {
    case 'known-host':
    case 'suffix': {
      const { vcs, url, root, govcs } = origin.repository;
      return { how: origin.how, vcs, url, root, allowed: govcs.isAllowed, rule: govcs.rule ?? null };
    }
    case 'go-get':
      return { how: 'go-get', url: origin.url, insecure: origin.isInsecure };
    case 'refused':
      return { how: 'refused', why: origin.why };
  }
}

function whatIfJson({ changes, rows }: WhatIf): Readonly<Record<string, unknown>> {
  return {
    changes,
    changed: rows.filter(({ isChanged }) => isChanged).length,
    modules: rows.map(({ module, version, before, after, isChanged }) => ({
      module,
      version,
      before: wayJson(before),
      after: wayJson(after),
      changed: isChanged,
    })),
  };
}

function wayJson({ first, hops, isChecked, leaksTo, problem }: ModuleWay): Readonly<Record<string, unknown>> {
  return { first, hops, sumdb: isChecked, leaksTo, problem: problem ?? null };
}
