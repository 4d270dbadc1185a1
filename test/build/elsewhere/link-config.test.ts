import { describe, expect, test } from 'vitest';
import { countOutcomes, parseLinkConfig } from '../../../source/build/elsewhere/link-config.ts';

const output = 'a299'.padEnd(64, '0');
const lines = [
  'packagefile example.com/m/cmd/app=/tmp/go-build24/b001/_pkg_.a',
  `packagefile fmt=/home/u/.cache/go-build/a2/${output}-d`,
  'packagefile example.com/m/a=/private/tmp/go-build24/b003/_pkg_.a',
  'modinfo "0w\\xaf\\f\\x92t\\b\\x02A\\xe1\\xc1\\aw\\xe6\\xd6\\x18\\xe6path\\n"',
  '',
];

describe('parseLinkConfig', () => {
  test('tells hits from packages that were compiled now, however WORK is spelled', () => {
    const config = parseLinkConfig(lines.join('\n'), 'go-build24');
    expect(config).toEqual({
      program: 'example.com/m/cmd/app',
      packages: [
        { importPath: 'example.com/m/cmd/app', outcome: 'miss', file: '/tmp/go-build24/b001/_pkg_.a' },
        { importPath: 'fmt', outcome: 'hit', file: `/home/u/.cache/go-build/a2/${output}-d` },
        { importPath: 'example.com/m/a', outcome: 'miss', file: '/private/tmp/go-build24/b003/_pkg_.a' },
      ],
      cacheFolders: ['/home/u/.cache/go-build'],
    });
    expect(countOutcomes(config?.packages ?? [])).toEqual({ hits: 1, misses: 2 });
  });

  test('cut at any place, it is not there yet', () => {
    const body = lines.join('\n');
    for (let end = 0; end < body.length; end += 1)
      expect(parseLinkConfig(body.slice(0, end), 'go-build24'), `cut at ${end}`).toBeUndefined();
  });

  test('an archive installed in GOROOT is neither hit nor miss', () => {
    const installed = 'packagefile fmt=/usr/local/go/pkg/linux_amd64/fmt.a\n';
    const config = parseLinkConfig(installed + lines.join('\n'), 'go-build24');
    expect(config?.packages.map(({ outcome }) => outcome)).toEqual(['miss', 'hit', 'miss']);
    expect(config?.program).toBe('fmt');
  });

  test('another WORK in a path is not this one', () => {
    expect(
      parseLinkConfig(lines.join('\n'), 'go-build2')?.packages.map(({ importPath }) => importPath),
    ).toEqual(['fmt']);
  });
});
