import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** ProxyModule is one version of a module; `files` are contents by path with slashes, go.mod among them. */
export type ProxyModule = {
  readonly path: string;
  readonly version: string;
  readonly files: ReadonlyMap<string, Buffer>;
};

// Any fixed time will do; Go shows it in `go list -m -json`.
const published = '2026-01-05T09:00:00Z';

// The first day that a zip file can name: 1980-01-01, midnight.
const zipDate = (1 << 5) | 1;
const zipVersion = 20;

/** writeProxyModules lays modules out as the GOPROXY protocol wants it (go help goproxy): the same input gives the same bytes. */
export function writeProxyModules(directory: string, modules: readonly ProxyModule[]): void {
  for (const module of modules) {
    const versions = join(directory, ...escapePath(module.path).split('/'), '@v');
    mkdirSync(versions, { recursive: true });
    const put = (name: string, content: string | Buffer) => writeFileSync(join(versions, name), content);
    const listed = modules.filter(({ path }) => path === module.path);
    put('list', listed.map(({ version }) => `${version}\n`).join(''));
    put(`${module.version}.info`, JSON.stringify({ Version: module.version, Time: published }));
    put(`${module.version}.mod`, module.files.get('go.mod') ?? `module ${module.path}\n`);
    put(`${module.version}.zip`, zipModule(module));
  }
}

/** escapePath writes capital letters as `!` and the small one (golang.org/x/mod/module: EscapePath). */
function escapePath(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
}

/**
 * zipModule packs a module as `path@version/file`. The files are stored, not compressed: what a compressor writes
 * changes with its version.
 */
function zipModule(module: ProxyModule): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [file, content] of module.files) {
    const name = Buffer.from(`${module.path}@${module.version}/${file}`);
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
