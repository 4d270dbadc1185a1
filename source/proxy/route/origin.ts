import { findPrefixPattern } from '../../go/module-path.ts';
import { checkGovcs, type GovcsVerdict } from './govcs.ts';
import type { RouteSettings } from './settings.ts';

/** Repository is where the code of a module lies, and the command that Go would run to get it. */
export type Repository = {
  readonly vcs: string;
  /** url is what the command is given; for a path with a suffix Go also tries git+ssh and ssh, where https does not answer. */
  readonly url: string;
  /** root is the import path of the repository; GOVCS judges by it. */
  readonly root: string;
  readonly govcs: GovcsVerdict;
};

/** Origin is how Go finds the repository of a module that it takes from no proxy. */
export type Origin =
  /** `known-host` knows it from the path (`github.com/a/b`), `suffix` from `.git` in it: nothing is asked. */
  | { readonly how: 'known-host' | 'suffix'; readonly repository: Repository }
  /** `go-get` asks a page for its `go-import` tag. */
  | { readonly how: 'go-get'; readonly url: string; readonly isInsecure: boolean }
  /** `refused` is a path that Go asks nobody about; why is its error. */
  | { readonly how: 'refused'; readonly why: string };

/**
 * originOf says how Go finds the repository of a module path.
 * `cmd/go/internal/vcs: RepoRootForImportPath, vcsPaths, repoRootForImportDynamic, go1.26`
 */
export function originOf(module: string, settings: RouteSettings): Origin {
  const isInsecure = findPrefixPattern(settings.goinsecure, module) !== undefined;
  if (module === 'example.net' || module.startsWith('example.net/'))
    return { how: 'refused', why: 'no modules on example.net' };
  if (module === 'rsc.io') return { how: 'refused', why: 'rsc.io is not a module' };
  for (const host of knownHosts) {
    if (module !== host.prefix && !module.startsWith(`${host.prefix}/`)) continue;
    const root = host.form.exec(module)?.[1];
    if (root === undefined)
      return { how: 'refused', why: `invalid ${host.prefix} import path ${JSON.stringify(module)}` };
    if (host.refusesSuffix && /\.(?:hg|git|svn|bzr|fossil)$/.test(root))
      return { how: 'refused', why: `invalid version control suffix in ${host.prefix}/ path` };
    return { how: 'known-host', repository: repositoryOf(host.vcs, `https://${root}`, root, settings) };
  }
  const [, root, repo, vcs] = suffixed.exec(module) ?? [];
  if (root !== undefined && repo !== undefined && vcs !== undefined)
    return { how: 'suffix', repository: repositoryOf(vcs, `https://${repo}`, root, settings) };
  return { how: 'go-get', url: goGetUrl(module), isInsecure };
}

/** repositoryOf adds what GOVCS says. */
export function repositoryOf(vcs: string, url: string, root: string, settings: RouteSettings): Repository {
  const govcs = checkGovcs(settings.govcs, { vcs, root, goprivate: settings.goprivate });
  return { vcs, url, root, govcs };
}

/** goGetUrl is the page of an import path. `cmd/go/internal/vcs: urlForImportPath, go1.26` */
export function goGetUrl(importPath: string): string {
  return `https://${importPath}${importPath.includes('/') ? '' : '/'}?go-get=1`;
}

type KnownHost = {
  readonly prefix: string;
  readonly form: RegExp;
  readonly vcs: string;
  readonly refusesSuffix: boolean;
};

/** knownHosts are those whose layout Go knows. `cmd/go/internal/vcs: vcsPaths, go1.26` */
const knownHosts: readonly KnownHost[] = [
  {
    prefix: 'github.com',
    form: /^(github\.com\/[\w.-]+\/[\w.-]+)(?:\/[\w.-]+)*$/,
    vcs: 'git',
    refusesSuffix: true,
  },
  {
    prefix: 'bitbucket.org',
    form: /^(bitbucket\.org\/[\w.-]+\/[\w.-]+)(?:\/[\w.-]+)*$/,
    vcs: 'git',
    refusesSuffix: true,
  },
  {
    prefix: 'hub.jazz.net/git',
    form: /^(hub\.jazz\.net\/git\/[a-z0-9]+\/[\w.-]+)(?:\/[\w.-]+)*$/,
    vcs: 'git',
    refusesSuffix: true,
  },
  {
    prefix: 'git.apache.org',
    form: /^(git\.apache\.org\/[a-z0-9_.-]+\.git)(?:\/[\w.-]+)*$/,
    vcs: 'git',
    refusesSuffix: false,
  },
  {
    prefix: 'git.openstack.org',
    form: /^(git\.openstack\.org\/[\w.-]+\/[\w.-]+)(?:\.git)?(?:\/[\w.-]+)*$/,
    vcs: 'git',
    refusesSuffix: false,
  },
  {
    prefix: 'chiselapp.com',
    form: /^(chiselapp\.com\/user\/[A-Za-z0-9]+\/repository\/[\w.-]+)$/,
    vcs: 'fossil',
    refusesSuffix: false,
  },
];

/** suffixed is a path that names the command: `git.corp.example/team/tool.git/sub`. Its repository is named without the suffix. */
const suffixed =
  /((?:((?:[a-z0-9.-]+\.)+[a-z0-9.-]+(?::[0-9]+)?(?:\/~?[\w.-]+)+?))\.(bzr|fossil|git|hg|svn))(?:\/~?[\w.-]+)*$/;
