#!/usr/bin/env node
// The launcher. Its syntax is that of Node 12, and it imports nothing of ours before it knows the version: under
// a Node that is too old it says so in one line, or runs itself again under the `node` package of a checkout.

// biome-ignore-all lint/style/useNodejsImportProtocol: Node 12.17 knows no `node:` imports.
// biome-ignore-all lint/complexity/useOptionalChain: Node 12 cannot parse it.
import fs from 'fs';
import { createRequire } from 'module';
import os from 'os';
import path from 'path';
import { fileURLToPath } from 'url';

// What execa and chokidar need; the same as "engines" in package.json.
const OLDEST = [22, 22];
// Set for the run under another Node, so that it happens only once.
const GUARD = 'GOCACHETOP_RELAUNCHED';

const file = fileURLToPath(import.meta.url);
const root = path.dirname(path.dirname(file));
const args = process.argv.slice(2);
const relaunched = process.env[GUARD] !== undefined;
delete process.env[GUARD];

if (isNewEnough(process.versions.node)) {
  run();
} else {
  const node = relaunched ? undefined : findNode();
  if (node === undefined) {
    fail(`needs Node.js >= ${OLDEST.join('.')} (this is ${process.versions.node})`);
  } else {
    relaunch(node);
  }
}

/** run prepares this process for the app, starts it and takes over its exit code. */
function run() {
  // The user's own environment, for the commands that the app starts: none of what follows is meant for them.
  const environment = { ...process.env };
  if (process.env.NODE_ENV === undefined) process.env.NODE_ENV = 'production';
  // chalk, below Ink, knows FORCE_COLOR only.
  if (process.env.NO_COLOR || hasFlag('--no-color')) process.env.FORCE_COLOR = '0';
  enableCompileCache();
  import('../dist/main.js').then(
    (app) =>
      app.main(args, { environment }).then(
        (code) => {
          process.exitCode = code;
        },
        // What was opened before would keep this process alive.
        (error) => fail(`internal error: ${describe(error)}`, () => process.exit()),
      ),
    (error) => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') fail(`internal error: ${describe(error)}`);
      else fail(`${path.join(root, 'dist')} is missing or incomplete: run npm ci in ${root}`);
    },
  );
}

function isNewEnough(version) {
  const parts = version.split('.').map(Number);
  return parts[0] > OLDEST[0] || (parts[0] === OLDEST[0] && parts[1] >= OLDEST[1]);
}

/** hasFlag tells whether a flag of ours was given; what follows `--` belongs to the wrapped command. */
function hasFlag(flag) {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).indexOf(flag) !== -1;
}

/**
 * enableCompileCache keeps V8's code cache with the user's other caches: it takes a tenth off the start. Node's own
 * place for it would be the temp folder, where we leave nothing.
 */
function enableCompileCache() {
  const module = process.getBuiltinModule('module');
  const home = process.env.HOME || process.env.USERPROFILE;
  const caches = process.env.XDG_CACHE_HOME || (home && path.join(home, '.cache'));
  if (module.enableCompileCache === undefined || !caches || !path.isAbsolute(caches)) return;
  // It reports what it cannot do in its result; without it only the start is slower.
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE || path.join(caches, 'gocachetop', 'node'));
}

/** findNode gives the binary of the `node` package, a development dependency, where it is installed. */
function findNode() {
  try {
    const binary = createRequire(import.meta.url).resolve('node/bin/node');
    fs.accessSync(binary, fs.constants.X_OK);
    return binary;
  } catch (_) {
    return undefined;
  }
}

/** relaunch runs this file under another Node, which gets our terminal, our signals, and gives our exit code. */
function relaunch(node) {
  Promise.all([import('child_process'), import('tty')]).then((modules) => {
    const environment = { ...process.env };
    environment[GUARD] = '1';
    const child = modules[0].spawn(node, [file, ...args], { stdio: 'inherit', env: environment });
    // What is typed at a terminal reaches the whole process group, the child too: once is enough.
    const typed = modules[1].isatty(0) ? ['SIGINT', 'SIGQUIT'] : [];
    ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'].forEach((signal) => {
      process.on(signal, () => {
        if (typed.indexOf(signal) === -1) child.kill(signal);
      });
    });
    child.on('error', (error) => {
      fail(`cannot run ${node}: ${error.message}`);
      process.exit();
    });
    child.on('exit', (code, signal) => {
      process.exit(signal === null ? code : 128 + os.constants.signals[signal]);
    });
  });
}

function describe(error) {
  if (process.env.GOCACHETOP_DEBUG && error && error.stack) return error.stack;
  return String(error && error.message ? error.message : error).replace(/\s*\n\s*/g, ' ');
}

/** fail says what is wrong in one line; `then` is called when that is written. */
function fail(message, then) {
  process.exitCode = 1;
  process.stderr.write(`gocachetop: ${message}\n`, then);
}
