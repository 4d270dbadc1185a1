import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findHop, parseProxyChain } from '../../source/proxy/chain.ts';
import { checkProxyUrl } from '../../source/proxy/proxy-url.ts';
import { buildOracle, type Oracle } from '../go/oracle.ts';

describe('parseProxyChain', () => {
  /** short writes a chain as `entry kind then`, with `-` before what Go never asks. */
  const short = (goproxy: string) =>
    parseProxyChain(goproxy).hops.map(
      (hop) => `${hop.reached ? '' : '- '}${hop.shown} ${hop.kind} ${hop.fallThrough ?? 'end'}`,
    );

  test.each([
    ['https://a.example', ['https://a.example proxy end']],
    [
      'https://a.example,https://b.example|direct',
      ['https://a.example proxy not-found', 'https://b.example proxy any-error', 'direct direct end'],
    ],
    [' https://a.example , off ', ['https://a.example proxy not-found', 'off off end']],
    // The separator right behind an entry counts; empty entries and a separator at the end do not.
    ['https://a.example|,,b.example,', ['https://a.example proxy any-error', 'https://b.example proxy end']],
    ['a.example|', ['https://a.example proxy end']],
    ['file:///srv/proxy,direct', ['file:///srv/proxy file not-found', 'direct direct end']],
    ['localhost:8080,off', ['https://localhost:8080 proxy not-found', 'off off end']],
    ['direct|https://a.example,off', ['direct direct end', '- https://a.example proxy end', '- off off end']],
    ['off,direct', ['off off end', '- direct direct end']],
    [
      'u:p@a.example,https://tok@b.example',
      ['https://u:xxxxx@a.example proxy not-found', 'https://xxxxx@b.example proxy end'],
    ],
  ])('%j', (goproxy, expected) => {
    expect(short(goproxy)).toEqual(expected);
    expect(parseProxyChain(goproxy).problem).toBeUndefined();
  });

  test('the entry keeps its password, for the request', () => {
    expect(parseProxyChain('u:p@a.example').hops[0]?.entry).toBe('https://u:p@a.example');
  });

  test('a problem hides the password that Go shows', () => {
    expect(parseProxyChain('https://u:pa/ss@h').problem).toBe(
      'parse "https://u:xxxxx@h": invalid port ":pa" after host',
    );
  });
});

describe('findHop', () => {
  const chain = parseProxyChain(
    'https://u:p@a.example/go/,HTTPS://a.example/go/sub|https://tok@b.example,direct,https://c.example',
  );
  test.each([
    ['https://u:xxxxx@a.example/go/x.example/@v/list', 'https://u:xxxxx@a.example/go/'],
    ['https://a.example/go/sub/x.example/@v/list', 'HTTPS://a.example/go/sub'],
    ['https://tok@b.example/x.example/@v/list', 'https://xxxxx@b.example'],
    // Another host that begins alike, and a hop behind direct.
    ['https://b.example.evil/x.example/@v/list', undefined],
    ['https://c.example/x.example/@v/list', undefined],
    ['https://git.example/x?go-get=1', undefined],
  ])('%s goes to %s', (url, shown) => {
    expect(findHop(chain, url)?.shown).toBe(shown);
  });
});

describe('beside the real go command', () => {
  let dir = '';
  let oracle: Oracle | undefined;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gocachetop-chain-'));
    await writeFile(join(dir, 'go.mod'), 'module example.com/m\n\ngo 1.21\n');
    oracle = await buildOracle();
  }, 120_000);
  afterAll(async () => {
    await oracle?.remove();
    await rm(dir, { recursive: true });
  });

  // Values that go refuses at once, and values that reach a proxy: nobody listens on port 1 of this machine.
  test.each([
    '',
    ' ',
    ',',
    '|,|',
    'foo',
    'foo|off',
    'ftp://x',
    ' off , foo',
    'http:foo',
    '://x',
    '/path',
    'file:/x',
    'file://host/x',
    'file:///x?y',
    'http://[::1',
    'http://h:p/x',
    'http://a b',
    'http://%zz',
    'http://h/%zz',
    'http://a:b:c/',
    'mailto:x',
    'http://127.0.0.1:1',
    'HTTP://127.0.0.1:1/',
    '127.0.0.1:1|off',
    'file:///nowhere',
    'file:///nowhere/,http://127.0.0.1:1',
    'DIRECT',
    'Off',
    'off|ftp://x',
    'foo,off',
    '\tfile:///nowhere\t',
    // Go's spaces are not those of JavaScript: U+0085 is one, U+FEFF is none.
    '\u0085off\u00a0',
    '\ufeffoff',
    'file:///nowhere#part',
    'file:///nowhere||off',
    'FILE:///nowhere',
    'file:///%zz',
    'file://u@/x',
    'http://127.0.0.1:1/a%2Fb?x=y',
    'a b',
    'a<b>',
    'http:///x',
    'https:/127.0.0.1:1',
    '127.0.0.1:1/a/b/',
    'https://127.0.0.1:1;x',
  ])('GOPROXY=%j', async (goproxy) => {
    const goenv = join(dir, 'env');
    // An empty line in the GOENV file is the one way to an empty GOPROXY.
    await writeFile(goenv, `GOPROXY=${goproxy}\n`);
    const env = {
      GOENV: goenv,
      GOPROXY: '',
      GONOPROXY: '',
      GOPRIVATE: '',
      GOFLAGS: '',
      GOMODCACHE: join(dir, 'mod'),
    };
    const ran = await execa('go', ['list', '-m', 'x.example/m@v1.0.0'], { cwd: dir, env, reject: false });
    expect(ran.exitCode).not.toBe(0);
    const chain = parseProxyChain(goproxy);
    const words = ran.stderr.replace('go: x.example/m@v1.0.0: ', '');
    if (chain.problem !== undefined) {
      expect(words).toBe(chain.problem);
    } else {
      expect(words).toMatch(
        /connection refused|no such file or directory|disabled by GOPROXY=off|no Host in request URL/,
      );
    }
  });

  test('an entry is a URL for us where it is one for net/url', async ({ skip }) => {
    if (oracle === undefined) return skip('this Go has no sources of cmd/vendor: NOT compared with Go');
    const urls = [
      'https://a.example',
      'http://[::1]:8080/x',
      'http://[::1]x/',
      'http://[fe80::1%25en0]/',
      'http://a[b/',
      'http://a:/x',
      'http://a:80b/x',
      'http://u@v:p@h/',
      'http://u^v@h/',
      'http://u%zz@h/',
      'http://h%20x/',
      'http://h%41/',
      'http://é.example/',
      'http://h/a b',
      'http://h/%4',
      'http://h/x#%zz',
      'http://h|x/',
      'http://h\\x/',
      'http://h{x}/',
      'https:///x',
      'https://',
      'file:///a/b?',
      '1http://x',
      'ht_tp://x',
    ];
    const answers = await oracle.ask(urls.map((url) => ({ fn: 'parseURL', args: [url] })));
    const ours = urls.map((url) => {
      const fault = checkProxyUrl(url);
      return fault?.startsWith('parse ') ? fault : null;
    });
    expect(urls.map((url, index) => [url, ours[index]])).toEqual(
      urls.map((url, index) => [url, answers[index]]),
    );
  });
});
