import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../../source/operations/route/route.ts';
import { runRoute } from '../../../source/operations/route/run.ts';
import { parseProxyChain } from '../../../source/proxy/chain.ts';
import { planRoute } from '../../../source/proxy/route/plan.ts';
import { parseQuestion } from '../../../source/proxy/route/question.ts';
import { parseXGet } from '../../../source/proxy/x-get.ts';
import { type GoEnd, openRouteLab, pseudo, type RouteLab } from './route-lab.ts';

/**
 * Row is a chain, what is asked for, and where it ends: the place of the hop in the chain, `direct`, or `stops`.
 * Patterns and checksum database are off where nothing is said.
 */
type Row = readonly [
  chain: string,
  module: string,
  ends: number | 'direct' | 'stops',
  more?: {
    readonly env?: Readonly<Record<string, string>>;
    readonly sumdb?: 'url' | 'proxies';
    readonly goSum?: 'right' | 'wrong';
  },
];

const one = 'lib.example.org/one@v1.0.0';
const tool = 'github.com/lab/tool@v1.0.0';
const latest = 'lib.example.org/one@latest';

const rows: readonly Row[] = [
  // One hop, all that it can answer.
  ['ok', one, 1],
  ['404', one, 'stops'],
  ['410', one, 'stops'],
  ['401', one, 'stops'],
  ['403', one, 'stops'],
  ['407', one, 'stops'],
  ['429', one, 'stops'],
  ['500', one, 'stops'],
  ['503', one, 'stops'],
  ['html', one, 'stops'],
  ['empty', one, 'stops'],
  ['hangup', one, 'stops'],
  ['cut', one, 'stops'],
  ['refused', one, 'stops'],
  ['nohost', one, 'stops'],
  ['other', one, 'stops'],
  ['redirect', one, 1],
  ['file', one, 1],
  ['nofile', one, 'stops'],
  ['off', one, 'stops'],
  // Two hops with a comma, then with a bar.
  ['404,ok', one, 2],
  ['410,ok', one, 2],
  ['403,ok', one, 'stops'],
  ['500,ok', one, 'stops'],
  ['refused,ok', one, 'stops'],
  ['hangup,ok', one, 'stops'],
  ['html,ok', one, 'stops'],
  ['404|ok', one, 2],
  ['403|ok', one, 2],
  ['500|ok', one, 2],
  ['refused|ok', one, 2],
  ['nohost|ok', one, 2],
  ['hangup|ok', one, 2],
  ['cut|ok', one, 2],
  // A page instead of a zip is found out only when no other hop is asked any more.
  ['html|ok', one, 'stops'],
  ['empty|ok', one, 'stops'],
  ['other|ok', one, 1],
  ['file,ok', one, 1],
  ['nofile,ok', one, 2],
  // Longer ones: the rule is that of the separator behind the hop that failed; the most helpful error is told.
  ['404,403|ok', one, 3],
  ['403|404,ok', one, 3],
  ['404,500,ok', one, 'stops'],
  ['403|404', one, 'stops'],
  ['500|403|404', one, 'stops'],
  ['404,off', one, 'stops'],
  ['403|off', one, 'stops'],
  ['404|off,ok', one, 'stops'],
  [' 404 , ,, ok , ', one, 2],
  // Files are asked for one by one, each from the first hop on.
  ['zip404,ok', one, 2],
  ['zip404|ok', one, 2],
  ['zip403,ok', one, 'stops'],
  ['zip500|ok', one, 2],
  ['ziphtml|ok', one, 'stops'],
  ['mod404,ok', one, 1],
  ['mod500,ok', one, 'stops'],
  ['mod500|ok', one, 1],
  // Versions that are to be found first.
  ['ok', latest, 1],
  ['ok', 'lib.example.org/one@v1', 1],
  ['ok', 'lib.example.org/one@v1.0', 1],
  ['ok', 'lib.example.org/one@v3', 'stops'],
  ['ok', 'lib.example.org/one@<v1.1.0', 1],
  ['ok', 'lib.example.org/one@>=v1.1.0', 1],
  ['ok', 'lib.example.org/one@>v1.1.0', 1],
  ['ok', 'lib.example.org/one@main', 'stops'],
  ['ok', 'lib.example.org/one@feature/x', 'stops'],
  ['ok', 'lib.example.org/one@v9.0.0', 'stops'],
  ['ok', 'lib.example.org/one@v1.0.0+meta', 1],
  ['ok', 'lib.example.org/Upper@v1.0.0', 1],
  ['ok', 'lib.example.org/taken@latest', 1],
  ['ok', 'lib.example.org/untagged@latest', 1],
  ['ok', `lib.example.org/untagged@${pseudo}`, 1],
  ['ok', 'lib.example.org/commits@latest', 1],
  ['ok', 'lib.example.org/legacy@latest', 1],
  ['ok', 'lib.example.org/legacy@v2.0.0+incompatible', 1],
  ['ok', 'lib.example.org/legacy@v2', 1],
  ['ok', 'lib.example.org/kept@latest', 1],
  ['404,ok', latest, 2],
  ['list404,ok', latest, 1],
  ['list500|ok', latest, 1],
  ['list500,ok', latest, 'stops'],
  ['html,ok', latest, 'stops'],
  ['refused|ok', latest, 2],
  // The origin.
  ['404,direct', tool, 'direct'],
  ['direct', tool, 'direct'],
  ['403,direct', tool, 'stops'],
  ['403|direct', tool, 'direct'],
  ['zip404,direct', tool, 'direct'],
  ['direct,ok', tool, 'direct'],
  ['404,direct', tool, 'stops', { env: { GOVCS: 'public:hg' } }],
  ['404,direct', tool, 'direct', { env: { GOVCS: 'github.com/lab:git,public:off' } }],
  ['404,direct', tool, 'stops', { env: { GOVCS: 'nonsense' } }],
  ['404,direct', 'github.com/lab@v1.0.0', 'stops'],
  ['404,direct', 'github.com/lab/tool.git@v1.0.0', 'stops'],
  // Where a page says where the code lies.
  ['direct', 'go.lab.example/tool@v1.0.0', 'direct'],
  ['404,direct', 'go.lab.example/tool@v1.0.0', 'direct'],
  ['direct', 'go.lab.example/status@v1.0.0', 'direct'],
  ['direct', 'go.lab.example/proxied@v1.0.0', 'direct'],
  ['404,direct', 'go.lab.example/proxied@v1.0.0', 'direct'],
  ['direct', 'go.lab.example/proxied@latest', 'direct'],
  ['direct', 'go.lab.example/group/sub@v1.0.0', 'direct'],
  ['direct', 'go.lab.example/team/sub@v1.0.0', 'stops'],
  ['direct', 'go.lab.example/svn@v1.0.0', 'stops'],
  ['direct', 'go.lab.example/strange@v1.0.0', 'stops'],
  ['direct', 'go.lab.example/file@v1.0.0', 'stops'],
  ['direct', 'go.lab.example/bare@v1.0.0', 'stops'],
  ['direct', 'go.lab.example/twice@v1.0.0', 'stops'],
  ['direct', 'go.lab.example/other@v1.0.0', 'stops'],
  ['direct', 'go.lab.example/empty@v1.0.0', 'stops'],
  ['direct', 'go.lab.example/nothing@v1.0.0', 'stops'],
  ['direct', 'gone.lab.example/tool@v1.0.0', 'stops'],
  ['direct', 'plain.lab.example/tool@v1.0.0', 'stops'],
  ['direct', 'plain.lab.example/tool@v1.0.0', 'direct', { env: { GOINSECURE: 'plain.lab.example' } }],
  ['ok', 'go.lab.example/tool@v1.0.0', 'direct', { env: { GOPRIVATE: 'go.lab.example' } }],
  ['ok,direct', 'go.lab.example/nothing@v1.0.0', 'stops', { env: { GOPRIVATE: 'go.lab.example' } }],
  // Patterns.
  ['ok', tool, 'direct', { env: { GOPRIVATE: 'github.com/lab/*' } }],
  ['ok', tool, 'direct', { env: { GONOPROXY: 'github.com/lab' } }],
  ['ok', tool, 1, { env: { GOPRIVATE: 'github.com/lab/*', GONOPROXY: 'none' } }],
  ['ok', tool, 1, { env: { GOPRIVATE: 'github.com/lab/tool/*' } }],
  ['off', tool, 'direct', { env: { GOPRIVATE: 'github.com/*/tool' } }],
  ['403', tool, 'direct', { env: { GONOPROXY: 'other.example,github.com' } }],
  ['ok,direct', tool, 'stops', { env: { GOPRIVATE: 'github.com', GOVCS: 'private:hg' } }],
  ['ok', one, 1, { env: { GOPRIVATE: 'example.org' } }],
  // The checksum database.
  ['ok', one, 1, { sumdb: 'url' }],
  ['404,ok', latest, 2, { sumdb: 'url' }],
  ['ok', tool, 'stops', { sumdb: 'url' }],
  ['ok', tool, 1, { sumdb: 'url', env: { GONOSUMDB: 'github.com/lab' } }],
  ['direct', tool, 'stops', { sumdb: 'url' }],
  ['direct', tool, 'direct', { sumdb: 'url', env: { GOPRIVATE: 'github.com/lab' } }],
  ['direct', tool, 'stops', { sumdb: 'url', env: { GONOPROXY: 'github.com/lab' } }],
  ['modbad', one, 'stops', { sumdb: 'url' }],
  ['modbad|ok', one, 1, { sumdb: 'url' }],
  ['modbad', one, 1],
  ['sum', one, 1, { sumdb: 'proxies' }],
  ['sum,ok', latest, 1, { sumdb: 'proxies' }],
  ['404,sum', one, 2, { sumdb: 'proxies' }],
  ['ok,sum', one, 1, { sumdb: 'proxies' }],
  ['ok', one, 'stops', { sumdb: 'proxies' }],
  ['sum403,sum', one, 'stops', { sumdb: 'proxies' }],
  ['sum403|sum', one, 1, { sumdb: 'proxies' }],
  ['sum403|404', one, 'stops', { sumdb: 'proxies' }],
  ['sum403|404,direct', one, 'stops', { sumdb: 'proxies' }],
  ['sumlookup404', one, 'stops', { sumdb: 'proxies' }],
  ['sumlookup404|sum', one, 'stops', { sumdb: 'proxies' }],
  ['sumlookup500,ok', one, 'stops', { sumdb: 'proxies' }],
  ['404,sum', one, 2, { sumdb: 'proxies', env: { GOPRIVATE: 'other.example.org' } }],
  ['ok', one, 'stops', { env: { GOSUMDB: 'nonsense' } }],
  ['sum', one, 1, { sumdb: 'proxies', goSum: 'right' }],
  ['ok', one, 'stops', { goSum: 'wrong' }],
  // What Go says before it asks anybody.
  [',', one, 'stops'],
  ['ftp://lib.example.org,ok', one, 'stops'],
  ['foo', one, 'stops'],
  ['http:///x,ok', one, 'stops'],
  ['https:/lib.example.org|ok', one, 2],
];

describe.concurrent('a route is what go mod download does', () => {
  let lab: RouteLab;
  beforeAll(async () => {
    lab = await openRouteLab();
  });
  afterAll(() => lab?.close());

  test.each(
    rows.map((row, at) => [`${row[0]} for ${row[1]} ${JSON.stringify(row[3] ?? '')}`, at, row] as const),
  )('%s', async (_, at, [chain, question, ends, more = {}]) => {
    const name = `r${at}x`;
    const goproxy = lab.goproxy(name, chain);
    const gosumdb =
      more.sumdb === undefined ? 'off' : more.sumdb === 'url' ? lab.gosumdb.atUrl : lab.gosumdb.behindProxies;
    const settings = { GOPROXY: goproxy, GOSUMDB: gosumdb, ...more.env };
    const goSum = more.goSum === undefined ? undefined : goSumOf(lab.sums, more.goSum);
    const files = goSum === undefined ? undefined : { 'go.mod': 'module main\n\ngo 1.21\n', 'go.sum': goSum };
    const [route, go] = [
      await ours(lab, name, question, settings, goSum),
      await lab.go(name, settings, ['mod', 'download', '-x', question], files),
    ];
    expect(requestsOf(route)).toEqual(requestsOfGo(go, goproxy));
    expect(`${route.end?.type} ${go.exitCode}`).toBe(ends === 'stops' ? 'failed 1' : 'served 0');
    if (route.end?.type === 'served') {
      const hop = parseProxyChain(goproxy).hops[Number(ends) - 1]?.shown ?? 'direct';
      expect(route.end.servedBy).toBe(hop);
      expect(go.stderr).not.toContain('go: ');
    } else if (route.end?.type === 'failed') expectSaid(go.stderr, route.end.goSays);
  });
});

async function ours(
  lab: RouteLab,
  name: string,
  text: string,
  env: Readonly<Record<string, string>>,
  goSum: string | undefined,
): Promise<Route> {
  const question = parseQuestion(text, { goos: 'linux', goarch: 'amd64' });
  if (typeof question === 'string') throw new Error(question);
  const plan = planRoute(question, {
    goproxy: env.GOPROXY ?? '',
    gonoproxy: env.GONOPROXY ?? '',
    goprivate: env.GOPRIVATE ?? '',
    gonosumdb: env.GONOSUMDB ?? '',
    gosumdb: env.GOSUMDB ?? '',
    goinsecure: env.GOINSECURE ?? '',
    govcs: env.GOVCS ?? '',
    goflags: '',
  });
  const recorded = (module: string, version: string, of: 'zip' | 'mod') =>
    goSum
      ?.split('\n')
      .find((line) => line.startsWith(`${module} ${version}${of === 'mod' ? '/go.mod' : ''} `))
      ?.split(' ')[2];
  return await runRoute(plan, { environment: lab.environment(name, env), timeoutMs: 10_000 }, { recorded });
}

/** requestsOf writes each request of ours that went over HTTP with its answer. */
function requestsOf(route: Route): readonly string[] {
  return route.steps.flatMap(({ request, outcome, status }) =>
    /^https?:\/\//.test(request) && outcome !== 'not-asked'
      ? [`${decodeURIComponent(request)} ${status ?? 'failed'}`]
      : [],
  );
}

/** requestsOfGo does the same with what go printed, but for the tiles that prove a sum. */
function requestsOfGo({ stderr }: GoEnd, goproxy: string): readonly string[] {
  const chain = parseProxyChain(goproxy);
  return stderr.split('\n').flatMap((line) => {
    const get = parseXGet(line, chain);
    if (get?.answer === undefined || /\/tile\//.test(get.url)) return [];
    // Of an answer that breaks off go prints the status, and fails afterwards.
    const status = /\/cut\//.test(get.url) ? undefined : get.answer.status;
    return [`${decodeURIComponent(get.url)} ${status ?? 'failed'}`];
  });
}

/** expectSaid holds our words against Go's; of a request without an answer Go also names the address, which we need not know. */
function expectSaid(stderr: string, ours: string): void {
  const network = /^(.*(?:Get|read) "[^"]*": ?)(.*)$/s.exec(ours);
  if (network === null) {
    expect(stderr).toContain(ours);
    return;
  }
  expect(stderr).toContain(network[1]);
  expect(stderr).toContain(network[2]);
}

function goSumOf(sums: string, kind: 'right' | 'wrong'): string {
  return kind === 'right' ? sums : sums.replace(/h1:./g, (start) => (start === 'h1:A' ? 'h1:B' : 'h1:A'));
}
