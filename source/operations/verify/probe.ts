import { judgeAnswer, treeOf } from '../../checksums/database/kept.ts';
import { parseLookup } from '../../checksums/database/lookup.ts';
import { parseVerifier, type Verifier } from '../../checksums/database/note.ts';
import { type Tile, tilePath, tilesFor } from '../../checksums/database/tree.ts';
import type { DatabaseWord } from '../../checksums/verdict.ts';
import type { GoEnv } from '../../go/env.ts';
import { escapePath } from '../../go/module-path.ts';
import type { Environment } from '../../go/settings.ts';
import { keyOf } from '../../module-graph/graph.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import { type Problem, reasonOf } from '../../platform/problem.ts';
import { type AskContext, ask } from '../../proxy/ask/run.ts';
import { AskSession } from '../../proxy/ask/session.ts';
import { parseProxyChain } from '../../proxy/chain.ts';
import { statusFault } from '../../proxy/fault/status.ts';
import { parseSumdb, verifierKeyOf } from '../../proxy/sumdb.ts';
import { findAccess } from '../sumdb-check/access.ts';
import type { Get } from '../sumdb-check/get.ts';
import { isAsked } from './database.ts';

/** Asked is what the checksum database answered, by `path@version`; a text is why an answer is not believed. */
export type Asked = {
  readonly words: ReadonlyMap<string, DatabaseWord | string>;
  readonly problems: readonly Problem[];
};

// The largest answer is a full tile: 256 hashes of 32 bytes. A lookup is a few hundred bytes.
const mostBytes = 1 << 20;

// As many as go asks at once, about; one answer each is a few hundred bytes.
const atOnce = 8;
const patienceMs = 30_000;

/**
 * askDatabase asks the checksum database about versions, on the way that go would: through the first proxy that mirrors it, else
 * itself. Every answer is proven by its signed tree head and the tiles that it needs. Nothing is kept.
 * `cmd/go/internal/modfetch: (*dbClient).initBase, go1.26`
 */
export async function askDatabase(
  env: GoEnv,
  names: readonly ModuleName[],
  environment: Environment,
  signal: AbortSignal | undefined,
): Promise<Asked> {
  const context: AskContext = {
    environment: { ...environment, GOAUTH: env.goauth },
    session: new AskSession(),
    timeoutMs: patienceMs,
    maxBytes: mostBytes,
    ...(signal === undefined ? {} : { signal }),
  };
  const get: Get = (url, more) => ask(url, { ...context, ...more });
  const setting = parseSumdb(env.gosumdb);
  const verifier = setting.kind === 'database' ? parseVerifier(verifierKeyOf(setting)) : undefined;
  const asked = names.filter(({ path }) => isAsked(env, path));
  const words = new Map<string, DatabaseWord | string>();
  if (setting.kind !== 'database' || verifier === undefined || asked.length === 0)
    return { words, problems: [] };
  const base = setting.url ?? (await findBase(env.goproxy, setting.name, get));
  if (typeof base !== 'string') return { words, problems: [problem(setting.name, base.why)] };
  const tiles = new Map<string, Promise<Buffer>>();
  const getTile = (tile: Tile): Promise<Buffer> => {
    const path = tilePath(tile);
    const known = tiles.get(path) ?? readWhole(`${base}/${path}`, get);
    tiles.set(path, known);
    return known;
  };
  const problems: Problem[] = [];
  const waiting = [...asked];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      try {
        words.set(keyOf(name), await lookUp(base, name, verifier, getTile, get));
      } catch (error) {
        signal?.throwIfAborted();
        problems.push(problem(keyOf(name), reasonOf(error)));
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, asked.length) }, work));
  return { words, problems };
}

async function lookUp(
  base: string,
  { path, version }: ModuleName,
  verifier: Verifier,
  getTile: (tile: Tile) => Promise<Buffer>,
  get: Get,
): Promise<DatabaseWord | string> {
  const lookup = `${base}/lookup/${escapePath(path)}@${escapePath(version)}`;
  const answer = (await readWhole(lookup, get)).toString('utf8');
  const parsed = parseLookup(answer);
  const tree = parsed === undefined ? undefined : treeOf(parsed.note, verifier);
  const needed = parsed === undefined || tree === undefined ? [] : tilesFor(tree, parsed.id);
  const got = new Map<string, Buffer>();
  for (const tile of needed) got.set(tilePath(tile), await getTile(tile));
  return judgeAnswer(answer, path, version, verifier, (tile) => got.get(tilePath(tile)), undefined);
}

/** findBase is where the database is asked, where GOSUMDB names no place. */
async function findBase(goproxy: string, name: string, get: Get): Promise<string | { readonly why: string }> {
  const { access } = await findAccess(parseProxyChain(goproxy), name, get);
  return access.kind === 'unavailable' ? access : access.base;
}

async function readWhole(url: string, get: Get): Promise<Buffer> {
  const answer = await get(url);
  const fault = statusFault(answer);
  if (answer.kind === 'answered' && fault === undefined) return answer.body;
  throw new Error(`${answer.shownUrl}: ${fault?.detail ?? ''}`);
}

function problem(where: string, why: string): Problem {
  return {
    where,
    what: 'the checksum database could not be asked',
    why,
    repair: 'try it again when it can be reached, or verify without --network',
  };
}
