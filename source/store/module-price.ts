import type { DownloadPrice } from '../operations/module-prune/select.ts';
import { formatBytes, formatCountOf, type SizeFormat } from './format.ts';

/** downloadWords says what would be downloaded again, and from where: `12.3 MiB from https://proxy.example`. */
export function downloadWords({ bytes, unknown, from }: DownloadPrice, sizes: SizeFormat): string {
  if (from.length === 0) return 'nothing';
  const more = unknown === 0 ? '' : `, and ${formatCountOf(unknown, 'zip')} of unknown size`;
  const [first] = from;
  if (from.length === 1) return `${formatBytes(bytes, sizes)}${more} from ${first?.hop ?? ''}`;
  const hops = from.map((each) => `${formatBytes(each.bytes, sizes)} from ${each.hop}`);
  return `${formatBytes(bytes, sizes)}${more}: ${hops.join(', ')}`;
}
