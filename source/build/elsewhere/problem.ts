import { codeOf, type Problem, reasonOf } from '../../platform/problem.ts';

/** unwatchedFolder is the problem of a temp folder that is not there, or for which no inotify watch is left. */
export function unwatchedFolder(where: string, error: unknown): Problem {
  const isLimit = codeOf(error) === 'ENOSPC' || codeOf(error) === 'EMFILE';
  const repair = isLimit ? 'raise fs.inotify.max_user_watches and max_user_instances' : '';
  return { where, what: 'builds from elsewhere are not seen there', why: reasonOf(error), repair };
}

/** unseenBuild is the problem of a WORK that cannot be opened, though it is ours to read. */
export function unseenBuild(where: string, error: unknown): Problem {
  return { where, what: 'the build in this folder is not seen', why: reasonOf(error), repair: '' };
}

/** unknownCache is the problem of programs without a hit, linked too fast for their processes to be seen. */
export function unknownCache(where: string, programs: readonly string[]): Problem {
  const what = `${programs.join(', ')} linked, with no hit`;
  const why = 'it is not known whether on this GOCACHE: no process of its build was seen';
  return { where, what, why, repair: '' };
}
