import { findPrefixPattern } from '../../go/module-path.ts';

/** partGlobs parts a list of globs, as in GONOSUMDB, into those that match more than anyone can own, and the others. */
export function partGlobs(list: string): {
  readonly wide: readonly string[];
  readonly narrow: readonly string[];
} {
  const globs = list.split(',').filter((glob) => glob !== '');
  return { wide: globs.filter(isWide), narrow: globs.filter((glob) => !isWide(glob)) };
}

/** isWide: it matches every host, or all of one that serves the public. */
function isWide(glob: string): boolean {
  const [host = '', ...rest] = glob.replace(/\/$/, '').split('/');
  const isAll = rest.every((element) => /^\*+$/.test(element));
  if (!isAll) return false;
  if (/^\*+(?:\.\*+)*$/.test(host)) return true;
  return publicHosts.some((known) => findPrefixPattern(host, known) !== undefined);
}

/** publicHosts serve modules of the public, which the database knows: nothing there needs to be kept from it as a whole. */
const publicHosts = [
  'github.com',
  'gitlab.com',
  'bitbucket.org',
  'golang.org',
  'google.golang.org',
  'gopkg.in',
  'go.uber.org',
];
