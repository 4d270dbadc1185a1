import type { DownloadPrice } from '../operations/module-prune/select.ts';
import { formatBytes, formatCountOf, type SizeFormat } from './format.ts';

/** downloadWords says what would be downloaded again, and from where: `12.3 MiB from https://proxy.example`. */
export function downloadWords({ bytes, unknown, from }: DownloadPrice, sizes: SizeFormat): string {
  if (from.length === 0) return 'nothing';
  const zips = formatCountOf(unknown, 'zip');
  const all =
    unknown === 0
      ? formatBytes(bytes, sizes)
      : bytes === 0
        ? `${zips} of unknown size`
        : `${formatBytes(bytes, sizes)}, and ${zips} of unknown size`;
  const [first] = from;
  if (from.length === 1) return `${all} from ${first?.hop ?? ''}`;
  const hops = from.map((each) => `${formatBytes(each.bytes, sizes)} from ${each.hop}`);
  return `${all}: ${hops.join(', ')}`;
}
