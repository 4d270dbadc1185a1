import { expect, test } from 'vitest';
import { mayHear } from '../../../source/operations/conformance/privacy.ts';
import { parseProxyChain } from '../../../source/proxy/chain.ts';

const nothing = {
  goproxy: '',
  goprivate: '',
  gonoproxy: '',
  gonosumdb: '',
  gosumdb: '',
  goinsecure: '',
  govcs: '',
  goflags: '',
};
const corp = { ...nothing, goprivate: 'corp.com' };
const served = { ...corp, gonoproxy: 'none' };

test.each([
  ['a public module', 'https://proxy.public.com', 'github.com/a/b', nothing, true],
  ['a private one, a public server', 'https://proxy.public.com', 'corp.com/a', corp, false],
  ['a host that cannot be public', 'https://proxy.public.com', 'git.acme.internal/a', nothing, false],
  [
    'a server of the same people',
    'https://goproxy.corp.com',
    'corp.com/a',
    {
      ...corp,
      goprivate: '*.corp.com,corp.com',
    },
    true,
  ],
  ['a server of the local network', 'http://10.1.2.3:3000', 'corp.com/a', corp, true],
  ['this machine', 'http://localhost:3000', 'corp.com/a', corp, true],
  ['a tree of files', 'file:///srv/proxy', 'corp.com/a', corp, true],
  ['in GOPROXY, but GONOPROXY keeps the module away', 'https://goproxy.acme.com', 'corp.com/a', corp, false],
  ['in GOPROXY, and go tells it anyway', 'https://goproxy.acme.com/', 'corp.com/a', served, true],
  ['not in GOPROXY', 'https://goproxy.other.com', 'corp.com/a', served, false],
])('%s', (_, url, module, settings, expected) => {
  const chain = parseProxyChain('https://goproxy.acme.com,direct');
  expect(mayHear(url, module, settings, chain)).toBe(expected);
});
