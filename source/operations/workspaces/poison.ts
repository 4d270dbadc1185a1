import { join } from 'node:path';
import { parseRecords } from '../../go/records.ts';
import { type GoPlace, runGoCommand } from '../../go/run.ts';
import { isRecord } from '../offline/listed.ts';
import type { NeededVersion } from '../offline/needs.ts';

/** PoisonTarget is a file of a module that two workspaces have in common, in the package that compiles fastest. */
export type PoisonTarget = {
  readonly importPath: string;
  /** file is relative to GOMODCACHE. */
  readonly file: string;
};

/** chooseTarget takes the package with the fewest dependencies, since it is compiled for real; undefined without one in common. */
export async function chooseTarget(
  place: GoPlace,
  patterns: readonly string[],
  gomodcache: string,
  common: readonly NeededVersion[],
): Promise<PoisonTarget | undefined> {
  const names = new Set(common.map(({ path, version }) => `${path}@${version}`));
  const fields = '-json=ImportPath,Dir,GoFiles,CgoFiles,Deps,Module';
  const ran = await runGoCommand(place, ['list', '-e', '-deps', fields, '--', ...patterns]);
  let found: { target: PoisonTarget; deps: number } | undefined;
  for (const record of parseRecords(ran.stdout)) {
    if (!isRecord(record) || !isRecord(record.Module)) continue;
    const { ImportPath: importPath, Dir: dir, GoFiles: files, Deps: deps } = record;
    const [first] = Array.isArray(files) ? files : [];
    const isCommon = names.has(`${record.Module.Path}@${record.Module.Version}`);
    if (!isCommon || typeof importPath !== 'string' || typeof dir !== 'string') continue;
    if (typeof first !== 'string' || !dir.startsWith(gomodcache) || record.CgoFiles !== undefined) continue;
    const count = Array.isArray(deps) ? deps.length : 0;
    if (found === undefined || count < found.deps) {
      const file = join(dir.slice(gomodcache.length + 1), first);
      found = { target: { importPath, file }, deps: count };
    }
  }
  return found?.target;
}

/** poisonMark is no Go: whoever compiles the file fails, and names it. So nothing of it is ever kept in a GOCACHE. */
const poisonMark = 'poisoned by the other workspace';

/** poisonScript appends the mark to the file "$1", which go left without write permission. */
export const poisonScript = `chmod u+w "$1" && printf '\\n${poisonMark}\\n' >> "$1"`;
