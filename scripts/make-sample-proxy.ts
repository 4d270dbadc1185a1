// Makes the file tree of the sample's module proxy, sample/proxy, from sample/deps. The same sources give the same
// bytes on every machine: sample/go.sum holds their hashes.
//
//   node scripts/make-sample-proxy.ts [DIRECTORY]
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { type ProxyModule, writeProxyModules } from './module-proxy.ts';

const root = resolve(import.meta.dirname, '..');
const deps = join(root, 'sample', 'deps');

const directory = process.argv[2] ?? join(root, 'sample', 'proxy');
rmSync(directory, { recursive: true, force: true });
writeProxyModules(directory, findModules());

/** findModules lists the folders of deps that hold a go.mod; they are named `path@version`. */
function findModules(): ProxyModule[] {
  return list(deps)
    .filter((file) => file.endsWith('/go.mod'))
    .map((file) => {
      const name = file.slice(0, -'/go.mod'.length);
      const at = name.lastIndexOf('@');
      return { path: name.slice(0, at), version: name.slice(at + 1), files: readFiles(join(deps, name)) };
    });
}

function readFiles(folder: string): ReadonlyMap<string, Buffer> {
  return new Map(list(folder).map((file) => [file, readFileSync(join(folder, file))]));
}

/** list gives the files below a folder, with slashes, in an order that no locale changes. */
function list(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}
