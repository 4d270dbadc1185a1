// Bundles source/ into dist/ with esbuild. Plain JavaScript, since npm's `prepare` may run it under a Node
// that cannot read TypeScript.
//
//   node scripts/bundle.js [--outdir DIR] [--metafile FILE] [--main FILE]
//
// dist/ is flat: main.js, one file per `*-worker.ts`, and the chunks they share. So a worker is found from any
// chunk as `new URL('./scan-worker.js', import.meta.url)`.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { values } = parseArgs({
  options: {
    outdir: { type: 'string', default: join(root, 'dist') },
    metafile: { type: 'string' },
    main: { type: 'string', default: 'source/main.ts' },
  },
});

try {
  const result = await bundle(resolve(values.outdir));
  if (values.metafile !== undefined) writeFileSync(values.metafile, JSON.stringify(result.metafile));
} catch (error) {
  // esbuild has printed the errors of the sources itself.
  if (!Array.isArray(error.errors)) console.error(`bundle: ${error.message}`);
  process.exitCode = 1;
}

/** bundle builds all entries and brings outdir up to date. */
async function bundle(outdir) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: values.main, out: 'main' },
      ...workers(join(root, 'source')).map((file) => ({ in: file, out: basename(file, '.ts') })),
    ],
    outdir,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    jsx: 'automatic',
    charset: 'utf8',
    minifySyntax: true,
    minifyWhitespace: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    // Ink imports it only under DEV=true; it is not installed.
    alias: { 'react-devtools-core': join(root, 'scripts', 'empty-module.js') },
    // CommonJS packages in the bundle call require for Node's own modules.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  write(outdir, result.outputFiles);
  return result;
}

/** workers lists the entries of worker threads, relative to the root, in a stable order. */
function workers(directory) {
  return readdirSync(directory, { recursive: true })
    .filter((file) => file.endsWith('-worker.ts'))
    .map((file) => join('source', file))
    .sort();
}

/**
 * write replaces only what changed, each file in one step, and removes what is left of earlier builds last:
 * a gocachetop that runs from outdir meanwhile never meets half a file.
 */
function write(outdir, files) {
  mkdirSync(outdir, { recursive: true });
  for (const { path, contents } of files) {
    if (existsSync(path) && readFileSync(path).equals(contents)) continue;
    const half = `${path}.${process.pid}.tmp`;
    writeFileSync(half, contents);
    renameSync(half, path);
  }
  const current = new Set(files.map((file) => basename(file.path)));
  for (const name of readdirSync(outdir)) {
    if (name.endsWith('.js') && !current.has(name)) rmSync(join(outdir, name), { force: true });
  }
}
