import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** diskBytesOf is what files and folders take on disk, each file once, links not followed; what is not there takes nothing. */
export function diskBytesOf(paths: readonly string[]): number {
  const seen = new Set<string>();
  let bytes = 0;
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    const id = `${stat.dev} ${stat.ino}`;
    if (seen.has(id)) continue;
    seen.add(id);
    bytes += stat.blocks * blockBytes;
    if (stat.isDirectory()) for (const name of readdirSync(path)) open.push(join(path, name));
  }
  return bytes;
}

// stat(2): st_blocks counts blocks of 512 bytes, whatever the file system's.
const blockBytes = 512;
