import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GoEnv } from '../../go/env.ts';
import { joinGoFlags, splitGoFlags } from '../../go/flags.ts';
import { withoutNetwork } from '../../go/no-network.ts';
import type { Environment } from '../../go/settings.ts';
import { parseSumdb } from '../../proxy/sumdb.ts';

/** Nowhere is an empty folder that go asks in the place of proxies: its errors then name each file that it wanted. */
export type Nowhere = { readonly folder: string; readonly url: string; remove(): void };

/** openNowhere makes it. */
export function openNowhere(): Nowhere {
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-nowhere-'));
  return {
    folder,
    url: pathToFileURL(folder).href,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * nowhereEnvironment lets the go command look, not ask: the checksum database, too, is answered from what the cache keeps of
 * it. Everything else is the user's; only `-mod=mod` goes, under which go would write go.mod.
 */
export function nowhereEnvironment(
  env: Pick<GoEnv, 'gosumdb' | 'goflags'>,
  environment: Environment,
  url: string,
): Environment {
  const sumdb = parseSumdb(env.gosumdb);
  return {
    ...withoutNetwork(environment),
    GOPROXY: url,
    GOSUMDB: sumdb.kind === 'database' ? `${sumdb.key ?? sumdb.name} ${url}` : env.gosumdb,
    GOFLAGS: withoutModMod(env.goflags),
  };
}

/** withoutModMod leaves `-mod=vendor` and `-mod=readonly` as they are. */
function withoutModMod(goflags: string): string {
  const { words, fault } = splitGoFlags(goflags);
  if (fault !== undefined) return goflags;
  return joinGoFlags(words.filter((word) => !/^--?mod=mod$/.test(word))).goflags;
}
