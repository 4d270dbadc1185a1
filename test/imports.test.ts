import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** mayImport is the direction: what stands left may import from its own room and from those on the right. */
const mayImport: Readonly<Record<string, readonly string[]>> = withLower({
  main: ['app', 'commands', 'help', 'version'],
  commands: ['place', 'help', 'report'],
  app: ['screen-app', 'session'],
  'screen-app': ['session', 'repointing', 'ui', 'report', 'output-log', 'outside'],
  session: ['arriving', 'counting', 'operating', 'recording', 'route-basis', 'session-options'],
  arriving: ['session-options', 'store'],
  operating: [
    'counting',
    'pruning',
    'pruning-modules',
    'recovering',
    'redownloading',
    'repointing',
    'inspecting',
    'verifying',
    'probing',
    'applying',
    'examining',
    'session-options',
  ],
  counting: ['contents', 'session-options'],
  'session-options': ['place', 'store'],
  repointing: ['pruning', 'store'],
  recovering: ['one-at-a-time', 'store'],
  redownloading: ['store'],
  inspecting: ['contents', 'inspecting-modules', 'store'],
  'inspecting-modules': ['store'],
  verifying: ['store'],
  probing: ['store'],
  applying: ['one-at-a-time', 'store'],
  'route-basis': ['store'],
  examining: ['session-options', 'store'],
  pruning: ['contents', 'one-at-a-time', 'store'],
  'pruning-modules': ['one-at-a-time', 'store'],
  'one-at-a-time': [],
  contents: ['store'],
  recording: ['store'],
  place: ['command-line', 'operations'],
  'command-line': ['help'],
  help: [],
  'output-log': [],
  outside: ['go'],
  version: [],
  ui: ['store'],
  report: ['store', 'cache-bench'],
  store: ['operations'],
  operations: ['record', 'build-cache', 'module-cache', 'module-graph', 'proxy', 'checksums'],
  record: ['build'],
  'cache-bench': ['build-cache'],
  build: ['go'],
  'build-cache': ['go'],
  'module-cache': ['go'],
  'module-graph': ['go'],
  proxy: ['go'],
  checksums: ['go'],
  go: [],
  platform: [],
});

/** doesIO are the files that may import from platform, besides the wiring: commands, and what lies in no room. */
const doesIO = /^(?:scan|feed|probe|run|env|list|pool|.*-worker)\.ts$/;

/** terminal packages are for ui alone: what prints text or JSON should not load them. */
const terminalPackages = /^(?:ink|react|ink-[^/]+|react-[^/]+)(?:\/|$)/;

const source = resolve(import.meta.dirname, '..', 'source');

describe('direction of imports', () => {
  const files = new Map(
    readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => file.replaceAll('\\', '/'))
      .map((file) => [file, readFileSync(join(source, file), 'utf8')] as const),
  );

  test('holds in source/', () => {
    expect(files.has('main.ts')).toBe(true);
    expect(findViolations(files)).toEqual([]);
  });

  test.each([
    [
      'a domain room that imports another',
      { 'build/x.ts': "import { a } from '../proxy/chain.ts';" },
      'build may not import from proxy',
    ],
    [
      'a type from above counts',
      { 'go/x.ts': "import type { S } from '../store/state.ts';" },
      'go may not import from store',
    ],
    [
      'store that imports ui',
      { 'store/x.ts': "import { a } from '../ui/app.tsx';" },
      'store may not import from ui',
    ],
    [
      'report that imports ui',
      { 'report/x.ts': "import { a } from '../ui/keys.ts';" },
      'report may not import from ui',
    ],
    [
      'an import over several lines',
      { 'go/x.ts': "import {\n  a,\n  b,\n} from '../build/unit.ts';" },
      'go may not import from build',
    ],
    ['a re-export', { 'go/x.ts': "export * from '../build/unit.ts';" }, 'go may not import from build'],
    ['an import for its effect', { 'go/x.ts': "import '../build/unit.ts';" }, 'go may not import from build'],
    ['a dynamic import', { 'go/x.ts': "await import('../build/unit.ts');" }, 'go may not import from build'],
    [
      'an import type in the middle of a type',
      { 'go/x.ts': "let a: import('../build/unit.ts').Unit;" },
      'go may not import from build',
    ],
    [
      'a parser that does IO',
      { 'build/parse.ts': "import { walk } from '../platform/walk.ts';" },
      'only files that do IO import from platform',
    ],
    ['ink outside of ui', { 'report/x.ts': "import { Text } from 'ink';" }, 'only ui imports ink'],
    [
      'react below ui',
      { 'store/x.ts': "import { jsx } from 'react/jsx-runtime';" },
      'only ui imports react/jsx-runtime',
    ],
    ['a file in no room', { 'utils/x.ts': 'export {};' }, 'utils is no room'],
    [
      'a way out of source',
      { 'go/x.ts': "import { a } from '../../scripts/a.ts';" },
      'go may not import from ..',
    ],
    [
      'main that loads ui at once',
      {
        'main.ts': "import { run } from './app.ts';",
        'app.ts': "import { open } from './ui/open.tsx';",
        'ui/open.tsx': '',
      },
      'main.ts loads ui/open.tsx at its start',
    ],
    [
      'report that loads react through another file',
      { 'report/a.ts': "import { b } from './b.ts';", 'report/b.ts': "import { useState } from 'react';" },
      'report/a.ts loads react at its start',
    ],
  ])('finds %s', (_, snippets, message) => {
    expect(findViolations(new Map(Object.entries(snippets))).join('\n')).toContain(message);
  });

  test.each([
    ['downward', { 'store/x.ts': "import { a } from '../go/settings.ts';" }],
    ['within a room', { 'go/x.ts': "import { a } from './y.ts';" }],
    [
      'platform from a file that does IO',
      { 'build-cache/scan-worker.ts': "import { walk } from '../platform/walk.ts';" },
    ],
    ['platform from a scan', { 'build-cache/scan.ts': "import { walk } from '../platform/walk.ts';" }],
    [
      'a problem from anywhere',
      { 'build/parse.ts': "import type { Problem } from '../platform/problem.ts';" },
    ],
    [
      'ui when it is needed',
      { 'main.ts': "await import('./ui/open.tsx');", 'ui/open.tsx': "import { render } from 'ink';" },
    ],
    [
      'an import in a comment',
      { 'go/x.ts': "// import { a } from '../ui/x.ts';\n/* import '../ui/y.ts'; */" },
    ],
    ['a URL with two slashes', { 'go/x.ts': "const a = 'https://x'; import { b } from './b.ts';" }],
  ])('allows %s', (_, snippets) => {
    expect(findViolations(new Map(Object.entries(snippets)))).toEqual([]);
  });
});

/** withLower adds to each room what the rooms that it may import may import themselves. */
function withLower(
  direct: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const reach = (room: string): string[] => (direct[room] ?? []).flatMap((lower) => [lower, ...reach(lower)]);
  return Object.fromEntries(Object.keys(direct).map((room) => [room, [...new Set(reach(room))]]));
}

type Import = {
  /** target is a file relative to source, or the name of a package. */
  readonly target: string;
  readonly isFile: boolean;
  /** kind tells when it is loaded: with the file, when the import call runs, or never. */
  readonly kind: 'static' | 'dynamic' | 'type';
};

/** findViolations reads the files, by their path in source, and gives one line for each import that is not allowed. */
function findViolations(files: ReadonlyMap<string, string>): string[] {
  const imports = new Map([...files].map(([file, text]) => [file, findImports(file, text)] as const));
  const violations: string[] = [];
  for (const [file, targets] of imports) {
    const room = roomOf(file);
    if (mayImport[room] === undefined) violations.push(`${file}: ${room} is no room`);
    for (const found of targets) {
      const why = whyNot(file, room, found);
      if (why !== undefined) violations.push(`${file}: ${why} (${found.target})`);
    }
    if (room === 'main' || room === 'commands' || room === 'report') {
      for (const loaded of loadedAtStart(file, imports)) {
        if (roomOf(loaded) === 'ui' || terminalPackages.test(loaded)) {
          violations.push(`${file} loads ${loaded} at its start`);
        }
      }
    }
  }
  return violations;
}

/** roomOf gives the folder of a file, or the name of a file that stands in source itself. */
function roomOf(file: string): string {
  const [first = ''] = file.split('/');
  return basename(first, '.ts');
}

function whyNot(file: string, room: string, found: Import): string | undefined {
  if (!found.isFile) {
    return terminalPackages.test(found.target) && room !== 'ui'
      ? `only ui imports ${found.target}`
      : undefined;
  }
  const target = roomOf(found.target);
  if (target === room || found.target === 'platform/problem.ts') return undefined;
  if (target === 'platform') {
    const isAllowed = !file.includes('/') || room === 'commands' || doesIO.test(basename(file));
    return isAllowed ? undefined : 'only files that do IO import from platform';
  }
  return mayImport[room]?.includes(target) ? undefined : `${room} may not import from ${target}`;
}

const importForms = [
  { kind: 'static', form: /\b(?:import|export)\s+(?!type\b)(?:[\w$*\s{},]+?\s+from\s*)?(['"])([^'"]+)\1/g },
  { kind: 'type', form: /\b(?:import|export)\s+type\s[\w$*\s{},]+?\sfrom\s*(['"])([^'"]+)\1/g },
  { kind: 'dynamic', form: /\bimport\s*\(\s*(['"])([^'"]+)\1/g },
] as const;

function findImports(file: string, text: string): Import[] {
  const code = withoutComments(text);
  return importForms.flatMap(({ kind, form }) =>
    [...code.matchAll(form)].map(([, , name = '']) => {
      const isFile = name.startsWith('.');
      return { target: isFile ? posix.join(dirname(file), name) : name, isFile, kind };
    }),
  );
}

/** withoutComments drops comments; a `//` within quotes is not one. */
function withoutComments(text: string): string {
  const token = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (found) => (found.startsWith('/') ? ' ' : found));
}

/** loadedAtStart follows the static imports from one file on. */
function loadedAtStart(start: string, imports: ReadonlyMap<string, readonly Import[]>): Set<string> {
  const loaded = new Set([start]);
  for (const file of loaded) {
    for (const { target, kind } of imports.get(file) ?? []) if (kind === 'static') loaded.add(target);
  }
  return loaded;
}
