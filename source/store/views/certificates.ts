import { quote } from '../../go/shell-word.ts';
import type { ServerCertificate } from '../../proxy/ask/answer.ts';
import { cellWidth } from '../cells.ts';
import type { Span } from '../line.ts';
import type { ProbeAnswer } from '../probe.ts';
import { routeKey } from '../probe.ts';
import type { AppState } from '../state.ts';
import type { PageItem, PageView } from '../view.ts';
import { planOf } from '../what-if.ts';

/** certificateView is one certificate of the chain that a hop showed. */
export const certificateView: PageView = {
  kind: 'page',
  id: 'certificate',
  crumb: (state, { subject }) => certificateOf(state, subject)?.subject ?? 'certificate',
  command: (state, { subject }) => {
    const url = certificateOf(state, subject)?.caIssuers;
    // The server wrote it: what is pasted into a shell is one word, and a URL.
    return url !== undefined && /^https?:\/\/[\x21-\x7e]+$/.test(url) ? `curl -sO ${quote(url)}` : undefined;
  },
  items(state, { subject }) {
    const certificate = certificateOf(state, subject);
    if (certificate === undefined)
      return [{ kind: 'text', text: 'it was seen under other settings: ask again', tone: 'quiet' }];
    const { issuer, notBefore, notAfter, key, sha256, names, place, caIssuers } = certificate;
    const { now } = state;
    return [
      { kind: 'fact', name: 'subject', value: certificate.subject },
      ...fact('issuer', issuer === certificate.subject ? 'itself' : issuer),
      ...fact('from', notBefore?.toISOString(), notBefore !== undefined && notBefore.getTime() > now),
      ...fact('until', notAfter?.toISOString(), notAfter !== undefined && notAfter.getTime() < now),
      ...fact('key', key),
      ...fact('SHA-256', sha256),
      ...fact('names', names.length === 0 ? undefined : names.join(', ')),
      ...fact('place', placeSentences[place], place === 'missing'),
      ...fact('AIA', caIssuers === undefined ? undefined : `its issuer says that it lies at ${caIssuers}`),
    ];
  },
};

/** fact is left out where it is not known, as of a certificate that was not sent. */
function fact(name: string, value: string | undefined, isWrong = false): readonly PageItem[] {
  if (value === undefined) return [];
  return [{ kind: 'fact', name, value, ...(isWrong ? { tone: 'warning' as const } : {}) }];
}

const placeSentences: Readonly<Record<ServerCertificate['place'], string>> = {
  sent: 'sent by the server',
  trusted: 'among the roots that are trusted here',
  missing: 'not sent, and not known here: only named as an issuer',
};

/** CertificatePlace says whose chain it is: of a hop in GOPROXY, or of a hop of a route. */
export type CertificatePlace = { readonly asked: string | undefined; readonly hop: number };

/** certificateItems draw a chain, the leaf first: Enter on one opens all that is known of it. */
export function certificateItems(
  certificates: readonly ServerCertificate[] | undefined,
  place: CertificatePlace,
  width: number,
): readonly PageItem[] {
  return (certificates ?? []).map((certificate, index): PageItem => {
    const { subject, notAfter } = certificate;
    const words = placeWords[certificate.place];
    const until = notAfter === undefined ? '' : `until ${notAfter.toISOString().slice(0, 10)}  `;
    const right = `${until}${words}`;
    return {
      kind: 'row',
      id: `certificate:${JSON.stringify([place.asked, place.hop, index])}`,
      mark: placeMarks[certificate.place],
      text: `${roleOf(certificate, index)}  ${subject}`,
      right: cellWidth(right) > width / 2 ? words : right,
      ...(certificate.place === 'missing' ? { tone: 'warning' as const } : {}),
    };
  });
}

const placeWords: Readonly<Record<ServerCertificate['place'], string>> = {
  sent: 'sent',
  trusted: 'trusted',
  missing: 'missing',
};

const placeMarks: Readonly<Record<ServerCertificate['place'], Span>> = {
  sent: '=',
  trusted: { text: '+', tone: 'good' },
  missing: { text: '?', tone: 'warning' },
};

function roleOf({ subject, issuer }: ServerCertificate, index: number): string {
  if (index === 0) return 'leaf ';
  return subject === issuer ? 'root ' : 'inter';
}

/** certificateTarget is the subject of the view that a row of a chain opens. */
export function certificateTarget(id: string): string | undefined {
  return id.startsWith('certificate:') ? id.slice('certificate:'.length) : undefined;
}

function certificateOf(state: AppState, subject: string | undefined): ServerCertificate | undefined {
  const [asked, hop, index] = JSON.parse(subject ?? '[]') as readonly [string | null, number, number];
  const answer = asked === null ? state.probe.hops.get(hop) : answerOfHop(state, asked, hop);
  return answer?.certificates?.[index];
}

/** answerOfHop is the last answer of a hop on a route, which may be a fault. */
export function answerOfHop(state: AppState, asked: string, hop: number): ProbeAnswer | undefined {
  const plan = planOf(state, asked);
  const probe = typeof plan === 'string' ? undefined : state.probe.routes.get(routeKey(plan));
  const steps = probe?.route?.steps.filter((step) => step.hop === hop) ?? [];
  const answers = steps.flatMap(({ request }) => probe?.answers.get(request) ?? []);
  return answers.findLast(({ fault }) => fault !== undefined) ?? answers.at(-1);
}
