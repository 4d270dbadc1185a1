import type { ModuleFacts } from './facts.ts';
import type { Claims } from './verdict.ts';

/** Witness is somebody's word on what the content of a version is: an h1 sum. */
export type Witness = {
  /** name is how a sentence names it: `the zip`, `go.sum`. */
  readonly name: string;
  readonly sum: string;
};

/** Truth is the sum that is taken for right. */
export type Truth = {
  /** sum is undefined where there is nothing to go by. */
  readonly sum: string | undefined;
  /** isDecided is false where GOMODCACHE agrees with itself and not with go.sum: nobody here can tell which was changed. */
  readonly isDecided: boolean;
  readonly witnesses: readonly Witness[];
};

/**
 * findTruth says which h1 of a version is right, by trust and by majority: a proven answer of the checksum database is;
 * else go.sum, unless two or more in GOMODCACHE agree on another sum and none on this one. Without go.sum the majority is right,
 * and where there is none the more trusted one: a kept answer of the database, `.ziphash`, zip, folder.
 */
export function findTruth({ ziphash, zip, folder }: ModuleFacts, claims: Claims): Truth {
  return decide(claims, 'zip', [
    ...(ziphash.state === 'sum' ? [{ name: '.ziphash', sum: ziphash.h1 }] : []),
    ...(zip.state === 'hashed' ? [{ name: 'the zip', sum: zip.h1 }] : []),
    ...(folder.state === 'hashed' && folder.h1 !== undefined ? [{ name: 'the folder', sum: folder.h1 }] : []),
  ]);
}

/** findGoModTruth says the same of the go.mod file alone. A zip that is known to be right holds the right one. */
export function findGoModTruth(facts: ModuleFacts, claims: Claims, zipTruth: Truth): Truth {
  const { goMod, zip, folder, goModInZip } = facts;
  const inFolder = folder.state === 'hashed' ? folder.goMod : undefined;
  const found = decide(claims, 'goMod', [
    ...(goMod.state === 'hashed' ? [{ name: 'the .mod file', sum: goMod.h1 }] : []),
    ...(goModInZip === undefined ? [] : [{ name: 'the zip', sum: goModInZip }]),
    ...(inFolder === undefined ? [] : [{ name: 'the folder', sum: inFolder }]),
  ]);
  const { database } = claims;
  const isProven =
    typeof database === 'object' && database.standing === 'proven' && database.goMod !== undefined;
  const isBacked =
    zipTruth.isDecided && zipTruth.witnesses.some(({ name, sum }) => isOutside(name) && sum === zipTruth.sum);
  const isZipRight = zip.state === 'hashed' && zip.h1 === zipTruth.sum && goModInZip !== undefined;
  return isZipRight && isBacked && !isProven ? { ...found, sum: goModInZip, isDecided: true } : found;
}

function decide(claims: Claims, of: 'zip' | 'goMod', local: readonly Witness[]): Truth {
  const database = typeof claims.database === 'object' ? claims.database : undefined;
  const recorded = [...new Set(claims[of].map(({ sum }) => sum))];
  const word = database?.[of];
  const witnesses: Witness[] = [
    ...(database === undefined || word === undefined
      ? []
      : [{ name: databaseName(database.standing), sum: word }]),
    ...recorded.map((sum) => ({ name: 'go.sum', sum })),
    ...local,
  ];
  if (database?.standing === 'proven' && word !== undefined) return { sum: word, isDecided: true, witnesses };
  if (recorded.length === 0)
    return {
      sum: mostNamed(witnesses, witnesses.length / 2) ?? witnesses[0]?.sum,
      isDecided: true,
      witnesses,
    };
  const isHere = recorded.filter((sum) => local.some((each) => each.sum === sum));
  // Of several lines the one that something here agrees with; of one, that one.
  const chosen = recorded.length === 1 ? recorded : isHere;
  const agreed = mostNamed(local, 1);
  if (isHere.length === 0 && agreed !== undefined)
    return { sum: agreed, isDecided: word === agreed, witnesses };
  return chosen.length === 1
    ? { sum: chosen[0], isDecided: true, witnesses }
    : { sum: agreed, isDecided: false, witnesses };
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

/** agree is the verb for what `agreeing` names: one says otherwise, several agree. */
export function agree(names: string): string {
  return isSeveral(names) ? 'agree' : 'says otherwise';
}

/** isSeveral says whether `agreeing` names more than one. */
export function isSeveral(names: string): boolean {
  return names.includes(' and ');
}

/** isOutside says whether a witness does not lie in the module's own files. */
export function isOutside(name: string): boolean {
  return name === 'go.sum' || name.endsWith('checksum database');
}

function databaseName(standing: 'proven' | 'kept'): string {
  return standing === 'proven' ? 'the checksum database' : 'the kept answer of the checksum database';
}

/** mostNamed gives the sum that more than so many have, and more than any other. */
function mostNamed(witnesses: readonly Witness[], more: number): string | undefined {
  const counts = new Map<string, number>();
  for (const { sum } of witnesses) counts.set(sum, (counts.get(sum) ?? 0) + 1);
  const [first, second] = [...counts].sort((one, other) => other[1] - one[1]);
  return first !== undefined && first[1] > more && first[1] !== second?.[1] ? first[0] : undefined;
}
