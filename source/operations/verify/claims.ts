import type { Claim } from '../../checksums/verdict.ts';
import type { SumFile } from './main-module.ts';

/** Recorded are the sums that go.sum files hold of one version. */
export type Recorded = { readonly zip: readonly Claim[]; readonly goMod: readonly Claim[] };

/** claimsOf gives the sums of go.sum files by `path@version`; sums of an algorithm that Go does not know are passed over. */
export function claimsOf(files: readonly SumFile[]): ReadonlyMap<string, Recorded> {
  const claims = new Map<string, { zip: Claim[]; goMod: Claim[] }>();
  for (const { file, lines } of files)
    for (const { path, version, isGoMod, sum, line } of lines) {
      if (!sum.startsWith('h1:')) continue;
      const name = `${path}@${version}`;
      const of = claims.get(name) ?? { zip: [], goMod: [] };
      claims.set(name, of);
      (isGoMod ? of.goMod : of.zip).push({ where: `${file}:${line}`, sum });
    }
  return claims;
}
