import type { SumdbProbe } from '../../operations/route/probe.ts';
import type { ProxyHop } from '../../proxy/chain.ts';
import { formatDuration } from '../format.ts';
import type { Span, Tone } from '../line.ts';
import type { ProbeAnswer } from '../probe.ts';
import type { AppState } from '../state.ts';
import { newTextInput } from '../text-input.ts';
import { hasChanges } from '../tried.ts';
import type { PageItem, PageView } from '../view.ts';
import { certificateItems, certificateTarget } from './certificates.ts';
import { arrivalItems, downloadItems, downloadTarget, hopDownloadItems } from './downloads.ts';
import { faultItems } from './route.ts';

/**
 * proxyView is the GOPROXY chain: each hop with what its separator means and, once asked, its answer; the checksum database, this
 * build's downloads.
 */
export const proxyView: PageView = {
  kind: 'page',
  id: 'proxy',
  crumb: () => '',
  list: ({ build }) => (build === undefined ? undefined : 'downloads'),
  command: () => 'go env GOPROXY GONOPROXY GOPRIVATE GOSUMDB GONOSUMDB',
  enter(state, _level, id) {
    if (id === 'what-if') return { view: 'what-if', subject: undefined };
    return id.startsWith('hop:') ? { view: 'hop', subject: id.slice(4) } : downloadTarget(state, id);
  },
  press: ({ screen }, _level, id) =>
    id === 'route'
      ? {
          screen: { ...screen, dialog: { id: 'route-module', choice: 0, input: newTextInput('') } },
          effects: [],
        }
      : undefined,
  items(state) {
    const { chain } = state.proxy;
    if (chain === undefined) return [{ kind: 'text', text: 'go env has not answered yet', tone: 'quiet' }];
    return [
      ...(chain.problem === undefined
        ? []
        : [{ kind: 'text', text: chain.problem, tone: 'warning' } as const]),
      ...chain.hops.map((hop, index) => hopRow(state, hop, index)),
      ...interceptionItems(state),
      ...checksumFacts(state),
      ...privateFacts(state),
      { kind: 'gap' },
      actionRow('route', 'route of a module', 'R'),
      actionRow('what-if', hasChanges(state.screen) ? 'what if: settings are tried' : 'what if', 'W'),
      ...downloadItems(state),
      ...arrivalItems(state),
    ];
  },
};

/** hopView is one entry of GOPROXY. */
export const hopView: PageView = {
  kind: 'page',
  id: 'hop',
  crumb: (state, { subject }) => hopOf(state, subject)?.shown ?? '',
  list: () => 'downloads',
  command: (state, { subject }) => {
    const repair = state.probe.hops.get(Number(subject))?.fault?.repair ?? [];
    return repair.length === 0 ? 'go env GOPROXY' : repair.join('\n');
  },
  enter(state, _level, id) {
    const certificate = certificateTarget(id);
    return certificate === undefined
      ? downloadTarget(state, id)
      : { view: 'certificate', subject: certificate };
  },
  items(state, { subject }, width) {
    const hop = hopOf(state, subject);
    if (hop === undefined)
      return [{ kind: 'text', text: 'GOPROXY has no such entry any more', tone: 'quiet' }];
    return [
      { kind: 'fact', name: 'entry', value: hop.shown },
      { kind: 'fact', name: 'kind', value: kindWords[hop.kind] },
      {
        kind: 'fact',
        name: 'then',
        value: hop.reached ? fallThroughSentence(hop) : 'never asked: an entry before it ends the chain',
      },
      ...probeItems(state, Number(subject), hop, width),
      ...hopDownloadItems(state, hop.shown),
    ];
  },
};

function hopOf({ proxy }: AppState, subject: string | undefined): ProxyHop | undefined {
  return subject === undefined ? undefined : proxy.chain?.hops[Number(subject)];
}

function actionRow(id: string, words: string, key: string): PageItem {
  return { kind: 'row', id, mark: { text: '›', tone: 'accent' }, text: words, right: key };
}

function hopRow(state: AppState, hop: ProxyHop, index: number): PageItem {
  const [right, tone] = hopWords(state, hop, index);
  return {
    kind: 'row',
    id: `hop:${index}`,
    mark: hopMark(state, hop, index),
    text: hop.shown,
    right,
    ...(tone === 'plain' ? {} : { tone }),
  };
}

/** hopMark is the hop's number, or a mark once it was asked and has a fault. */
function hopMark({ probe }: AppState, { reached }: ProxyHop, index: number): Span {
  if (!reached) return { text: '-', tone: 'quiet' };
  return probe.hops.get(index)?.fault === undefined ? String(index + 1) : { text: 'x', tone: 'bad' };
}

function hopWords({ probe }: AppState, hop: ProxyHop, index: number): readonly [words: string, tone: Tone] {
  if (!hop.reached) return ['never asked', 'quiet'];
  if (!probe.hops.has(index)) return [fallThroughWords(hop), 'plain'];
  const answer = probe.hops.get(index);
  if (answer === undefined) return [probe.isRunning ? 'asking' : 'stopped', 'quiet'];
  return [answerWords(answer), answer.fault === undefined ? 'plain' : 'bad'];
}

/** answerWords are an answer in a word and its time. */
function answerWords({ status, statusText, durationMs, fault }: ProbeAnswer): string {
  if (fault !== undefined) return fault.code.startsWith('http-') ? fault.code.slice(5) : fault.code;
  return status === undefined ? statusText : `ok  ${formatDuration(durationMs)}`;
}

function probeItems(
  { probe }: AppState,
  index: number,
  { kind, reached }: ProxyHop,
  width: number,
): readonly PageItem[] {
  if (!reached || kind === 'direct' || kind === 'off') return [];
  const answer = probe.hops.get(index);
  if (answer === undefined) {
    const words =
      probe.hops.has(index) && probe.isRunning ? 'being asked: esc stops it' : 'not asked: r asks';
    return [{ kind: 'fact', name: 'answer', value: words }];
  }
  const { status, statusText, durationMs, fault, certificates } = answer;
  const words = status === undefined ? statusText : `${status} ${statusText}`.trim();
  return [
    {
      kind: 'fact',
      name: 'answer',
      value: words === '' ? 'none' : `${words}   ${formatDuration(durationMs)}`,
      ...(fault === undefined ? {} : { tone: 'bad' as const }),
    },
    ...certificateItems(certificates, { asked: undefined, hop: index }, width),
    ...(fault === undefined ? [] : faultItems(fault)),
  ];
}

/** fallThroughWords is what a separator means, in a few words. */
function fallThroughWords({ kind, fallThrough }: ProxyHop): string {
  if (kind === 'off') return 'no download';
  if (fallThrough === 'not-found') return '404, 410: next';
  return fallThrough === 'any-error' ? 'any error: next' : 'last';
}

function fallThroughSentence({ kind, fallThrough }: ProxyHop): string {
  if (kind === 'off') return 'Go downloads nothing';
  if (fallThrough === 'not-found')
    return 'the next entry is asked after 404 or 410 only; any other error ends it';
  return fallThrough === 'any-error'
    ? 'the next entry is asked after any error'
    : 'it is the last: its error is the error';
}

const kindWords: Readonly<Record<ProxyHop['kind'], string>> = {
  proxy: 'module proxy',
  file: 'module proxy in a folder',
  direct: "the module's own version control",
  off: 'downloads are forbidden',
};

/** interceptionItems: an inspecting proxy of a company's network shows itself where all hops have one issuer. */
function interceptionItems({ probe }: AppState): readonly PageItem[] {
  if (probe.interception === undefined) return [];
  const { issuer, hosts, isTrusted } = probe.interception;
  const trust = isTrusted ? 'which is trusted here' : 'which is not trusted here';
  const text = `! somebody in between answers for ${hosts.join(', ')}: all their certificates are by ${issuer}, ${trust}`;
  return [{ kind: 'text', text, tone: 'warning' }];
}

function checksumFacts({ proxy, probe }: AppState): readonly PageItem[] {
  if (proxy.sumdb === undefined) return [];
  const isOff = proxy.sumdb === 'off';
  return [
    { kind: 'gap' },
    {
      kind: 'fact',
      name: 'sumdb',
      value: isOff ? 'off: downloads are checked against go.sum only' : proxy.sumdb,
      ...(isOff ? { tone: 'warning' as const } : {}),
    },
    ...(probe.sumdb === undefined ? [] : sumdbFacts(probe.sumdb)),
  ];
}

/** sumdbFacts are what the checksum database answered. */
function sumdbFacts({ mode, via, isReachable, fault }: SumdbProbe): readonly PageItem[] {
  if (fault !== undefined)
    return [{ kind: 'fact', name: '', value: `x ${fault.code}: ${fault.detail}`, tone: 'bad' }];
  if (isReachable === undefined) return [];
  const words = mode === 'proxy' ? `answers through ${via ?? 'a hop'}` : 'answers itself';
  return [{ kind: 'fact', name: '', value: isReachable ? words : 'does not answer' }];
}

function privateFacts({ proxy }: AppState): readonly PageItem[] {
  const ofAll = proxy.privatePatterns.find(({ name }) => name === 'GOPRIVATE')?.patterns;
  return (
    proxy.privatePatterns
      // The other two are GOPRIVATE where they are not set.
      .filter(({ name, patterns }) => name === 'GOPRIVATE' || patterns !== ofAll)
      .map(({ name, patterns }) => ({ kind: 'fact', name, value: `${privateWords[name] ?? ''}${patterns}` }))
  );
}

const privateWords: Readonly<Record<string, string>> = {
  GOPRIVATE: 'no proxy, no sumdb: ',
  GONOPROXY: 'no proxy: ',
  GONOSUMDB: 'no sumdb: ',
};
