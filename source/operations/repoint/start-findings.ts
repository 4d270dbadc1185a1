import type { Finding } from '../finding.ts';
import type { RepointFacts, RepointStart, SourceFacts } from './facts.ts';
import { finder } from './finding.ts';

/** findStartFaults says why GOCACHE cannot start in this way. */
export function findStartFaults(facts: RepointFacts, start: RepointStart): readonly Finding[] {
  const { from, target, to } = facts;
  if (start === 'empty') return [];
  if (!from.isThere)
    return [finder('error', from.path)('nothing-there', 'nothing to take', 'it does not exist', startEmpty)];
  switch (start) {
    case 'copy': {
      const { freeBytes } = target;
      if (freeBytes === undefined || freeBytes >= from.diskBytes) return leftBehind(from);
      const why = `a copy takes ${from.diskBytes} bytes, ${freeBytes} are free`;
      return [finder('error', to)('no-room', 'no room for a copy', why, startEmpty, pruneFirst)];
    }
    case 'link':
      return target.isSameFileSystem ? leftBehind(from) : [otherFileSystem(facts, 'hard links')];
    case 'rename':
      return renameFaults(facts);
  }
}

const startEmpty = '--start empty';
const pruneFirst = 'gocachetop prune first';

function otherFileSystem({ from, to }: RepointFacts, what: string): Finding {
  const why = `it is not on the file system of ${from.path}`;
  return finder('error', to)('other-file-system', `no place for ${what}`, why, '--start copy', startEmpty);
}

function leftBehind({ path, foreignFiles }: SourceFacts): readonly Finding[] {
  if (foreignFiles === 0) return [];
  const why = `${foreignFiles} of its files are not Go's: they stay where they are`;
  return [finder('warning', path)('foreign-left', 'not all is taken', why)];
}

function renameFaults(facts: RepointFacts): readonly Finding[] {
  const { from, target, to } = facts;
  const error = finder('error', from.path);
  const found: Finding[] = [];
  if (!target.isSameFileSystem) found.push(otherFileSystem(facts, 'a rename'));
  if (target.state === 'cache') {
    const why = 'a rename needs a folder that is empty, or to be made';
    found.push(finder('error', to)('occupied', 'a GOCACHE already', why, '--start copy', '--start link'));
  }
  if (from.isLink)
    found.push(error('source-is-link', 'cannot be renamed', 'it is a symbolic link', '--start link'));
  else if (from.isMountPoint)
    found.push(
      error('source-is-mount', 'cannot be renamed', 'a file system is mounted there', '--start copy'),
    );
  if (from.heldBatches > 0) {
    const why = 'a gocachetop that is open can still undo a prune there';
    found.push(error('held', 'cannot be renamed now', why, 'leave that screen first', '--start link'));
  }
  if (from.users === undefined) {
    const why = 'whether go commands run on it cannot be seen here, and a rename makes those fail';
    found.push(finder('warning', from.path)('unseen', 'may be in use', why, 'let no build run meanwhile'));
  } else if (from.users.length > 0) {
    const named = from.users.slice(0, 3).map(({ pid, command }) => `${nameOf(command)} (pid ${pid})`);
    const more = from.users.length > named.length ? ` and ${from.users.length - named.length} more` : '';
    const why = `${named.join(', ')}${more} would fail`;
    found.push(error('in-use', 'go commands run on it', why, 'wait for their end', '--start link'));
  }
  return found;
}

function nameOf(command: readonly string[]): string {
  return command.length === 0 ? 'a go command' : command.slice(0, 3).join(' ');
}
