import { describe, expect, test } from 'vitest';
import type { Answer, Fault, ServerCertificate } from '../../../source/proxy/ask/answer.ts';
import { publicRoots } from '../../../source/proxy/ask/roots/public.ts';
import { explainDates, measureClock } from '../../../source/proxy/fault/clock.ts';
import { findInterception } from '../../../source/proxy/fault/interception.ts';

const certificate = (
  subject: string,
  issuer: string,
  more: Partial<ServerCertificate> = {},
): ServerCertificate => ({
  subject,
  issuer,
  notBefore: undefined,
  notAfter: undefined,
  key: undefined,
  sha256: `sha-of-${subject}`,
  names: [],
  place: 'sent',
  caIssuers: undefined,
  ...more,
});
const corp = certificate('CN=Corp Inspection', 'CN=Corp Inspection', { place: 'trusted' });
const world = certificate('CN=World Root', 'CN=World Root', { place: 'trusted' });
const inspected = (host: string) => ({
  host,
  certificates: [certificate(`CN=${host}`, 'CN=Corp Inspection'), corp],
});
const known = new Set(['sha-of-CN=World Root']);

describe('a company proxy is found by its certificates', () => {
  test('one issuer that is not public, for hosts of different domains', () => {
    expect(findInterception([inspected('proxy.one.example'), inspected('sums.two.test')], known)).toEqual({
      issuer: 'CN=Corp Inspection',
      root: 'CN=Corp Inspection',
      isTrusted: true,
      hosts: ['proxy.one.example', 'sums.two.test'],
    });
  });

  test.each([
    ['one host', [inspected('proxy.one.example')]],
    [
      'hosts of one domain, which can have its own authority',
      [inspected('a.one.example'), inspected('b.one.example')],
    ],
    [
      'different issuers',
      [
        inspected('proxy.one.example'),
        { host: 'two.test', certificates: [certificate('CN=two.test', 'CN=Other'), world] },
      ],
    ],
    [
      'an issuer below a public root',
      ['one.example', 'two.test'].map((host) => ({
        host,
        certificates: [
          certificate(`CN=${host}`, 'CN=World Issuing'),
          certificate('CN=World Issuing', 'CN=World Root'),
          world,
        ],
      })),
    ],
    ['nothing seen', [{ host: 'one.example', certificates: undefined }]],
  ])('not by %s', (_, chains) => {
    expect(findInterception(chains, known)).toBeUndefined();
  });

  test('the public roots are many, by their SHA-256', () => {
    const roots = [...publicRoots()];
    expect(roots.length).toBeGreaterThan(50);
    expect(roots.every((each) => /^[\da-f]{64}$/.test(each))).toBe(true);
  });
});

describe('the clock is compared with the Date of answers', () => {
  const now = new Date('2026-01-10T12:00:00Z');
  const dated = (date: string | undefined): Answer => ({
    kind: 'answered',
    shownUrl: 'https://proxy.example/',
    shownFinalUrl: 'https://proxy.example/',
    durationMs: 1,
    certificates: undefined,
    status: 200,
    statusText: 'OK',
    headers: new Map(date === undefined ? [] : [['date', date]]),
    body: Buffer.alloc(0),
    isCut: false,
  });
  const expired: Fault = { code: 'tls-expired', detail: 'it expired', goSays: undefined, repair: ['renew'] };
  const chain = [{ notBefore: new Date('2025-12-01T00:00:00Z'), notAfter: new Date('2026-01-09T00:00:00Z') }];

  test('the middle one counts, and none says nothing', () => {
    const dates = [
      'Sat, 10 Jan 2026 11:59:58 GMT',
      'Thu, 01 Jan 1970 00:00:00 GMT',
      'Sat, 10 Jan 2026 12:00:00 GMT',
    ];
    expect(measureClock(dates.map(dated), now)).toBe(2000);
    expect(measureClock([dated(undefined), dated('soon')], now)).toBeUndefined();
  });

  test('a clock that is ahead is to blame where the certificate would count', () => {
    const offset = measureClock([dated('Wed, 07 Jan 2026 12:00:00 GMT')], now);
    const explained = explainDates(expired, chain, offset, now);
    expect(explained.detail).toBe(
      'it expired; the clock of this machine is 3 days ahead, by the Date of other servers: with the right time the certificate counts',
    );
    expect(explained.repair[0]).toMatch(/^set the clock/);
  });

  test('a clock that is right is not, and what is unknown changes nothing', () => {
    expect(explainDates(expired, chain, 900, now).detail).toBe(
      'it expired; the clock of this machine is right',
    );
    expect(explainDates(expired, chain, undefined, now)).toBe(expired);
    const refused: Fault = { ...expired, code: 'refused' };
    expect(explainDates(refused, chain, 1e9, now)).toBe(refused);
  });
});
