import { quote } from '../../go/shell-word.ts';
import { formatBytes, formatCount } from '../format.ts';
import type { AppState } from '../state.ts';
import { packageSum } from '../summary-lookup.ts';
import type { Level, PageItem, PageView } from '../view.ts';
import { kindWords } from './cache-kinds.ts';

/** cacheDamagedView is one damaged output: what is wrong, what it does to builds, who imports it, what cures it. */
export const cacheDamagedView: PageView = {
  kind: 'page',
  id: 'cache-damaged',
  crumb: (_state, { subject }) => `${subject?.slice(0, 12) ?? ''}-d`,
  command: (state, level) => {
    const file = damageOf(state, level)?.file;
    return file === undefined ? undefined : `sha256sum ${quote(file)}`;
  },
  enter(state, level, id) {
    if (id === 'entry') return { view: 'cache-entry', subject: level.subject };
    // A test of a package is named `p [p.test]`: its page is that of p.
    const path = id.replace(/ \[.*$/, '');
    return packageSum(state.buildCache.contents, path) === undefined
      ? undefined
      : { view: 'cache-package', subject: path };
  },
  items(state, level) {
    const damage = damageOf(state, level);
    if (damage === undefined)
      return [{ kind: 'text', text: 'the last check did not find it', tone: 'quiet' }];
    const { unit, kind, variant, bytes, file, why, importers, isGone, isUnreadable } = damage;
    const fact = (name: string, value: string): PageItem => ({ kind: 'fact', name, value });
    return [
      fact('package', unit ?? 'nothing tells whose it is'),
      ...(variant === '' ? [] : [fact('variant', variant)]),
      fact('kind', `${kind}: ${kindWords[kind] ?? ''}`),
      fact('size', formatBytes(bytes, state.screen.sizes)),
      { kind: 'fact', name: isUnreadable ? 'unreadable' : 'wrong', value: why, tone: 'bad' },
      fact('so that', consequence(kind, isUnreadable)),
      { kind: 'fact', name: 'repair', value: repair(isGone, isUnreadable), tone: isGone ? 'good' : 'plain' },
      fact('file', file),
      { kind: 'gap' },
      ...(isGone ? [] : [row('entry', 'its entry')]),
      { kind: 'heading', text: 'units in GOCACHE that import it', right: formatCount(importers.length) },
      ...importers.map((name) => row(name, name)),
    ];
  },
};

function damageOf({ explorer }: AppState, { subject }: Level) {
  return explorer.check?.found.find(({ id }) => id === subject);
}

function row(id: string, text: string): PageItem {
  return { kind: 'row', id, mark: ' ', text, right: '' };
}

/** consequence is what Go does with it: cmd/go/internal/cache: GetFile compares sizes alone, GetBytes compares the hash too, go1.26. */
function consequence(kind: string, isUnreadable: boolean): string {
  if (isUnreadable) return 'nobody knows whether it is right';
  if (kind === 'archive')
    return 'builds use it without a word: the compiler or the linker fails, or the program is wrong';
  if (kind === 'index') return 'every build that reads this index fails: error reading module index';
  if (kind === 'executable') return 'go run and go tool start it as it is';
  return 'go compares small outputs when it reads them, and makes this one again';
}

function repair(isGone: boolean, isUnreadable: boolean): string {
  if (isGone) return 'it is removed: the next build makes it again';
  return isUnreadable
    ? 'give yourself the right to read it'
    : 'p removes it, and the next build makes it again';
}
