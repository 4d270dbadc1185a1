// Makes the file tree of the sample's module proxy, sample/proxy, from sample/deps. The same sources give the same
// bytes on every machine: sample/go.sum holds their hashes.
//
//   node scripts/make-sample-proxy.ts [DIRECTORY]
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { crc32 } from 'node:zlib';

const root = resolve(import.meta.dirname, '..');
const deps = join(root, 'sample', 'deps');

// Any fixed time will do; Go shows it in `go list -m -json`.
const published = '2026-01-05T09:00:00Z';

// The first day that a zip file can name: 1980-01-01, midnight.
const zipDate = (1 << 5) | 1;
const zipVersion = 20;

makeProxy(process.argv[2] ?? join(root, 'sample', 'proxy'));

function makeProxy(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  for (const module of findModules()) {
    // The layout is that of the GOPROXY protocol (go help goproxy).
    const versions = join(directory, ...escapePath(module.path).split('/'), '@v');
    mkdirSync(versions, { recursive: true });
    const put = (name: string, content: string | Buffer) => writeFileSync(join(versions, name), content);
    put('list', `${module.version}\n`);
    put(`${module.version}.info`, JSON.stringify({ Version: module.version, Time: published }));
    put(`${module.version}.mod`, readFileSync(join(module.directory, 'go.mod')));
    put(`${module.version}.zip`, zipModule(module));
  }
}

type Module = { readonly path: string; readonly version: string; readonly directory: string };

/** findModules lists the folders of deps that hold a go.mod; they are named `path@version`. */
function findModules(): Module[] {
  return list(deps)
    .filter((file) => file.endsWith('/go.mod'))
    .map((file) => {
      const name = file.slice(0, -'/go.mod'.length);
      const at = name.lastIndexOf('@');
      return { path: name.slice(0, at), version: name.slice(at + 1), directory: join(deps, name) };
    });
}

/** escapePath writes capital letters as `!` and the small one (golang.org/x/mod/module: EscapePath). */
function escapePath(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/** list gives the files below a folder, with slashes, in an order that no locale changes. */
function list(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

/**
 * zipModule packs a module as `path@version/file`. The files are stored, not compressed: what a compressor writes
 * changes with its version.
 */
function zipModule(module: Module): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const file of list(module.directory)) {
    const name = Buffer.from(`${module.path}@${module.version}/${file}`);
    const content = readFileSync(join(module.directory, file));
    const fields = commonFields(name, content);
    const local = Buffer.concat([uint32(0x04034b50), fields, name, content]);
    // What follows the common fields: no comment, first disk, no attributes, where the file is.
    directory.push(
      Buffer.concat([uint32(0x02014b50), uint16(zipVersion), fields, Buffer.alloc(10), uint32(offset), name]),
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const count = uint16(directory.length);
  const end = [
    uint32(0x06054b50),
    uint32(0),
    count,
    count,
    uint32(central.length),
    uint32(offset),
    uint16(0),
  ];
  return Buffer.concat([...parts, central, ...end]);
}

/** commonFields are those that the local header and the central directory share. */
function commonFields(name: Buffer, content: Buffer): Buffer {
  const none = uint16(0);
  const size = uint32(content.length);
  const flags = none;
  const stored = none;
  const midnight = none;
  const noExtra = none;
  const checksum = uint32(crc32(content));
  const head = [uint16(zipVersion), flags, stored, midnight, uint16(zipDate), checksum, size, size];
  return Buffer.concat([...head, uint16(name.length), noExtra]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
