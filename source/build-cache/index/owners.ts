import { subkey } from '../subkey.ts';
import type { EntryIndex } from './entry-index.ts';
import type { Learned } from './scan.ts';
import { finish, rowsPerStep, type Steps } from './steps.ts';

/** Owners says whose each entry is, as a number of `index.names`; -1 is nobody's that can be told. */
export type Owners = {
  readonly actions: Int32Array;
  readonly outputs: Int32Array;
  /** parents say with which archive, a row of outputs, an entry goes: what is stored under a subkey of its action; -1 for others. */
  readonly actionParents: Int32Array;
  readonly outputParents: Int32Array;
  /** lastUsed of each output: the newest mtime among it and all action entries that point to it. */
  readonly lastUsed: Float64Array;
  /** users is how many action entries point to each output. */
  readonly users: Uint32Array;
};

/**
 * findOwners joins every entry to a package: an archive by its own words, its action entry, and what is stored under
 * subkeys of that action (the compiler's words, the list of sources, generated files); an executable through the archive
 * of its main. A re-made output keeps an old mtime, so that its last use may stand in its action entry alone
 * (cmd/go/internal/cache: (*DiskCache).copyFile, go1.26).
 */
export function findOwners(index: EntryIndex, learned: Learned): Owners {
  return finish(ownerSteps(index, learned));
}

/** ownerSteps is findOwners for a large index, which must not change meanwhile. */
export function* ownerSteps(index: EntryIndex, learned: Learned): Steps<Owners> {
  const { actions, outputs } = index;
  const owners: Owners = {
    actions: new Int32Array(actions.length).fill(-1),
    outputs: new Int32Array(outputs.length).fill(-1),
    actionParents: new Int32Array(actions.length).fill(-1),
    outputParents: new Int32Array(outputs.length).fill(-1),
    lastUsed: new Float64Array(outputs.length),
    users: new Uint32Array(outputs.length),
  };
  for (let row = 0; row < outputs.length; row++) {
    if (row % rowsPerStep === 0) yield;
    if (!outputs.isUsed(row)) continue;
    owners.outputs[row] = outputs.name(row) ?? -1;
    owners.lastUsed[row] = outputs.mtime(row);
  }
  const archives: number[] = [];
  for (let row = 0; row < actions.length; row++) {
    if (row % rowsPerStep === 0) yield;
    const output = actions.isUsed(row) ? actions.output(row) : undefined;
    if (output === undefined) continue;
    owners.users[output] = (owners.users[output] ?? 0) + 1;
    owners.lastUsed[output] = Math.max(owners.lastUsed[output] ?? 0, actions.mtime(row));
    owners.actions[row] = owners.outputs[output] ?? -1;
    if (outputs.isUsed(output) && outputs.kind(output) === 'archive') archives.push(row);
  }
  const mainArchives = new Map<string, number>();
  const isMain = new Set(learned.mainActions.values());
  for (const [number, row] of archives.entries()) {
    if (number % archivesPerStep === 0) yield;
    const owner = owners.actions[row] ?? -1;
    if (owner < 0) continue;
    ownSubkeys(index, learned, owners, row, owner);
    if (isMain.size > 0) {
      const start = Buffer.from(actions.id(row).slice(0, 30), 'hex').toString('base64url');
      if (isMain.has(start)) mainArchives.set(start, owner);
    }
  }
  ownExecutables(index, learned, owners, mainArchives);
  return owners;
}

// Each takes several hashes.
const archivesPerStep = 256;

// cmd/go/internal/work: showStdout, saveStdout, cacheSrcFiles, go1.26
const subkeyNames = ['stdout', 'link-stdout', 'srcfiles'];

function ownSubkeys(
  index: EntryIndex,
  learned: Learned,
  owners: Owners,
  action: number,
  owner: number,
): void {
  const id = index.actions.id(action);
  const parent = index.actions.output(action) ?? -1;
  const own = (name: string): number | undefined => {
    const row = index.actions.find(subkey(id, name));
    if (row === undefined) return undefined;
    owners.actions[row] = owner;
    owners.actionParents[row] = parent;
    const output = index.actions.output(row);
    // What several action entries share, as the empty file, is nobody's.
    if (output !== undefined && owners.users[output] === 1 && (owners.outputs[output] ?? -1) < 0) {
      owners.outputs[output] = owner;
      owners.outputParents[output] = parent;
    }
    return output;
  };
  for (const name of subkeyNames) {
    const output = own(name);
    if (name !== 'srcfiles' || output === undefined || learned.generated.size === 0) continue;
    for (const generated of learned.generated.get(index.outputs.id(output)) ?? []) own(generated);
  }
}

function ownExecutables(
  index: EntryIndex,
  learned: Learned,
  owners: Owners,
  mainArchives: ReadonlyMap<string, number>,
): void {
  const { actions, outputs } = index;
  if (mainArchives.size === 0) return;
  for (let row = 0; row < outputs.length; row++) {
    if (!outputs.isUsed(row) || !outputs.isFolder(row)) continue;
    const owner = mainArchives.get(learned.mainActions.get(outputs.id(row)) ?? '');
    if (owner !== undefined) owners.outputs[row] = owner;
  }
  for (let row = 0; row < actions.length; row++) {
    const output = actions.isUsed(row) ? actions.output(row) : undefined;
    if (output !== undefined && outputs.isUsed(output) && outputs.isFolder(output))
      owners.actions[row] = owners.outputs[output] ?? -1;
  }
}
