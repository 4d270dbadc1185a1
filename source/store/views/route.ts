import { redactUrl } from '../../go/redact.ts';
import { quote } from '../../go/shell-word.ts';
import { adviseRoute } from '../../operations/route/advice.ts';
import type { Route, RouteStep } from '../../operations/route/route.ts';
import type { Fault } from '../../proxy/ask/answer.ts';
import type { Origin } from '../../proxy/route/origin.ts';
import type { PlannedHop, RoutePlan } from '../../proxy/route/plan.ts';
import { formatDuration } from '../format.ts';
import type { Span, Tone } from '../line.ts';
import { type RouteProbe, routeKey } from '../probe.ts';
import type { AppState } from '../state.ts';
import { hasChanges, whatIfNames } from '../tried.ts';
import type { PageItem, PageView } from '../view.ts';
import { planOf } from '../what-if.ts';
import { answerOfHop, certificateItems, certificateTarget } from './certificates.ts';
import { downloadsOf } from './downloads.ts';

/** routeView is where a module would come from: hop by hop what Go would ask, and what each answered once it was asked. */
export const routeView: PageView = {
  kind: 'page',
  id: 'route',
  crumb: (_state, { subject = '' }) => `route of ${subject}`,
  command(state, { subject = '' }) {
    const route = probeOf(state, subject)?.route;
    const repair = route === undefined ? [] : adviseRoute(route);
    if (repair.length > 0) return redactUrl(repair.join('\n'));
    const tried = whatIfNames.flatMap((name) => {
      const value = state.screen.whatIf.values[name];
      return value === undefined ? [] : [` --what-if ${quote(`${name}=${value}`)}`];
    });
    return `gocachetop proxy ${quote(subject)}${tried.join('')}`;
  },
  enter(state, { subject = '' }, id) {
    const certificate = certificateTarget(id);
    if (certificate !== undefined) return { view: 'certificate', subject: certificate };
    const plan = id.startsWith('hop:') ? planOf(state, subject) : undefined;
    const index = typeof plan === 'object' ? plan.hops[Number(id.slice(4))]?.index : undefined;
    if (index !== undefined && !hasChanges(state.screen)) return { view: 'hop', subject: String(index) };
    return id === 'what-if' ? { view: 'what-if', subject } : undefined;
  },
  press: (state, { subject = '' }, id) => (id === 'ask' ? askRoute(state, subject) : undefined),
  items(state, { subject = '' }, width) {
    const plan = planOf(state, subject);
    if (typeof plan === 'string') return [text(plan, 'warning')];
    const probe = probeOf(state, subject);
    return [
      ...triedItems(state),
      ...privateItems(plan),
      ...leakItems(plan),
      { kind: 'gap' },
      ...(plan.problem === undefined ? [] : [text(`GOPROXY: ${plan.problem}`, 'warning')]),
      ...plan.hops.flatMap((hop, place) => hopItems(state, subject, plan, probe, hop, place, width)),
      ...sumdbItems(plan, probe),
      { kind: 'gap' },
      ...endItems(probe),
      ...seenItems(state, plan),
      actionRow(
        'ask',
        probe?.isRunning === true
          ? 'asking: esc stops it'
          : probe === undefined
            ? 'ask the hops now'
            : 'ask again',
        'r',
      ),
      actionRow('what-if', 'what if a setting were another', 'W'),
    ];
  },
};

/** probeOf is what was asked about a module under the settings that are tried. */
export function probeOf(state: AppState, asked: string): RouteProbe | undefined {
  const plan = planOf(state, asked);
  return typeof plan === 'string' ? undefined : state.probe.routes.get(routeKey(plan));
}

/** askRoute is what a key does that asks the hops about a module. */
export function askRoute(state: AppState, asked: string): ReturnType<NonNullable<PageView['press']>> {
  const plan = planOf(state, asked);
  if (typeof plan === 'string') return { screen: { ...state.screen, notice: plan }, effects: [] };
  return {
    screen: { ...state.screen, notice: `asking for ${asked}: esc stops it` },
    effects: [{ type: 'probe', order: { type: 'route', plan } }],
  };
}

function text(words: string, tone: Tone = 'plain', indent = 0): PageItem {
  return {
    kind: 'text',
    text: words,
    ...(tone === 'plain' ? {} : { tone }),
    ...(indent > 0 ? { indent } : {}),
  };
}

function actionRow(id: string, words: string, key: string): PageItem {
  return { kind: 'row', id, mark: { text: '›', tone: 'accent' }, text: words, right: key };
}

function triedItems({ screen }: AppState): readonly PageItem[] {
  if (!hasChanges(screen)) return [];
  const tried = whatIfNames.flatMap((name) => {
    const value = screen.whatIf.values[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return [text(`what if ${tried.join('  ')}`, 'accent'), text('nothing is changed: A applies it', 'quiet')];
}

function privateItems({ match }: RoutePlan): readonly PageItem[] {
  const { isPrivate, GONOPROXY, GONOSUMDB } = match;
  if (GONOPROXY === null && GONOSUMDB === null)
    return [{ kind: 'fact', name: 'private', value: 'no pattern matches' }];
  const words = [
    ...(GONOPROXY === null ? [] : [`no proxy: ${GONOPROXY}`]),
    ...(GONOSUMDB === null ? [] : [`no checksum database: ${GONOSUMDB}`]),
  ];
  return [
    { kind: 'fact', name: 'private', value: isPrivate ? words.join(', ') : `${words.join(', ')} alone` },
  ];
}

/** leakItems warn before anybody is asked: we do not ask those, but Go would. */
function leakItems({ leaks }: RoutePlan): readonly PageItem[] {
  const [first] = leaks;
  if (first === undefined) return [];
  const names = leaks.map(({ to }) => to).join(', ');
  return [
    text(`! looks private: ${first.why}`, 'warning'),
    text(`Go would tell ${names} its name; we do not ask there`, 'warning', 2),
    text(`GOPRIVATE=${first.pattern} would keep it in: W tries it`, 'plain', 2),
  ];
}

function hopItems(
  state: AppState,
  asked: string,
  plan: RoutePlan,
  probe: RouteProbe | undefined,
  hop: PlannedHop,
  place: number,
  width: number,
): readonly PageItem[] {
  const steps = (probe?.route?.steps ?? []).filter((step) => step.hop === place && !isSumdb(step));
  const isNext = probe?.isRunning === true && probe.route?.next?.hop === place;
  const answer = answerOfHop(state, asked, place);
  const fault = steps.findLast(({ outcome }) => outcome === 'failed')?.fault;
  const isLeak = plan.leaks.some(({ index }) => index !== undefined && index === hop.index);
  const [mark, right, tone] = hopState(hop, steps, {
    isNext,
    isLeak,
    isOver: probe?.route?.end !== undefined,
  });
  return [
    {
      kind: 'row',
      id: `hop:${place}`,
      mark,
      text: hop.index === undefined ? hop.shown : `${hop.index + 1} ${hop.shown}`,
      right,
      ...(tone === 'plain' ? {} : { tone }),
    },
    ...steps.map(stepItem),
    ...(fault === undefined
      ? []
      : [...certificateItems(answer?.certificates, { asked, hop: place }, width), ...faultItems(fault)]),
    ...originItems(hop, steps),
    ...(steps.length > 0 ? nextItems(steps) : [text(hop.rule, 'quiet', 4)]),
  ];
}

function hopState(
  { isAsked }: PlannedHop,
  steps: readonly RouteStep[],
  {
    isNext,
    isLeak,
    isOver,
  }: { readonly isNext: boolean; readonly isLeak: boolean; readonly isOver: boolean },
): readonly [mark: Span, right: string, tone: Tone] {
  if (isNext) return [{ text: '›', tone: 'accent' }, 'asking', 'plain'];
  const last = steps.at(-1);
  if (last === undefined) {
    if (!isAsked || (isOver && !isLeak)) return ['-', 'not asked', 'quiet'];
    return isLeak ? [{ text: '!', tone: 'warning' }, 'outside', 'plain'] : [' ', 'not asked yet', 'plain'];
  }
  switch (last.outcome) {
    case 'found':
      return [{ text: '+', tone: 'good' }, 'answers', 'plain'];
    case 'not-found':
      return ['=', 'has it not', 'plain'];
    case 'failed':
      return [{ text: 'x', tone: 'bad' }, last.fault?.code ?? 'failed', 'bad'];
    case 'not-asked':
      return ['-', 'not asked', 'quiet'];
  }
}

/** stepItem is one request; what is wrong with a fault is told below it. */
function stepItem({ purpose, result, durationMs, outcome, fault }: RouteStep): PageItem {
  const took = durationMs === undefined ? '' : `   ${formatDuration(durationMs)}`;
  return {
    kind: 'fact',
    name: `    ${purpose === 'supported' ? 'sumdb' : purpose}`,
    value: `${outcome === 'failed' && fault !== undefined ? 'failed' : result}${took}`,
    ...(outcome === 'failed' ? { tone: 'bad' as const } : {}),
  };
}

function nextItems(steps: readonly RouteStep[]): readonly PageItem[] {
  const next = steps.findLast((step) => step.next !== '')?.next;
  return next === undefined ? [] : [text(next, 'quiet', 4)];
}

/** faultItems say what is wrong, what Go will say, and the repair. */
export function faultItems({ detail, goSays, repair }: Fault): readonly PageItem[] {
  return [
    text(detail, 'warning', 4),
    ...(goSays === undefined ? [] : [text(`Go says: ${goSays}`, 'plain', 4)]),
    ...(repair.length === 0 ? [] : [text('repair, which y copies:', 'quiet', 4)]),
    ...repair.map((each) => text(each, 'plain', 6)),
  ];
}

function originItems({ origin }: PlannedHop, steps: readonly RouteStep[]): readonly PageItem[] {
  if (origin === undefined || steps.some(({ purpose }) => purpose === 'vcs')) return [];
  return [text(originWords(origin), 'plain', 4)];
}

/** originWords say how Go finds the code of a module without a proxy. */
export function originWords(origin: Origin): string {
  switch (origin.how) {
    case 'known-host':
    case 'suffix': {
      const { vcs, url, govcs } = origin.repository;
      return govcs.isAllowed ? `${vcs} over ${url}` : govcs.why;
    }
    case 'go-get':
      return `asks ${origin.url} where the repository is`;
    case 'refused':
      return `refused: ${origin.why}`;
  }
}

function sumdbItems({ sumdb }: RoutePlan, probe: RouteProbe | undefined): readonly PageItem[] {
  const steps = (probe?.route?.steps ?? []).filter(isSumdb);
  const fault = steps.findLast(({ outcome }) => outcome === 'failed')?.fault;
  return [
    {
      kind: 'row',
      id: 'sumdb',
      mark: steps.some(({ outcome }) => outcome === 'failed') ? { text: 'x', tone: 'bad' } : ' ',
      text: 'checksum database',
      right: steps.length > 0 ? '' : sumdb.use.isChecked ? 'not asked yet' : 'not asked',
    },
    ...steps.map(stepItem),
    ...(fault === undefined ? [] : faultItems(fault)),
    text(sumdb.rule, sumdb.use.isChecked ? 'quiet' : 'plain', 4),
  ];
}

function isSumdb({ purpose }: RouteStep): boolean {
  return purpose === 'supported' || purpose === 'lookup';
}

function endItems(probe: RouteProbe | undefined): readonly PageItem[] {
  const end = probe?.route?.end;
  if (probe?.wasStopped === true) return [text('stopped: what follows was not asked', 'quiet')];
  if (end === undefined) return [];
  switch (end.type) {
    case 'served':
      return [
        {
          kind: 'fact',
          name: 'served by',
          value: `${end.servedBy}, ${end.version}${end.isAssumed ? ': its version control was not asked' : ''}`,
          tone: 'good',
        },
      ];
    case 'origin':
      return [{ kind: 'fact', name: 'then', value: 'the origin: only its version control can say more' }];
    case 'failed':
      return [
        { kind: 'fact', name: 'Go says', value: end.goSays, tone: 'bad' },
        ...adviceItems(probe?.route),
      ];
    case 'not-sent':
      return [
        {
          kind: 'fact',
          name: 'not sent',
          value: `${end.leak.to} would learn its name: ${end.leak.why}. What follows is not known`,
          tone: 'warning',
        },
      ];
  }
}

/** adviceItems are the commands that put it right, beyond the repair of the fault. */
function adviceItems(route: Route | undefined): readonly PageItem[] {
  const own = new Set(route?.steps.flatMap(({ fault }) => fault?.repair ?? []));
  const advice = (route === undefined ? [] : adviseRoute(route)).filter((each) => !own.has(each));
  return advice.map((value) => ({ kind: 'fact', name: 'repair', value: redactUrl(value) }));
}

/** seenItems are what the build here was answered about the module. */
function seenItems(state: AppState, { question }: RoutePlan): readonly PageItem[] {
  const own = downloadsOf(state).filter(({ module }) => module === question.module);
  if (own.length === 0) return [];
  return [
    { kind: 'heading', text: 'asked by this build', right: '' },
    ...own.slice(-seenRows).map(
      ({ what, hop, status, durationMs }): PageItem => ({
        kind: 'fact',
        name: what,
        value: [status ?? 'came', hop ?? '', durationMs === undefined ? '' : formatDuration(durationMs)]
          .filter((word) => word !== '')
          .join('   '),
      }),
    ),
    { kind: 'gap' },
  ];
}

// A module is a handful of requests at each hop.
const seenRows = 12;
