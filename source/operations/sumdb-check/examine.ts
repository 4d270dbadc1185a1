import { treeOf } from '../../checksums/database/kept.ts';
import { type Lookup, parseLookup, sumsIn } from '../../checksums/database/lookup.ts';
import type { Verifier } from '../../checksums/database/note.ts';
import {
  createProver,
  type EarlierProof,
  type Proof,
  type ReadTile,
  type Tree,
  tilesFor,
  tilesForEarlier,
} from '../../checksums/database/tree.ts';
import { escapePath } from '../../go/module-path.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { Answer } from '../../proxy/ask/answer.ts';
import { printable } from '../../proxy/ask/certificate.ts';
import { joinSumdbUrl } from '../../proxy/route/hop-url.ts';
import { bodyOf, type Get, outcomeOf } from './get.ts';
import { createTileStore } from './tiles.ts';

/** Head is a tree head that a server or a file gave; `read` is one whose signature holds. */
export type Head =
  | { readonly state: 'read'; readonly tree: Tree; readonly note: string }
  | { readonly state: 'not-signed'; readonly note: string }
  | { readonly state: 'missing'; readonly why: string };

/** Relation is how two heads of one database stand to each other, as far as the tiles prove it. */
export type Relation = {
  readonly earlier: Tree;
  readonly later: Tree;
  readonly proof: EarlierProof;
};

/** Record is what came of asking for one version. */
export type Record = {
  readonly name: ModuleName;
  readonly shownUrl: string;
} & (
  | {
      readonly state: 'answered';
      readonly id: number;
      readonly zip: string | undefined;
      readonly goMod: string | undefined;
      readonly head: Head;
      /** proof is whether the record is in the newest tree: by the hashes from it up to the signed head. */
      readonly proof: Proof;
    }
  | { readonly state: 'not-known'; readonly status: number; readonly serverSays: string }
  | { readonly state: 'failed'; readonly why: string }
);

/** Examination is what a checksum database says, and what of it is proven. */
export type Examination = {
  readonly latest: Head;
  /** withKept compares with the head that go keeps, withRecord with that of the lookup; undefined where one is missing. */
  readonly withKept: Relation | undefined;
  readonly withRecord: Relation | undefined;
  readonly record: Record | undefined;
};

export type ExamineOptions = {
  readonly base: string;
  readonly verifier: Verifier;
  /** kept is the head that go has seen last; undefined where it has seen none. */
  readonly kept: Tree | undefined;
  /** keptTiles are those that go kept: they tell of trees that the server no longer knows. */
  readonly keptTiles: ReadTile;
  /** module is looked up; it must be one that go would ask about. */
  readonly module: ModuleName | undefined;
  readonly get: Get;
};

/**
 * examineDatabase reads the latest head and the record of one version, and proves by tiles that all heads are of one log and
 * that the record is in it. Nothing is kept. `golang.org/x/mod/sumdb: (*Client).mergeLatest, checkTrees, checkRecord`
 */
export async function examineDatabase(options: ExamineOptions): Promise<Examination> {
  const { base, verifier, kept, keptTiles, module, get } = options;
  const [latest, found] = await Promise.all([
    get(joinSumdbUrl(base, 'latest')).then((answer) => readHead(answer, verifier)),
    module === undefined ? undefined : askRecord(base, module, verifier, get),
  ]);
  const tiles = createTileStore(base, keptTiles, get);
  const latestTree = treeIn(latest);
  const recordTree = found === undefined || 'record' in found ? undefined : treeIn(found.head);
  const newest = largest([kept, latestTree, recordTree]);
  return {
    latest,
    withKept: await relate(kept, latestTree ?? recordTree),
    withRecord: await relate(recordTree, latestTree),
    record: found === undefined ? undefined : await finish(found, newest, recordTree),
  };

  async function relate(one: Tree | undefined, other: Tree | undefined): Promise<Relation | undefined> {
    if (one === undefined || other === undefined) return undefined;
    // Of two with the same size that of the server counts as the later one: its tiles are the ones to be had.
    const [earlier, later] = one.size <= other.size ? [one, other] : [other, one];
    if (earlier.size === later.size && earlier.hash.equals(later.hash))
      return { earlier, later, proof: 'proven' };
    const proof = await tiles.prove(tilesForEarlier(later, earlier), (readTile) =>
      createProver(later, readTile).proveEarlier(earlier),
    );
    return { earlier, later, proof };
  }

  /** finish looks for the record in the newest tree; where a server lags behind that, in the tree of its own answer. */
  async function finish(
    asked: AskedRecord,
    newestTree: Tree | undefined,
    own: Tree | undefined,
  ): Promise<Record> {
    if ('record' in asked) return asked.record;
    const { name, shownUrl, lookup, head } = asked;
    let proof: Proof = 'tiles-missing';
    for (const tree of [newestTree, own]) {
      if (tree === undefined || lookup.id >= tree.size || proof === 'proven') continue;
      proof = await tiles.prove(tilesFor(tree, lookup.id), (readTile) =>
        createProver(tree, readTile).prove(lookup.id, lookup.text),
      );
    }
    const sums = sumsIn(lookup.text, name.path, name.version);
    return { name, shownUrl, state: 'answered', id: lookup.id, ...sums, head, proof };
  }
}

type AskedRecord =
  | { readonly record: Record }
  | {
      readonly name: ModuleName;
      readonly shownUrl: string;
      readonly lookup: Lookup;
      readonly head: Head;
    };

async function askRecord(base: string, name: ModuleName, verifier: Verifier, get: Get): Promise<AskedRecord> {
  const path = `lookup/${escapePath(name.path)}@${escapePath(name.version)}`;
  const answer = await get(joinSumdbUrl(base, path));
  const { shownUrl } = answer;
  const body = bodyOf(answer);
  if (body === undefined) {
    if (answer.kind === 'answered' && (answer.status === 404 || answer.status === 410)) {
      const serverSays = firstLine(answer.body);
      return { record: { name, shownUrl, state: 'not-known', status: answer.status, serverSays } };
    }
    return { record: { name, shownUrl, state: 'failed', why: outcomeOf(answer) } };
  }
  const lookup = parseLookup(body.toString('utf8'));
  if (lookup === undefined)
    return { record: { name, shownUrl, state: 'failed', why: 'it is no answer of a checksum database' } };
  return { name, shownUrl, lookup, head: headOf(lookup.note, verifier) };
}

function readHead(answer: Answer, verifier: Verifier): Head {
  const body = bodyOf(answer);
  if (body === undefined) return { state: 'missing', why: outcomeOf(answer) };
  return headOf(body.toString('utf8'), verifier);
}

/** headOf reads a signed tree head. */
export function headOf(note: string, verifier: Verifier): Head {
  const tree = treeOf(note, verifier);
  return tree === undefined ? { state: 'not-signed', note } : { state: 'read', tree, note };
}

function treeIn(head: Head): Tree | undefined {
  return head.state === 'read' ? head.tree : undefined;
}

function largest(trees: readonly (Tree | undefined)[]): Tree | undefined {
  return trees.reduce(
    (most, tree) => (tree !== undefined && tree.size > (most?.size ?? -1) ? tree : most),
    undefined,
  );
}

/** firstLine is the first line of a body, without what would do something to a terminal. */
function firstLine(body: Buffer): string {
  const [line = ''] = body.toString('utf8').trim().split('\n');
  return printable(line).slice(0, mostCharacters);
}

// Go shows 8 lines of 81; one line of ours holds less.
const mostCharacters = 300;
