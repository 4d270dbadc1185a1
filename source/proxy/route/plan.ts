import { escapePath } from '../../go/module-path.ts';
import { redactUrl } from '../../go/redact.ts';
import { type FallThrough, type ProxyChain, type ProxyHop, parseProxyChain } from '../chain.ts';
import { matchPrivate, type PrivateMatch } from '../private.ts';
import { checksumUse, parseSumdb, type SumdbSetting, type SumdbUse } from '../sumdb.ts';
import { joinModuleUrl } from './hop-url.ts';
import { isPublicHost, looksPrivate, type PrivateLook } from './leak.ts';
import { notesOn } from './notes.ts';
import { type Origin, originOf } from './origin.ts';
import { queryKindOf, type RouteQuestion } from './question.ts';
import type { RouteSettings } from './settings.ts';

/** RoutePlan is what Go would do for a module under some settings, as far as that is known before anybody is asked. */
export type RoutePlan = {
  readonly question: RouteQuestion;
  readonly settings: RouteSettings;
  /** problem is Go's error before any request: every lookup fails with it. */
  readonly problem: string | undefined;
  readonly match: PrivateMatch;
  /** hops are in the order in which Go turns to them, each request of a module anew. */
  readonly hops: readonly PlannedHop[];
  readonly sumdb: PlannedSumdb;
  /** leaks are hops and databases outside that would hear of a module that looks private; by us they are not asked. */
  readonly leaks: readonly Leak[];
  /** notes are what of the settings does not do what it looks like. */
  readonly notes: readonly string[];
};

/** PlannedHop is an entry of GOPROXY for one module, or the origin that GONOPROXY puts before all of them. */
export type PlannedHop = {
  /** index is its place in GOPROXY; undefined for the origin that GONOPROXY asks for. */
  readonly index: number | undefined;
  /** entry is its URL with its password; `direct`, `off`. Show `shown`. */
  readonly entry: string;
  readonly shown: string;
  readonly kind: ProxyHop['kind'];
  readonly fallThrough: FallThrough;
  /** first is the first request to it, fit to be shown; undefined where none is made over HTTP. */
  readonly first: string | undefined;
  /** isAsked says whether Go would turn to it, if all before it had nothing. */
  readonly isAsked: boolean;
  /** rule says in words when Go goes on from it, or why it is not asked. */
  readonly rule: string;
  /** origin is how Go finds the repository, for `direct`. */
  readonly origin: Origin | undefined;
};

/** PlannedSumdb is what becomes of the checksum database. */
export type PlannedSumdb = {
  readonly setting: SumdbSetting;
  readonly use: SumdbUse;
  /** via are the hops that are asked first whether they pass on to it, by their index; empty where GOSUMDB names a URL. */
  readonly via: readonly number[];
  /** rule says it in words. */
  readonly rule: string;
};

/** Leak is one place outside that would hear of it. */
export type Leak = PrivateLook & {
  /** to is the hop or database, as it is shown. */
  readonly to: string;
  /** index is the hop's place in GOPROXY; undefined for the checksum database itself. */
  readonly index: number | undefined;
};

/** ReadSettings are the settings as they were read, once for many modules. */
type ReadSettings = {
  readonly chain: ProxyChain;
  readonly sumdb: SumdbSetting;
  readonly notes: readonly string[];
};

/** readSettings reads what is the same for every module. */
export function readSettings(settings: RouteSettings): ReadSettings {
  const { goproxy, gosumdb } = settings;
  return { chain: parseProxyChain(goproxy), sumdb: parseSumdb(gosumdb), notes: notesOn(settings) };
}

/** planRoute says without a single request what Go would do. `cmd/go/internal/modfetch: TryProxies, lookup, go1.26` */
export function planRoute(
  question: RouteQuestion,
  settings: RouteSettings,
  { chain, sumdb: setting, notes }: ReadSettings = readSettings(settings),
): RoutePlan {
  const match = matchPrivate(question.module, settings);
  const hops = plannedHops(question, settings, chain, match);
  const sumdb = planSumdb(question, settings, chain, setting);
  return {
    question,
    settings,
    problem: chain.problem,
    match,
    hops,
    sumdb,
    leaks: findLeaks(question.module, settings, hops, sumdb),
    notes,
  };
}

function plannedHops(
  question: RouteQuestion,
  settings: RouteSettings,
  chain: ProxyChain,
  match: PrivateMatch,
): readonly PlannedHop[] {
  if (chain.problem !== undefined) return [];
  const origin = originOf(question.module, settings);
  const pattern = match.GONOPROXY;
  const hops = chain.hops.map((hop, index) => {
    const isOrigin = hop.kind === 'direct';
    const isAsked = hop.reached && (pattern === null || isOrigin);
    const next = chain.hops[index + 1];
    return {
      index,
      entry: hop.entry,
      shown: hop.shown,
      kind: hop.kind,
      fallThrough: hop.fallThrough,
      first: isOrigin ? firstOfOrigin(origin) : firstOfProxy(hop, question),
      isAsked,
      rule: isAsked ? ruleOf(hop, next) : whyNot(hop, chain, pattern),
      origin: isOrigin ? origin : undefined,
    };
  });
  // GOPROXY=direct alone needs no such entry: it goes to the origin anyway.
  if (pattern === null || settings.goproxy === 'direct') return hops;
  const byPattern: PlannedHop = {
    index: undefined,
    entry: 'direct',
    shown: 'direct',
    kind: 'direct',
    fallThrough: null,
    first: firstOfOrigin(origin),
    isAsked: true,
    rule: `GONOPROXY ${pattern} matches: Go asks the origin and no proxy, whatever GOPROXY says`,
    origin,
  };
  return [byPattern, ...hops];
}

function firstOfProxy({ kind, entry }: ProxyHop, question: RouteQuestion): string | undefined {
  if (kind !== 'proxy' && kind !== 'file') return undefined;
  const escaped = escapePath(question.module) ?? question.module;
  const version = escapePath(question.query) ?? question.query;
  const isList = queryKindOf(question.query) === 'list';
  const file = isList ? 'list' : `${version}.${question.isToolchain ? 'zip' : 'info'}`;
  return redactUrl(joinModuleUrl(entry, `${escaped}/@v/${file}`));
}

function firstOfOrigin(origin: Origin): string | undefined {
  return origin.how === 'go-get' ? origin.url : undefined;
}

function ruleOf({ kind, fallThrough }: ProxyHop, next: ProxyHop | undefined): string {
  if (kind === 'off') return 'nothing is asked: module lookup disabled by GOPROXY=off';
  if (kind === 'direct') return 'the origin is the last: nothing behind it is asked';
  if (fallThrough === null || next === undefined) return 'the last: what it does not have is not found';
  return fallThrough === 'any-error'
    ? `any failure goes on to ${next.shown}`
    : `404 and 410 go on to ${next.shown}, any other failure stops`;
}

function whyNot(hop: ProxyHop, chain: ProxyChain, pattern: string | null): string {
  if (!hop.reached) {
    const end = chain.hops.find(({ kind }) => kind === 'direct' || kind === 'off');
    return `never asked: it stands behind ${end?.kind ?? 'the end'}`;
  }
  return `not asked: GONOPROXY ${pattern} matches`;
}

function planSumdb(
  question: RouteQuestion,
  settings: RouteSettings,
  chain: ProxyChain,
  setting: SumdbSetting,
): PlannedSumdb {
  const use = checksumUse(question.module, settings);
  const proxies = chain.hops.flatMap(({ kind, reached }, index) =>
    reached && (kind === 'proxy' || kind === 'file') ? [index] : [],
  );
  const via = setting.kind === 'database' && setting.url === undefined ? proxies : [];
  return { setting, use, via, rule: sumdbRule(setting, use, via.length) };
}

function sumdbRule(setting: SumdbSetting, use: SumdbUse, proxies: number): string {
  if (!use.isChecked)
    return use.by === 'GOSUMDB'
      ? 'not asked: GOSUMDB=off, what is new to go.sum is believed'
      : `not asked: GONOSUMDB ${use.pattern} matches`;
  switch (setting.kind) {
    case 'off':
      return 'fails: checksum database disabled by GOSUMDB=off, and a toolchain must be checked';
    case 'invalid':
      return `fails: ${setting.fault}`;
    case 'database':
      if (setting.shownUrl !== undefined)
        return `${setting.name} is asked at ${setting.shownUrl}, past all proxies`;
      if (proxies === 0) return `${setting.name} is asked itself`;
      return `the first proxy that answers sumdb/${setting.name}/supported is asked for it, else ${setting.name} itself`;
  }
}

function findLeaks(
  module: string,
  settings: RouteSettings,
  hops: readonly PlannedHop[],
  { setting, use, via }: PlannedSumdb,
): readonly Leak[] {
  const look = looksPrivate(module, settings);
  if (look === undefined) return [];
  const leaks: Leak[] = [];
  const outside = hops.filter(({ kind, entry }) => kind === 'proxy' && isOutside(module, entry));
  for (const { isAsked, shown, index } of outside) if (isAsked) leaks.push({ ...look, to: shown, index });
  if (!use.isChecked || setting.kind !== 'database') return leaks;
  for (const { index, shown } of outside) {
    const isKnown = leaks.some((leak) => leak.index === index);
    if (index !== undefined && via.includes(index) && !isKnown) leaks.push({ ...look, to: shown, index });
  }
  const at = setting.url ?? `https://${setting.name}`;
  if (isOutside(module, at)) leaks.push({ ...look, to: setting.shownUrl ?? setting.name, index: undefined });
  return leaks;
}

/** isOutside says whether a URL leads out of the house: its host is public, and not of the module's own domain. */
function isOutside(module: string, url: string): boolean {
  const host = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(url)?.[1] ?? '';
  return isPublicHost(host) && domainOf(host) !== domainOf(module.split('/')[0] ?? '');
}

/** domainOf is what somebody owns of a host: the last two labels, three below `co.uk` and its like. */
function domainOf(host: string): string {
  const labels = host.toLowerCase().replace(/:\d*$/, '').split('.');
  const isShared = /^(?:co|com|net|org|ac|gov|edu)\.[a-z]{2}$/.test(labels.slice(-2).join('.'));
  return labels.slice(isShared ? -3 : -2).join('.');
}
