import type { ModuleName } from '../module-graph/mod-file.ts';
import type { ModuleNeeds } from '../operations/module-needs/needs.ts';
import { formatCountOf } from './format.ts';

/** standingWords says in a few words who needs a version. */
export function standingWords(needs: ModuleNeeds, name: ModuleName): string {
  switch (needs.standing(name)) {
    case 'unknown':
      return 'unknown';
    case 'nobody':
      return needs.supersededBy(name) === undefined ? 'nobody' : 'superseded';
    case 'graph':
      return 'a graph';
    case 'vendor':
      return 'a vendor folder';
    case 'build': {
      const builds = needs.of(name).filter(({ kind }) => kind === 'build');
      return builds.length === 1
        ? lastOf(builds[0]?.root.modules[0] ?? '')
        : formatCountOf(builds.length, 'root');
    }
  }
}

/** lastOf is the telling end of a module path. */
function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
