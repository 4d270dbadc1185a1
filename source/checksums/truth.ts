import type { ModuleFacts } from './facts.ts';
import type { Claims } from './verdict.ts';

/** Witness is somebody's word on what the content of a version is: an h1 sum. */
export type Witness = {
  /** name is how a sentence names it: `the zip`, `go.sum`. */
  readonly name: string;
  readonly sum: string;
};

/** Truth is the sum that is taken for right; without one there are two views and nothing that decides. */
export type Truth = { readonly sum: string | undefined; readonly witnesses: readonly Witness[] };

/**
 * findTruth says which h1 of a version is right, by trust and by majority: a proven answer of the checksum database is;
 * else go.sum, unless all that lies in GOMODCACHE agrees on another one: then nobody can tell whether go.sum was changed or
 * something else downloaded. Without go.sum the majority is right, and where there is none the more trusted one: a kept answer
 * of the database, `.ziphash`, zip, folder.
 */
export function findTruth(facts: ModuleFacts, claims: Claims): Truth {
  const { database } = claims;
  const recorded = [...new Set(claims.zip.map(({ sum }) => sum))];
  const local = localWitnesses(facts);
  const witnesses: Witness[] = [
    ...(database?.zip === undefined ? [] : [{ name: databaseName(database.standing), sum: database.zip }]),
    ...recorded.map((sum) => ({ name: 'go.sum', sum })),
    ...local,
  ];
  const isProven = database?.standing === 'proven' && database.zip !== undefined;
  if (isProven) return { sum: database.zip, witnesses };
  const [first] = recorded;
  if (first === undefined) return { sum: majorityOf(witnesses) ?? witnesses[0]?.sum, witnesses };
  if (recorded.length > 1) {
    const found = majorityOf(witnesses);
    return { sum: found !== undefined && recorded.includes(found) ? found : undefined, witnesses };
  }
  if (!contradicts(local, first)) return { sum: first, witnesses };
  return { sum: database?.zip !== first ? database?.zip : first, witnesses };
}

/** contradicts says that two or more sums in GOMODCACHE agree with one another, and not with what was recorded. */
function contradicts(local: readonly Witness[], recorded: string): boolean {
  const [first] = local;
  return local.length > 1 && first?.sum !== recorded && local.every(({ sum }) => sum === first?.sum);
}

/** agreeing names those that have the sum, as `the zip and go.sum`; empty when there is none. */
export function agreeing(
  { witnesses }: Truth,
  sum: string | undefined,
  ...without: readonly string[]
): string {
  const names = witnesses
    .filter((each) => each.sum === sum && !without.includes(each.name))
    .map(({ name }) => name);
  const unique = [...new Set(names)];
  return unique.length < 2 ? (unique[0] ?? '') : `${unique.slice(0, -1).join(', ')} and ${unique.at(-1)}`;
}

function databaseName(standing: 'proven' | 'kept'): string {
  return standing === 'proven' ? 'the checksum database' : 'the kept answer of the checksum database';
}

function localWitnesses({ ziphash, zip, folder }: ModuleFacts): Witness[] {
  return [
    ...(ziphash.state === 'sum' ? [{ name: '.ziphash', sum: ziphash.h1 }] : []),
    ...(zip.state === 'hashed' ? [{ name: 'the zip', sum: zip.h1 }] : []),
    ...(folder.state === 'hashed' && folder.h1 !== undefined ? [{ name: 'the folder', sum: folder.h1 }] : []),
  ];
}

/** majorityOf gives the sum that more than half of them have. */
function majorityOf(witnesses: readonly Witness[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { sum } of witnesses) counts.set(sum, (counts.get(sum) ?? 0) + 1);
  return [...counts].find(([, count]) => count * 2 > witnesses.length)?.[0];
}
