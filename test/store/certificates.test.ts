import { expect, test } from 'vitest';
import type { ServerCertificate } from '../../source/proxy/ask/answer.ts';
import { openLevel } from '../../source/store/levels.ts';
import type { AppState } from '../../source/store/state.ts';
import { certificateView } from '../../source/store/views/certificates.ts';
import { hopView } from '../../source/store/views/proxy.ts';
import { apply, begin } from './state.ts';

const leaf: ServerCertificate = {
  subject: 'CN=go.corp.example',
  issuer: 'CN=Corp Issuing CA',
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2027-03-01T00:00:00Z'),
  key: 'ECDSA P-256',
  sha256: 'ab'.repeat(32),
  names: ['go.corp.example'],
  place: 'sent',
  caIssuers: 'http://aia.example/ca.der',
};
const missing: ServerCertificate = {
  subject: 'CN=Corp Issuing CA',
  issuer: undefined,
  notBefore: undefined,
  notAfter: undefined,
  key: undefined,
  sha256: undefined,
  names: [],
  place: 'missing',
  caIssuers: undefined,
};

/** seen is a first hop that showed this chain. */
function seen(...certificates: readonly ServerCertificate[]): AppState {
  const fault = {
    code: 'tls-missing-intermediate',
    detail: 'one is missing',
    goSays: 'x509',
    repair: ['mend it'],
  } as const;
  const answer = { status: undefined, statusText: '', durationMs: 5, fault, certificates };
  return apply(begin(), [
    { type: 'probe', event: { type: 'chain', hops: [0] } },
    { type: 'probe', event: { type: 'hop', hop: 0, answer } },
  ]);
}

const certificate = (index: number) =>
  openLevel({ view: 'certificate', subject: JSON.stringify([null, 0, index]) });
const hop = openLevel({ view: 'hop', subject: '0' });

test('a chain is drawn with what was sent and what is missing, and each certificate opens', () => {
  const state = seen(leaf, missing);
  const rows = hopView.items(state, hop, 80).filter((item) => item.kind === 'row');
  expect(rows.map(({ text, right }) => [text, right])).toEqual([
    ['leaf   CN=go.corp.example', 'until 2027-03-01  sent'],
    ['inter  CN=Corp Issuing CA', 'missing'],
  ]);
  const targets = rows.map(({ id }) => hopView.enter?.(state, hop, id));
  expect(targets.map((target) => certificateView.crumb(state, openLevel(target ?? hop)))).toEqual([
    'CN=go.corp.example',
    'CN=Corp Issuing CA',
  ]);
  expect(hopView.command(state, hop)).toBe('mend it');
});

test('of a missing certificate only what is known is told', () => {
  const names = (index: number) =>
    certificateView
      .items(seen(leaf, missing), certificate(index), 80)
      .flatMap((item) => (item.kind === 'fact' ? [item.name] : []));
  expect(names(0)).toEqual(['subject', 'issuer', 'from', 'until', 'key', 'SHA-256', 'names', 'place', 'AIA']);
  expect(names(1)).toEqual(['subject', 'place']);
});

test('what a server wrote into its certificate does nothing in a shell', () => {
  const copied = (caIssuers: string) => certificateView.command(seen({ ...leaf, caIssuers }), certificate(0));
  expect(copied('http://aia.example/ca.der')).toBe('curl -sO http://aia.example/ca.der');
  expect(copied('http://aia.example/;reboot')).toBe("curl -sO 'http://aia.example/;reboot'");
  expect(copied('http://aia.example/$(reboot)')).toBe("curl -sO 'http://aia.example/$(reboot)'");
  expect(copied('http://aia.example/a\nreboot')).toBeUndefined();
  expect(copied('-o /etc/passwd http://aia.example/')).toBeUndefined();
});
