import { compareSemver } from '../../../go/semver.ts';

/** isRetracted says whether a go.mod takes back a version of its own module: `retract v1.0.1`, `retract [v1.1.0, v1.1.9] // why`. `golang.org/x/mod/modfile: parseVersionInterval` */
export function isRetracted(goMod: string, version: string): boolean {
  return retractionsIn(goMod).some(
    ([low, high]) => compareSemver(low, version) <= 0 && compareSemver(version, high) <= 0,
  );
}

function retractionsIn(goMod: string): readonly (readonly [low: string, high: string])[] {
  const found: (readonly [string, string])[] = [];
  let isInBlock = false;
  for (const raw of goMod.split('\n')) {
    const line = raw.replace(/\/\/.*/, '').trim();
    if (/^retract\s*\($/.test(line)) isInBlock = true;
    else if (line === ')') isInBlock = false;
    const text = isInBlock ? line : (/^retract\s+(.*)$/.exec(line)?.[1] ?? '');
    const [, low, high] = /^\[\s*"?([^\s,"]+)"?\s*,\s*"?([^\s\]"]+)"?\s*\]$/.exec(text) ?? [];
    const single = /^"?(v[^\s"]+)"?$/.exec(text)?.[1];
    if (low !== undefined && high !== undefined) found.push([low, high]);
    else if (single !== undefined) found.push([single, single]);
  }
  return found;
}
