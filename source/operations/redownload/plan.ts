import type { ModuleFacts } from '../../checksums/facts.ts';
import type { SwapPart } from './journal.ts';

/** Approved are the sums that somebody vouches for; undefined where nobody is known to. */
export type Approved = { readonly zip: string | undefined; readonly mod: string | undefined };

/** RepairPlan is how a module version becomes what it should be. */
export type RepairPlan = {
  /** wrong are the parts that are not what they should be, as far as that is known. */
  readonly wrong: readonly SwapPart[];
  /**
   * way: `none` needs nothing; `local` makes all of it from what is there and approved; `network` asks the proxies for what is
   * not. `judge` has nobody here who vouches: go asks the checksum database first.
   */
  readonly way: 'none' | 'local' | 'network' | 'judge';
  /** seeds are the parts that are good, and need not be downloaded. */
  readonly seeds: Seeds;
  /** suspicion says why the repair would hide that somebody changed something; undefined when it would not. */
  readonly suspicion: string | undefined;
};

export type Seeds = {
  readonly zip: boolean;
  /** mod is where a good go.mod lies: in its own file, or in the folder. */
  readonly mod: 'mod' | 'dir' | undefined;
  readonly info: boolean;
};

/** planRepair decides; `isJudged` says that go will ask the checksum database where nothing is approved here. */
export function planRepair(facts: ModuleFacts, approved: Approved, isJudged: boolean): RepairPlan {
  const { zip, goMod, info } = facts;
  const wrong = wrongParts(facts, approved);
  const isKnown = approved.zip !== undefined;
  const hasZip = zip.state === 'hashed' && (isKnown ? zip.h1 === approved.zip : isJudged);
  const hasMod = goMod.state === 'hashed' && !wrong.includes('mod');
  const seeds: Seeds = {
    zip: hasZip,
    mod: hasMod ? 'mod' : isModInFolder(facts, approved) ? 'dir' : undefined,
    info: info.state === 'read',
  };
  return { wrong, way: wayOf(), seeds, suspicion: suspicionOf(facts, approved, wrong) };

  function wayOf(): RepairPlan['way'] {
    if (!isKnown && isJudged) return 'judge';
    if (isKnown && wrong.length === 0) return 'none';
    return hasZip && seeds.mod !== undefined && !wrong.includes('info') ? 'local' : 'network';
  }
}

/**
 * wrongParts compares with what is approved, or with the zip where nothing is. An info that is missing is none of them: a
 * build needs none.
 */
export function wrongParts(facts: ModuleFacts, approved: Approved): readonly SwapPart[] {
  const { zip, ziphash, folder, goMod, info, isPartial } = facts;
  const sum = sumOf(facts, approved);
  const mod = approved.mod ?? (zip.state === 'hashed' && zip.h1 === sum ? facts.goModInZip : undefined);
  const isModWrong = goMod.state !== 'hashed' || (mod !== undefined && goMod.h1 !== mod);
  return [
    ...(isModWrong ? ['mod' as const] : []),
    ...(info.state === 'malformed' || info.state === 'unreadable' ? ['info' as const] : []),
    ...(zip.state !== 'hashed' || zip.h1 !== sum ? ['zip' as const] : []),
    ...(folder.state !== 'hashed' || isPartial || (sum !== undefined && folder.h1 !== sum)
      ? ['dir' as const]
      : []),
    ...(ziphash.state !== 'sum' || (sum !== undefined && ziphash.h1 !== sum) ? ['ziphash' as const] : []),
  ];
}

function sumOf({ zip }: ModuleFacts, approved: Approved): string | undefined {
  return approved.zip ?? (zip.state === 'hashed' ? zip.h1 : undefined);
}

/** isModInFolder: the approved zip has the very go.mod, and the folder's is as in the zip. */
function isModInFolder(facts: ModuleFacts, approved: Approved): boolean {
  const { zip, folder, goModInZip, differences } = facts;
  if (zip.state !== 'hashed' || zip.h1 !== approved.zip || goModInZip === undefined) return false;
  if (approved.mod !== undefined && goModInZip !== approved.mod) return false;
  if (folder.state !== 'hashed' || folder.odd.some(({ name }) => name === 'go.mod')) return false;
  return !differences.some(({ name }) => name === 'go.mod');
}

/**
 * suspicionOf: damage leaves a file missing or unreadable; what is whole and another one was put there by somebody. Of a
 * folder that differs in nobody knows which files nothing is said: they may only be missing.
 */
function suspicionOf(facts: ModuleFacts, approved: Approved, wrong: readonly SwapPart[]): string | undefined {
  const { zip, goMod } = facts;
  const words = [
    ...(wrong.includes('zip') && zip.state === 'hashed'
      ? ['the zip is whole, and not the one that is vouched for']
      : []),
    ...(wrong.includes('mod') && goMod.state === 'hashed' ? ['the .mod was changed'] : []),
    ...(wrong.includes('dir') ? folderWords(facts, approved) : []),
  ];
  return words.length === 0 ? undefined : words.join(', ');
}

function folderWords(facts: ModuleFacts, approved: Approved): readonly string[] {
  const { zip, folder, isPartial, differences } = facts;
  // What an extraction left half done is not somebody's change; go removes it, too.
  if (isPartial || folder.state === 'absent') return [];
  if (folder.state === 'unreadable')
    return /not a directory/.test(folder.why) ? ['something else was put in the place of the folder'] : [];
  if (zip.state !== 'hashed' || zip.h1 !== sumOf(facts, approved)) return [];
  const odd = folder.odd.filter(({ kind }) => kind === 'link' || kind === 'special').map(({ name }) => name);
  const of = (kind: 'changed' | 'extra'): string[] =>
    differences.filter((each) => each.kind === kind && !odd.includes(each.name)).map(({ name }) => name);
  return [
    ...nameFiles(of('changed'), 'changed'),
    ...nameFiles(odd, 'replaced by a link or a device'),
    ...nameFiles(of('extra'), 'added'),
  ];
}

function nameFiles(files: readonly string[], what: string): readonly string[] {
  const [first] = files;
  if (first === undefined) return [];
  const more = files.length - 1;
  return [`${first} ${more === 0 ? 'was' : `and ${more} more were`} ${what}`];
}
