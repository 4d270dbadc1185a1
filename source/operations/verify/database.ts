import { type KeptDatabase, openKept } from '../../checksums/database/kept.ts';
import { parseVerifier } from '../../checksums/database/note.ts';
import type { DatabaseWord } from '../../checksums/verdict.ts';
import type { GoEnv } from '../../go/env.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import { checksumUse, parseSumdb, verifierKeyOf } from '../../proxy/sumdb.ts';

/** WordOf gives what a checksum database says of a version: undefined where it is not asked or has nothing, a text where it is not believed. */
export type WordOf = (name: ModuleName) => DatabaseWord | string | undefined;

/**
 * openDatabase gives the kept answers of the checksum database that GOSUMDB names, for modules that Go would ask it about: not
 * those of GONOSUMDB or GOPRIVATE, none with GOSUMDB=off.
 */
export function openDatabase(env: GoEnv, gomodcache: string): WordOf {
  const setting = parseSumdb(env.gosumdb);
  const verifier = setting.kind === 'database' ? parseVerifier(verifierKeyOf(setting)) : undefined;
  if (verifier === undefined) return () => undefined;
  // GOPATH is a list: go keeps this in its first folder. cmd/go/internal/cfg: SumdbDir, go1.26
  const [gopath = ''] = env.gopath.split(process.platform === 'win32' ? ';' : ':');
  const kept: KeptDatabase = openKept(gomodcache, gopath, verifier);
  return ({ path, version }) => (isAsked(env, path) ? kept.wordOf(path, version) : undefined);
}

/** isAsked says whether Go would ask the database about a module. */
export function isAsked(env: GoEnv, path: string): boolean {
  return checksumUse(path, env).isChecked;
}
