import { redactUrl } from '../go/redact.ts';
import { quote } from '../go/shell-word.ts';
import type { Cure, Finding } from '../operations/diagnosis/finding.ts';
import { formatAge, formatBytes, formatCount, formatCountOf, formatRate, type SizeFormat } from './format.ts';
import { priceWords } from './price-words.ts';

/** findingTitle is a finding in a few words. */
export function findingTitle(finding: Finding): string {
  switch (finding.code) {
    case 'never-reused':
      return 'not used again';
    case 'superseded':
      return 'superseded';
    case 'stale-variant':
      return `nobody uses ${finding.variant}`;
    case 'several-roots':
      return 'the same from several folders';
    case 'churn':
      return 'written and hit';
  }
}

/** findingBytes is how much a finding is about; undefined where it is no part of GOCACHE. */
export function findingBytes(finding: Finding): number | undefined {
  return finding.code === 'churn' ? undefined : finding.sum.bytes;
}

/** findingWords is a finding in a sentence, with its bytes and their share. */
export function findingWords(finding: Finding, wholeBytes: number, sizes: SizeFormat): string {
  const size = (bytes: number): string => formatBytes(bytes, sizes);
  if (finding.code === 'churn') return churnWords(finding, size);
  const { sum, packages } = finding;
  const much = `${size(sum.bytes)} in ${formatCountOf(sum.entries, 'entry')}`;
  const share = `${shareWords(sum.bytes, wholeBytes)} of GOCACHE`;
  switch (finding.code) {
    case 'never-reused': {
      const older = shareWords(sum.bytes, finding.olderBytes);
      return `${much} were not used again after the day they were made, to an hour: ${share}, ${older} of what is older than a day`;
    }
    case 'superseded':
      return `${much} belong to archives that another one of the same package and variant has superseded: ${share}`;
    case 'stale-variant':
      return `nobody used ${finding.variant} for ${formatAge(finding.unusedForMs)}: ${much} of ${formatCountOf(packages.length, 'package')}, ${share}; Go's next trim takes them too`;
    case 'several-roots':
      return `${formatCountOf(packages.length, 'package')} ${packages.length === 1 ? 'was' : 'were'} compiled from more than one of ${formatCountOf(finding.roots.length, 'folder')}: at most ${size(sum.bytes)} are copies, ${share}; where the sources are equal, -trimpath makes one of them`;
  }
}

/** shareWords rounds down, but what is there is not 0 %. */
function shareWords(part: number, whole: number): string {
  const share = whole === 0 ? 0 : part / whole;
  return share > 0 && share < 0.01 ? 'less than 1 %' : formatRate(share);
}

function churnWords(
  { builds, hits, misses, hit, written }: Extract<Finding, { code: 'churn' }>,
  size: (bytes: number) => string,
): string {
  if (builds.length === 0)
    return 'unknown: no build on this GOCACHE was recorded; gocachetop -- go build ./... records one';
  const rate = formatRate(hits + misses === 0 ? undefined : hits / (hits + misses));
  return [
    `${formatCountOf(builds.length, 'build')} recorded`,
    `${formatCountOf(misses, 'package')} compiled, ${measured(size(written.bytes), written.archives, misses)} written`,
    `${formatCountOf(hits, 'hit')}, ${measured(size(hit.bytes), hit.archives, hits)} read again`,
    `rate ${rate}`,
  ].join('; ');
}

/** measured says `at least` where the sizes of some archives are not known. */
function measured(size: string, archives: number, all: number): string {
  if (archives >= all) return size;
  return archives === 0 ? 'unknown bytes' : `at least ${size} (${formatCount(archives)} measured)`;
}

/** cureCommand is the command to type. It names GOCACHE, which may be another in the shell where it is typed. */
export function cureCommand(cure: Cure, gocache: string): string {
  switch (cure.type) {
    case 'prune':
      return ['gocachetop', 'prune', ...cure.args, '--gocache', gocache].map(quote).join(' ');
    case 'trimpath':
      return `go env -w ${quote(`GOFLAGS=${redactUrl(`${cure.goflags} -trimpath`.trim())}`)}`;
  }
}

/** cureWords is what a cure does. */
export function cureWords(cure: Cure, sizes: SizeFormat): string {
  switch (cure.type) {
    case 'prune':
      return `frees ${formatBytes(cure.frees.bytes, sizes)}, to rebuild: ${priceWords(cure.rebuild)}`;
    case 'trimpath':
      return 'for builds from now on; panics and debuggers then name module paths instead of folders';
  }
}
