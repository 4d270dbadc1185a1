import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatActionEntry } from '../../../source/build-cache/action-entry.ts';
import { createEntryIndex, type EntryIndex } from '../../../source/build-cache/index/entry-index.ts';
import { findOwners, type Owners } from '../../../source/build-cache/index/owners.ts';
import {
  createLearned,
  type IndexScan,
  type Learned,
  scanEntries,
} from '../../../source/build-cache/index/scan.ts';
import type { ActionId, OutputId } from '../../../source/go/ids.ts';

/** scanned reads a GOCACHE into an index, new or given. */
export async function scanned(
  gocache: string,
  index: EntryIndex = createEntryIndex(),
): Promise<{
  readonly index: EntryIndex;
  readonly learned: Learned;
  readonly owners: Owners;
  readonly scan: IndexScan;
}> {
  const learned = createLearned();
  const scan = await scanEntries({ gocache, gomodcache: '/nowhere', index, learned });
  return { index, learned, owners: findOwners(index, learned), scan };
}

/** contentOf is all that an index holds of entries, as plain data to compare. */
export function contentOf({ actions, outputs }: EntryIndex): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (let row = 0; row < actions.length; row++) {
    if (!actions.isUsed(row)) continue;
    const output = actions.output(row);
    content[`${actions.id(row)}-a`] = {
      mtime: actions.mtime(row),
      addedAt: actions.addedAt(row),
      output: output === undefined ? undefined : outputs.id(output),
    };
  }
  for (let row = 0; row < outputs.length; row++) {
    if (!outputs.isUsed(row)) continue;
    content[`${outputs.id(row)}-d`] = {
      mtime: outputs.mtime(row),
      bytes: outputs.bytes(row),
      kind: outputs.kind(row),
    };
  }
  return content;
}

/** changeEntry does one thing to a GOCACHE: writes an entry as Go does, uses one, sets the times of one, or removes one. */
export function changeEntry(gocache: string, random: (below: number) => number): void {
  const text = `${['go index v2\n', './a.go\n', 'true', '\r\xff\x81\x02'][random(4)]}${random(40)}`;
  const output = sha256(text) as OutputId;
  const action = sha256(`action ${random(80)}`) as ActionId;
  const files = entryFiles(gocache);
  const file = files[random(Math.max(1, files.length))];
  const what = file === undefined ? 0 : random(6);
  if (what <= 2) {
    const entry = { actionId: action, outputId: output, sizeBytes: text.length, addedAt: Date.now() };
    write(join(gocache, output.slice(0, 2), `${output}-d`), text);
    write(join(gocache, action.slice(0, 2), `${action}-a`), formatActionEntry(entry));
  } else if (what === 3) rmSync(file ?? '');
  else {
    const at = what === 4 ? 1_700_000_000 + random(1000) : Date.now() / 1000;
    utimesSync(file ?? '', at, at);
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function entryFiles(gocache: string): string[] {
  if (!existsSync(gocache)) return [];
  return readdirSync(gocache, { recursive: true, encoding: 'utf8' })
    .filter((name) => /-[ad]$/.test(name))
    .map((name) => join(gocache, name))
    .sort();
}
