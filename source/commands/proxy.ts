import { readSettingFiles } from '../go/env.ts';
import { redactUrl } from '../go/redact.ts';
import { explainSettings, type Setting, type SettingFiles } from '../go/settings.ts';
import { advanceRoute } from '../operations/route/follow.ts';
import { listRequired, listSums } from '../operations/route/list.ts';
import { type ChainProbe, planProbe, probeChain } from '../operations/route/probe.ts';
import type { Route } from '../operations/route/route.ts';
import { type RouteContext, runRoute } from '../operations/route/run.ts';
import { sumdbRisk } from '../operations/route/sumdb-risk.ts';
import { AskSession } from '../proxy/ask/session.ts';
import { parseProxyChain } from '../proxy/chain.ts';
import { planRoute } from '../proxy/route/plan.ts';
import { parseQuestion, type RouteQuestion } from '../proxy/route/question.ts';
import {
  changeSettings,
  parseChange,
  type SettingChanges,
  type SettingDefaults,
  settingNames,
} from '../proxy/route/settings.ts';
import { compareRoutes } from '../proxy/route/what-if.ts';
import { isProxyFine, type ProxyView, proxyJson, type WhatIf } from '../report/proxy.ts';
import { proxyText } from '../report/proxy-text.ts';
import { runConformance, runSumdb } from './conformance.ts';
import type { CommandContext } from './context.ts';

/** runProxy probes the hops of GOPROXY, and goes the way of one module through them as Go would. */
export async function runProxy(context: CommandContext): Promise<number> {
  const { flags, env, signal } = context;
  if (flags.proxy.conformance !== undefined) return await runConformance(context, flags.proxy.conformance);
  if (flags.proxy.isSumdb) return await runSumdb(context);
  const asked = parseAsked(context);
  if (typeof asked === 'string') {
    context.say(asked);
    return 2;
  }
  const files = await readSettingFiles(env);
  const settings = shownSettings(context, files);
  const required = await listRequired(env.gomod);
  const sums = await listSums(env);
  const whatIf =
    asked.changes === undefined
      ? undefined
      : compare(context, asked.question, asked.changes, defaultsOf(settings, files, env), required.modules);
  const session = new AskSession();
  const isAsked = !flags.proxy.isPlan && whatIf === undefined;
  try {
    const plan = asked.question === undefined ? undefined : planRoute(asked.question, env);
    const options = { recorded: sums.recorded, sendsPrivate: flags.proxy.sendsPrivate };
    const [probe, route] = isAsked
      ? await Promise.all([
          probeAll(context, session),
          plan === undefined ? undefined : runRoute(plan, routeContext(context, session, routeMs), options),
        ])
      : [planProbe(env), plan === undefined ? undefined : advanceRoute(plan, [], options)];
    const view: ProxyView = {
      goproxy: redactUrl(env.goproxy),
      settings,
      chainProblem: parseProxyChain(env.goproxy).problem,
      probe,
      sumdbRisk: sumdbRisk(env),
      route: route as Route | undefined,
      whatIf,
      isAsked,
      problems: [...files.problems, ...required.problems, ...sums.problems],
    };
    context.progress('');
    await context.print(proxyJson(view), proxyText(view));
    if (flags.isJson) context.tell(view.problems);
    return isProxyFine(view) ? 0 : 1;
  } catch (error) {
    context.progress('');
    if (signal.aborted) return 130;
    throw error;
  }
}

// A probe of any number of hops takes no longer: what has not begun to answer by then hangs a build too.
const probeMs = 5000;
// A proxy that must fetch a module itself first may take that long for an answer.
const routeMs = 30_000;

type Asked = { readonly question: RouteQuestion | undefined; readonly changes: SettingChanges | undefined };

/** parseAsked reads the words of the command line; a text is what is wrong with them. */
function parseAsked({ flags, env }: CommandContext): Asked | string {
  const [text] = flags.operands;
  const question = text === undefined ? undefined : parseQuestion(text, env);
  if (typeof question === 'string') return question;
  if (flags.proxy.isPlan && question === undefined)
    return '--plan needs a module: gocachetop proxy MODULE --plan';
  const given = flags.proxy.whatIf;
  if (given.length === 0) return { question, changes: undefined };
  const changes: SettingChanges = {};
  for (const each of given) {
    const change = parseChange(each);
    if (typeof change === 'string') return `--what-if ${redactUrl(each)}: ${change}`;
    Object.assign(changes, change);
  }
  return { question, changes };
}

function routeContext(
  { env, place, signal }: CommandContext,
  session: AskSession,
  timeoutMs: number,
): RouteContext {
  // go env also knows what was written with go env -w.
  const environment = { ...place.environment, GOAUTH: env.goauth };
  return { environment, directory: place.cwd, timeoutMs, signal, session };
}

async function probeAll(context: CommandContext, session: AskSession): Promise<ChainProbe> {
  const { hops } = parseProxyChain(context.env.goproxy);
  const open = new Map(hops.filter(({ reached }) => reached).map(({ shown }, index) => [index, shown]));
  return await probeChain(context.env, routeContext(context, session, probeMs), (index) => {
    open.delete(index);
    const [waiting] = open.values();
    if (waiting !== undefined)
      context.progress(`${hops.length - open.size} of ${hops.length} hops; waiting for ${waiting}`);
  });
}

/** shownSettings are those of the way of a module, and what the environment says of the network where it says something. */
function shownSettings({ env, place }: CommandContext, files: SettingFiles): readonly Setting[] {
  const { environment, flagSettings } = place;
  const networkNames = [
    'HTTP_PROXY',
    'http_proxy',
    'HTTPS_PROXY',
    'https_proxy',
    'NO_PROXY',
    'no_proxy',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'NETRC',
  ].filter((name) => (environment[name] ?? '') !== '');
  const sources = { ...files, effective: env.raw, environment, flags: flagSettings };
  return explainSettings(sources, [...settingNames, 'GOAUTH', 'GOTOOLCHAIN', ...networkNames]);
}

function defaultsOf(
  settings: readonly Setting[],
  { goroot }: SettingFiles,
  env: { readonly goproxy: string; readonly gosumdb: string },
): SettingDefaults {
  const isDerived = (name: string) =>
    settings.some((setting) => setting.name === name && setting.origin === 'default');
  const names = ['GONOPROXY', 'GONOSUMDB'] as const;
  return {
    goproxy: goroot.get('GOPROXY') ?? env.goproxy,
    gosumdb: goroot.get('GOSUMDB') ?? env.gosumdb,
    derived: new Set(names.filter(isDerived)),
  };
}

/** compare holds the ways under other settings against those under today's: of the module that was named, else of all that go.mod requires. */
function compare(
  { env }: CommandContext,
  question: RouteQuestion | undefined,
  changes: SettingChanges,
  defaults: SettingDefaults,
  required: readonly { readonly path: string; readonly version: string }[],
): WhatIf {
  const modules = question === undefined ? required : [{ path: question.module, version: question.query }];
  const shown = Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, redactUrl(value)]));
  return { changes: shown, rows: compareRoutes(modules, env, changeSettings(env, changes, defaults)) };
}
