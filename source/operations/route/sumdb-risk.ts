import type { RouteSettings } from '../../proxy/route/settings.ts';
import { partGlobs } from '../recovery/wide-globs.ts';

/** sumdbRisk says what the settings let pass unchecked that should not; undefined where only private modules are kept away. */
export function sumdbRisk({ gosumdb, gonosumdb, goprivate }: RouteSettings): string | undefined {
  if (gosumdb === 'off')
    return 'GOSUMDB=off: a module that is new to go.sum is believed as it comes, whoever changed it on the way';
  const { wide } = partGlobs(gonosumdb || goprivate);
  return wide.length === 0
    ? undefined
    : `${wide.join(',')} keeps public modules from the checksum database: what is new of them to go.sum is believed as it comes`;
}
