import { keptTiles, latestFile } from '../../checksums/database/kept.ts';
import { parseVerifier } from '../../checksums/database/note.ts';
import type { GoEnv } from '../../go/env.ts';
import { redactUrl } from '../../go/redact.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import { parseProxyChain } from '../../proxy/chain.ts';
import { looksPrivate } from '../../proxy/route/leak.ts';
import { checksumUse, parseSumdb, verifierKeyOf } from '../../proxy/sumdb.ts';
import type { Finding } from '../finding.ts';
import { readMainModule } from '../verify/main-module.ts';
import { type Access, type AccessStep, findAccess } from './access.ts';
import { type Examination, examineDatabase, type Head, headOf } from './examine.ts';
import type { Get } from './get.ts';
import { judgeDatabase } from './judge.ts';
import { knownSums, readText } from './known-sums.ts';
import { isPrivateName } from './private-name.ts';
import { findRisks } from './risks.ts';

/** SumdbCheck is how it stands with the checksum database of the settings. */
export type SumdbCheck = {
  /** gosumdb is the setting as it may be shown. */
  readonly gosumdb: string;
  /** name of the database; undefined with GOSUMDB=off and where the setting is none. */
  readonly name: string | undefined;
  readonly access: Access | undefined;
  readonly steps: readonly AccessStep[];
  /** kept is the newest head that go has seen; undefined where it has seen none. */
  readonly kept: Head | undefined;
  readonly keptFile: string;
  readonly examination: Examination | undefined;
  /** module is the version that was looked up, or was to be: then `notAsked` says why it was not. */
  readonly module: ModuleName | undefined;
  readonly notAsked: string | undefined;
  readonly findings: readonly Finding[];
};

export type SumdbCheckOptions = {
  readonly env: GoEnv;
  /** module is `path` or `path@version` as the user named it; without one a public module of the main module is looked up. */
  readonly module: string | undefined;
  readonly get: Get;
};

/**
 * checkSumdb asks the checksum database on the way that go would take, and proves what it says: the signature of its latest
 * head, that it is of one log with the head that go keeps, and the record of one version. It sends no name of a private
 * module, and keeps nothing. A text is why the module cannot be looked up at all.
 */
export async function checkSumdb({ env, module, get }: SumdbCheckOptions): Promise<SumdbCheck | string> {
  const { main } = readMainModule(env);
  const needed = main?.needed ?? [];
  const picked = pickModule(module, needed, env);
  if (typeof picked === 'string') return picked;
  const setting = parseSumdb(env.gosumdb);
  const risks = findRisks(env, [...new Set(needed.map(({ path }) => path))]);
  const verifier = setting.kind === 'database' ? parseVerifier(verifierKeyOf(setting)) : undefined;
  const common = { gosumdb: redactUrl(env.gosumdb), module: picked?.name, notAsked: picked?.notAsked };
  if (setting.kind !== 'database' || verifier === undefined) {
    const nothing = { name: undefined, access: undefined, steps: [], kept: undefined, keptFile: '' };
    return { ...common, ...nothing, examination: undefined, findings: risks };
  }

  const { name } = setting;
  // GOPATH is a list: go keeps this in its first folder. cmd/go/internal/cfg: SumdbDir, go1.26
  const [gopath = ''] = env.gopath.split(process.platform === 'win32' ? ';' : ':');
  const keptFile = latestFile(gopath, name);
  const note = readText(keptFile);
  const kept = note === undefined ? undefined : headOf(note, verifier);
  const { access, steps } =
    setting.url === undefined
      ? await findAccess(parseProxyChain(env.goproxy), name, get)
      : {
          access: { kind: 'given', base: setting.url, shown: setting.shownUrl ?? '' } as const,
          steps: [],
        };
  const examination =
    access.kind === 'unavailable'
      ? undefined
      : await examineDatabase({
          base: access.base,
          verifier,
          kept: kept?.state === 'read' ? kept.tree : undefined,
          keptTiles: keptTiles(`${env.gomodcache}/cache/download/sumdb/${name}`),
          module: picked?.notAsked === undefined ? picked?.name : undefined,
          get,
        });
  const known = picked === undefined ? [] : knownSums(env.gomodcache, picked.name, main);
  const { goprivate } = env;
  const found = judgeDatabase({ name, access, examination, kept, keptFile, known, goprivate });
  return { ...common, name, access, steps, kept, keptFile, examination, findings: [...found, ...risks] };
}

type Picked = { readonly name: ModuleName; readonly notAsked: string | undefined };

/** pickModule finds what to look up. A module that is private, or looks it, is told and not asked. */
function pickModule(
  word: string | undefined,
  needed: readonly ModuleName[],
  env: GoEnv,
): Picked | string | undefined {
  if (word === undefined) {
    const name = needed.find(({ path }) => reasonNotToAsk(path, env) === undefined);
    return name === undefined ? undefined : { name, notAsked: undefined };
  }
  const [path = '', version] = word.split('@');
  const chosen = version ?? needed.find((each) => each.path === path)?.version;
  if (chosen === undefined || chosen === '')
    return `${path}: give a version, as ${path}@v1.2.3: no go.mod here needs it`;
  return { name: { path, version: chosen }, notAsked: reasonNotToAsk(path, env) };
}

function reasonNotToAsk(path: string, env: GoEnv): string | undefined {
  const use = checksumUse(path, env);
  if (!use.isChecked) return `go does not ask about it: ${use.by} matches (${use.pattern})`;
  const look = looksPrivate(path, env);
  if (look !== undefined)
    return `it looks private (${look.why}), so we do not ask; go would, and the database would hear its name: go env -w GOPRIVATE=${look.pattern}`;
  return isPrivateName(path, env) ? 'GOPRIVATE or GONOPROXY names it, so we do not ask; go would' : undefined;
}
