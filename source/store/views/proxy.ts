import type { ProxyHop } from '../../proxy/chain.ts';
import type { AppState } from '../state.ts';
import type { PageItem, PageView } from '../view.ts';
import { arrivalItems, downloadItems, hopDownloadItems } from './downloads.ts';

/** proxyView is the GOPROXY chain: each hop with what its separator means, the checksum database, this build's downloads. */
export const proxyView: PageView = {
  kind: 'page',
  id: 'proxy',
  crumb: () => '',
  list: () => 'downloads',
  command: () => 'go env GOPROXY GONOPROXY GOPRIVATE GOSUMDB GONOSUMDB',
  enter: (_state, _level, id) => (id.startsWith('hop:') ? { view: 'hop', subject: id.slice(4) } : undefined),
  items(state) {
    const { chain } = state.proxy;
    if (chain === undefined) return [{ kind: 'text', text: 'go env has not answered yet', tone: 'quiet' }];
    return [
      ...(chain.problem === undefined
        ? []
        : [{ kind: 'text', text: chain.problem, tone: 'warning' } as const]),
      ...chain.hops.map((hop, index) => hopRow(hop, index)),
      ...checksumFacts(state),
      ...privateFacts(state),
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
  command: () => 'go env GOPROXY',
  items(state, { subject }) {
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
      ...hopDownloadItems(state, hop.shown),
    ];
  },
};

function hopOf({ proxy }: AppState, subject: string | undefined): ProxyHop | undefined {
  return subject === undefined ? undefined : proxy.chain?.hops[Number(subject)];
}

function hopRow(hop: ProxyHop, index: number): PageItem {
  return {
    kind: 'row',
    id: `hop:${index}`,
    mark: hop.reached ? String(index + 1) : { text: '-', tone: 'quiet' },
    text: hop.shown,
    right: hop.reached ? fallThroughWords(hop) : 'never asked',
    ...(hop.reached ? {} : { tone: 'quiet' as const }),
  };
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

function checksumFacts({ proxy }: AppState): readonly PageItem[] {
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
  ];
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
