import { escapePath } from '../../go/module-path.ts';
import type { ModuleName } from '../../module-graph/mod-file.ts';
import type { Request } from './check.ts';

/** fileOf is the request for a file of a version: `example.org/!quay/columns/@v/v1.2.0.info`. */
export function fileOf({ path, version }: ModuleName, kind: 'info' | 'mod' | 'zip'): Request {
  return { path: `${escaped(path)}/@v/${escaped(version)}.${kind}` };
}

/** plainInfo is what go never asks for: the path of `.info` with its capital letters as they are. */
export function plainInfo({ path, version }: ModuleName): Request {
  return { path: `${path}/@v/${version}.info` };
}

export function listOf(path: string): Request {
  return { path: `${escaped(path)}/@v/list` };
}

export function latestOf(path: string): Request {
  return { path: `${escaped(path)}/@latest` };
}

/** escaped is a path or version in URLs; what go does not escape, go does not ask for. */
function escaped(text: string): string {
  return escapePath(text) ?? text;
}

/** unknownModule is under a name that no DNS has: RFC 2606. */
export const unknownModule = 'gocachetop.invalid/conformance';

/** isUnknown says whether a request is for something that is nowhere. */
export function isUnknown(path: string): boolean {
  return path.startsWith(unknownModule) || path.includes(unknownTag);
}

const unknownTag = 'gocachetop.conformance';

/** unknownVersion is a version that fits the module's path and does not exist. */
export function unknownVersion({ version }: ModuleName): string {
  const major = version.endsWith('+incompatible') ? 'v0' : (version.split('.')[0] ?? 'v0');
  return `${major}.0.0-${unknownTag}`;
}
