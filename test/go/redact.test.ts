import { afterAll, beforeAll, expect, test } from 'vitest';
import { redactUrl } from '../../source/go/redact.ts';
import { buildOracle, type Oracle } from './oracle.ts';

test.each([
  ['https://user:secret@host.example/p', 'https://user:xxxxx@host.example/p'],
  ['https://host.example/p', 'https://host.example/p'],
  ['https://user:@host.example', 'https://user:xxxxx@host.example'],
  ['https://:secret@host.example', 'https://:xxxxx@host.example'],
  // A name alone is how tokens are given; Go would show it.
  ['https://ghp_token@host.example', 'https://xxxxx@host.example'],
  ['ssh://git@host.example/repo', 'ssh://git@host.example/repo'],
  ['git@host.example:team/repo', 'git@host.example:team/repo'],
  ['https://a:b@c@host.example', 'https://a:xxxxx@host.example'],
  ['HTTPS://user:secret@HOST', 'HTTPS://user:xxxxx@HOST'],
  // Go's net/http has hidden it already, in another word.
  ['Get "https://user:***@host.example/x": EOF', 'Get "https://user:xxxxx@host.example/x": EOF'],
  // A list, with the last entry lacking its scheme.
  [
    'https://u:p1@a.example|https://u2:p2@b.example,u3:p3@c.example,direct',
    'https://u:xxxxx@a.example|https://u2:xxxxx@b.example,u3:xxxxx@c.example,direct',
  ],
  ['u:p@localhost:8080,off', 'u:xxxxx@localhost:8080,off'],
  ['u:p@[::1]:8080', 'u:xxxxx@[::1]:8080'],
  [
    '# get https://u:p@h.example/a/@v/v1.0.0.zip: 200 OK (0.039s)',
    '# get https://u:xxxxx@h.example/a/@v/v1.0.0.zip: 200 OK (0.039s)',
  ],
  // A slash that was not escaped: Go takes the password for a port and shows it all.
  [
    'invalid proxy URL: parse "https://u:pa/ss@h.example": invalid port ":pa" after host',
    'invalid proxy URL: parse "https://u:xxxxx@h.example": invalid port ":pa" after host',
  ],
  ['https://h.example/a?token=abc&x=1', 'https://h.example/a?token=xxxxx&x=1'],
  ['https://h.example/a?x=1&X-Amz-Signature=abc', 'https://h.example/a?x=1&X-Amz-Signature=xxxxx'],
  ['https://h.example/a?monkey=1', 'https://h.example/a?monkey=1'],
  // What only looks like it stays.
  ['https://h.example:8080/github.com/a/@v/list', 'https://h.example:8080/github.com/a/@v/list'],
  ['https://[::1]:8080/a/@v/list', 'https://[::1]:8080/a/@v/list'],
  ['example.com/a@v1.2.3', 'example.com/a@v1.2.3'],
  ['a.go:3:5: undefined: x', 'a.go:3:5: undefined: x'],
  ['', ''],
])('%s', (text, expected) => {
  expect(redactUrl(text)).toBe(expected);
  expect(redactUrl(expected)).toBe(expected);
});

let oracle: Oracle | undefined;
beforeAll(async () => {
  oracle = await buildOracle();
}, 120_000);
afterAll(() => oracle?.remove());

test('a URL with a password looks as net/url redacts it', async ({ skip }) => {
  if (oracle === undefined) return skip('this Go has no sources of cmd/vendor: NOT compared with Go');
  const urls = [
    'https://user:secret@host.example/p?q=1',
    'https://user:@host',
    'http://:x@host:80/',
    'https://a:b:c@h/',
  ];
  const answers = await oracle.ask(urls.map((url) => ({ fn: 'redacted', args: [url] })));
  expect(urls.map(redactUrl)).toEqual(answers);
});
