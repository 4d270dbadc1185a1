import { quote } from '../../go/shell-word.ts';
import { formatBytes, formatCount } from '../format.ts';
import { priceCell, priceWords } from '../price-words.ts';
import { packageSum } from '../summary-lookup.ts';
import type { PageItem, PageView } from '../view.ts';
import { used } from './contents-source.ts';

/** cachePackageView is one package with all its variants. */
export const cachePackageView: PageView = {
  kind: 'page',
  id: 'cache-package',
  crumb: (_state, { subject }) => subject ?? '',
  command: (_state, { subject }) =>
    subject === undefined ? undefined : `gocachetop prune --package ${quote(subject)} --dry-run`,
  enter: (_state, _level, name) => ({ view: 'cache-entries', subject: `name ${name}` }),
  items(state, { subject }) {
    const found = packageSum(state.buildCache.contents, subject ?? '');
    if (found === undefined)
      return [{ kind: 'text', text: `${subject ?? ''} is not in GOCACHE`, tone: 'quiet' }];
    const size = (bytes: number): string => formatBytes(bytes, state.screen.sizes);
    return [
      { kind: 'fact', name: 'size', value: `${size(found.bytes)} in ${formatCount(found.entries)} entries` },
      { kind: 'fact', name: 'last use', value: `${used(found.lastUsed, state.now)}, to an hour` },
      ...(found.module === undefined ? [] : [{ kind: 'fact', name: 'module', value: found.module } as const]),
      ...(found.superseded.entries === 0
        ? []
        : [
            {
              kind: 'fact',
              name: 'superseded',
              value: `${size(found.superseded.bytes)} in ${formatCount(found.superseded.entries)} archives`,
            } as const,
          ]),
      { kind: 'fact', name: 'to rebuild', value: priceWords(found.rebuild) },
      { kind: 'gap' },
      { kind: 'heading', text: 'variants', right: formatCount(found.variants.length) },
      ...found.variants.map(
        ({ name, text, bytes, lastUsed, generations, rebuild }): PageItem => ({
          kind: 'row',
          id: String(name),
          mark: ' ',
          text: generations > 1 ? `${text}, ${generations} builds` : text,
          right: `${size(bytes)}  ${used(lastUsed, state.now).padStart(7)}  ${priceCell(rebuild).padStart(10)}`,
        }),
      ),
    ];
  },
};
