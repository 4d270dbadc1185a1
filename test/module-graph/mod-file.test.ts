import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { isRetracted, parseModFile, parseWorkFile } from '../../source/module-graph/mod-file.ts';
import { parseVendorList } from '../../source/module-graph/vendor-list.ts';
import { goAlone, write } from './mod-files.ts';

const dir = mkdtempSync(join(tmpdir(), 'gocachetop-modfile-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const modFiles: readonly (readonly [string, string])[] = [
  [
    'one line each',
    'module example.com/a\n\ngo 1.26.0\n\ntoolchain go1.26.8\n\nrequire golang.org/x/text v0.3.0\n',
  ],
  [
    'blocks and comments',
    `// a file
module example.com/a // of ours

go 1.21

require (
	golang.org/x/text v0.3.0 // indirect
	golang.org/x/net v0.1.0 // indirect; for a test
	golang.org/x/sys v0.1.0 // directly
	// golang.org/x/mod v0.1.0
	github.com/Azure/x v2.0.0+incompatible
)

exclude golang.org/x/net v0.0.1

exclude (
	golang.org/x/net v0.0.2
	golang.org/x/net v0.0.3
)
`,
  ],
  [
    'replacements',
    `module example.com/a

replace golang.org/x/text => ../text

replace (
	golang.org/x/net v0.1.0 => example.com/net v0.2.0
	golang.org/x/sys => /abs/sys
	"golang.org/x/mod" => "./a folder"
)
`,
  ],
  [
    'retractions, a deprecation, tools, ignored folders',
    `// Something else.
//
// Deprecated: use example.com/b
// instead.
module example.com/a

go 1.25

retract v1.0.0 // Published by mistake.

// Leaks.
retract [v1.1.0, v1.2.0]

retract (
	v1.3.0 // Broken.
	[v1.4.0,v1.5.0]
)

tool example.com/a/cmd/gen

ignore ./node_modules
`,
  ],
  ['CRLF, and no line end', 'module example.com/a\r\n\r\ngo 1.26\r\nrequire golang.org/x/text v0.3.0'],
];

type Edited = {
  readonly Module: { readonly Path: string; readonly Deprecated?: string };
  readonly Go?: string;
  readonly Toolchain?: string;
  readonly Require: readonly { Path: string; Version: string; Indirect?: boolean }[] | null;
  readonly Exclude: readonly { Path: string; Version: string }[] | null;
  readonly Replace:
    | readonly { Old: { Path: string; Version?: string }; New: { Path: string; Version?: string } }[]
    | null;
  readonly Retract: readonly { Low: string; High: string; Rationale?: string }[] | null;
  readonly Tool: readonly { Path: string }[] | null;
  readonly Ignore: readonly { Path: string }[] | null;
};

describe('go.mod files read as go mod edit -json reads them', () => {
  test.each(modFiles)('%s', (_, text) => {
    write(join(dir, 'go.mod'), text);
    const told = JSON.parse(goAlone(dir, dir, ['mod', 'edit', '-json'], '')) as Edited;
    const read = parseModFile(text);
    expect(read).toEqual({
      module: told.Module.Path,
      deprecated: told.Module.Deprecated?.replaceAll('\n', ' '),
      go: told.Go,
      toolchain: told.Toolchain,
      require: (told.Require ?? []).map(({ Path, Version, Indirect = false }) => ({
        path: Path,
        version: Version,
        isIndirect: Indirect,
      })),
      exclude: (told.Exclude ?? []).map(({ Path, Version }) => ({ path: Path, version: Version })),
      replace: (told.Replace ?? []).map(({ Old, New }) => ({
        from: { path: Old.Path, version: Old.Version ?? '' },
        to: { path: New.Path, version: New.Version ?? '' },
      })),
      retract: (told.Retract ?? []).map(({ Low, High, Rationale = '' }) => ({
        low: Low,
        high: High,
        rationale: Rationale,
      })),
      tool: (told.Tool ?? []).map(({ Path }) => Path),
      ignore: (told.Ignore ?? []).map(({ Path }) => Path),
    });
  });

  test.each([
    ['empty', ''],
    ['a web page', '<!doctype html>\n<html>'],
    ['a string without an end', 'module "example.com/a\nrequire x v1.0.0'],
    ['a block without an end', 'require (\nx v1.0.0'],
    ['bytes', '\u0000\u0001module\u0000'],
    ['words missing', 'module\nrequire\nrequire x\nreplace x =>\nretract\nexclude y\n'],
  ])('what is none does not stop it: %s', (_, text) => {
    expect(parseModFile(text).module).toBe('');
  });
});

test('go.work', () => {
  expect(
    parseWorkFile(
      'go 1.26\n\ntoolchain go1.26.8\n\nuse ./a\nuse (\n\t./b // ours\n\t../c\n)\n\nreplace x v1.0.0 => ./x\n',
    ),
  ).toEqual({
    go: '1.26',
    toolchain: 'go1.26.8',
    use: ['./a', './b', '../c'],
    replace: [{ from: { path: 'x', version: 'v1.0.0' }, to: { path: './x', version: '' } }],
  });
});

test.each([
  ['v1.0.0', true],
  ['v1.0.1', false],
  ['v1.1.5', true],
  ['v1.2.0', true],
  ['v1.2.1', false],
])('%s is retracted: %s', (version, expected) => {
  const { retract } = parseModFile('retract v1.0.0\nretract [v1.1.0, v1.2.0]\n');
  expect(isRetracted(version, retract) !== undefined).toBe(expected);
});

test('vendor/modules.txt', () => {
  const text = `# golang.org/x/text v0.3.0
## explicit; go 1.17
golang.org/x/text/language
# golang.org/x/net v0.1.0 => example.com/net v0.2.0
# golang.org/x/sys v0.1.0 => ../sys
# golang.org/x/mod => ./mod
`;
  expect(parseVendorList(text)).toEqual([
    { path: 'golang.org/x/text', version: 'v0.3.0' },
    { path: 'example.com/net', version: 'v0.2.0' },
  ]);
});
