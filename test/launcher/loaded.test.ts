import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { launcher, makeFolder, root, run } from './installation.ts';

/** Metafile is what we read of esbuild's description of its output. */
type Metafile = {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, unknown>>;
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
      }
    >
  >;
};

// yoga-layout and react-reconciler come with Ink only.
const terminalPackage = /node_modules\/(?:ink|react|react-reconciler|yoga-layout|ink-[^/]+)\//;

// Notes each file that Node loads in the main thread.
const listener = `
  import { appendFileSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { appendFileSync(process.env.LOADED_FILES, url + '\\n'); return next(url, context); } });
`;

test('the screen is a part of the bundle that main.js does not import at once', async ({ skip }) => {
  const metafile = await describeBundle();
  const withTerminal = terminalOutputs(metafile);
  if (withTerminal.size === 0) skip('nothing in source/ imports Ink');
  const atOnce = new Set(['main.js']);
  for (const output of atOnce) {
    for (const { path, kind } of metafile.outputs[`dist/${output}`]?.imports ?? []) {
      if (kind === 'import-statement') atOnce.add(basename(path));
    }
  }
  expect([...atOnce].filter((output) => withTerminal.has(output))).toEqual([]);
});

test.each([
  [['--version']],
  [['--help']],
  [['report', '--', 'go', 'version']],
  [['report', '--json', '--', 'go', 'version']],
])('%j loads neither React nor Ink', async (args) => {
  const withTerminal = terminalOutputs(await describeBundle());
  const folder = makeFolder();
  const [listenerFile, loadedFiles] = [join(folder, 'listener.mjs'), join(folder, 'loaded')];
  writeFileSync(listenerFile, listener);
  const result = await run(process.execPath, ['--import', listenerFile, launcher, ...args], {
    environment: { LOADED_FILES: loadedFiles },
  });
  expect(result).toMatchObject({ code: 0 });
  expect(result.stdout).not.toBe('');

  const urls = readFileSync(loadedFiles, 'utf8').trim().split('\n');
  const files = urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
  expect(files).toContain(join(root, 'dist', 'main.js'));
  expect(files.filter((file) => terminalPackage.test(file))).toEqual([]);
  expect(files.filter((file) => withTerminal.has(basename(file)))).toEqual([]);
});

/** describeBundle bundles again, into the same files, and gives their description. */
async function describeBundle(): Promise<Metafile> {
  const file = join(makeFolder(), 'metafile.json');
  const bundled = await run(process.execPath, [join(root, 'scripts', 'bundle.js'), '--metafile', file]);
  expect(bundled).toMatchObject({ code: 0 });
  return JSON.parse(readFileSync(file, 'utf8')) as Metafile;
}

/** terminalOutputs gives the files of dist/ that hold a part of React or Ink. */
function terminalOutputs(metafile: Metafile): Set<string> {
  const outputs = Object.entries(metafile.outputs);
  const withTerminal = outputs.filter(([, output]) =>
    Object.keys(output.inputs).some((input) => terminalPackage.test(input)),
  );
  return new Set(withTerminal.map(([file]) => basename(file)));
}
