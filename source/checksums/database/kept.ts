import { readdirSync } from 'node:fs';
import { escapePath } from '../../go/module-path.ts';
import { readSmallFile } from '../file-reader.ts';
import type { DatabaseWord } from '../verdict.ts';
import { parseLookup, sumsIn } from './lookup.ts';
import { openNote, type Verifier } from './note.ts';
import {
  createProver,
  type Prover,
  parseTree,
  type ReadTile,
  type Tree,
  tilePath,
  tileWidth,
} from './tree.ts';

/** KeptDatabase is what a go command kept of a checksum database. */
export type KeptDatabase = {
  /** wordOf is what it says of a version: undefined where nothing is kept, a text where what is kept cannot be believed. */
  wordOf(path: string, version: string): DatabaseWord | string | undefined;
};

/** openKept reads the kept answers and tiles below GOMODCACHE, and the newest tree head that go has seen; it asks no network. */
export function openKept(gomodcache: string, gopath: string, verifier: Verifier): KeptDatabase {
  const folder = `${gomodcache}/cache/download/sumdb/${verifier.name}`;
  const readTile = keptTiles(folder);
  const latest = treeOf(readText(latestFile(gopath, verifier.name)), verifier);
  const newest = latest === undefined ? undefined : createProver(latest, readTile);
  return {
    wordOf(path, version) {
      const [escaped, escapedVersion] = [escapePath(path), escapePath(version)];
      const answer = readText(`${folder}/lookup/${escaped}@${escapedVersion}`);
      return answer === undefined
        ? undefined
        : judgeAnswer(answer, path, version, verifier, readTile, newest);
    },
  };
}

/** latestFile is where go keeps the newest tree head that it has seen. `cmd/go/internal/modfetch: (*dbClient).WriteConfig, go1.26` */
export function latestFile(gopath: string, name: string): string {
  return `${gopath}/pkg/sumdb/${name}/latest`;
}

/**
 * judgeAnswer believes an answer as far as it is proven: by the newest tree head that go has seen, else by its own. A text is
 * why it is not believed.
 */
export function judgeAnswer(
  answer: string,
  path: string,
  version: string,
  verifier: Verifier,
  readTile: ReadTile,
  newest: Prover | undefined,
): DatabaseWord | string {
  const lookup = parseLookup(answer);
  if (lookup === undefined) return 'it is no answer of a checksum database';
  const word = (standing: DatabaseWord['standing']): DatabaseWord => ({
    name: verifier.name,
    ...sumsIn(lookup.text, path, version),
    standing,
  });
  const proof = newest?.prove(lookup.id, lookup.text);
  if (proof === 'proven') return word('proven');
  const own = treeOf(lookup.note, verifier);
  if (own === undefined) return `its tree head is not signed with the key of ${verifier.name}`;
  const ownProof = createProver(own, readTile).prove(lookup.id, lookup.text);
  if (ownProof === 'proven') return word('proven');
  if (proof === 'false' || ownProof === 'false') return 'its record is not the one in the signed tree';
  return word('kept');
}

/** treeOf reads a signed tree head; undefined when the signature does not hold. */
export function treeOf(note: string | undefined, verifier: Verifier): Tree | undefined {
  const text = note === undefined ? undefined : openNote(note, verifier);
  return text === undefined ? undefined : parseTree(text);
}

/** keptTiles reads the tiles that go kept in a folder, each once: the tile itself, or one of the same place that had grown further. */
export function keptTiles(folder: string): ReadTile {
  const known = new Map<string, Buffer | undefined>();
  return (tile) => {
    const path = tilePath(tile);
    if (!known.has(path)) known.set(path, readKept(folder, tile));
    return known.get(path);
  };

  function readKept(from: string, tile: Parameters<ReadTile>[0]): Buffer | undefined {
    const full = `${from}/${tilePath({ ...tile, width: tileWidth })}`;
    const wider = widths(`${full}.p`).find((width) => width >= tile.width);
    return readFile(full) ?? (wider === undefined ? undefined : readFile(`${full}.p/${wider}`));
  }
}

function widths(folder: string): readonly number[] {
  try {
    return readdirSync(folder)
      .map(Number)
      .filter(Number.isInteger)
      .sort((one, other) => one - other);
  } catch {
    return [];
  }
}

function readFile(path: string): Buffer | undefined {
  try {
    const content = readSmallFile(path);
    return content.length === 0 ? undefined : content;
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  return readFile(path)?.toString('utf8');
}
