import { matchPrefixPatterns } from '../../go/module-path.ts';
import { parseSumdb } from '../../proxy/sumdb.ts';
import type { Finding } from '../finding.ts';
import { partGlobs } from '../recovery/wide-globs.ts';

/** SumdbSettings are those that say which modules the checksum database is asked about. */
export type SumdbSettings = {
  readonly gosumdb: string;
  readonly gonosumdb: string;
  readonly goprivate: string;
};

/**
 * findRisks says where the settings keep public modules away from the checksum database: `GOSUMDB=off`, and globs that cover
 * more than anyone can own. `needed` are modules of the main module, for the count of those it is about.
 */
export function findRisks(settings: SumdbSettings, needed: readonly string[]): readonly Finding[] {
  const setting = parseSumdb(settings.gosumdb);
  if (setting.kind === 'invalid')
    return [
      {
        code: 'sumdb-invalid',
        severity: 'error',
        about: 'GOSUMDB',
        what: setting.fault,
        why: 'every download of a module that go.sum does not know fails',
        repair: ['go env -u GOSUMDB'],
      },
    ];
  if (setting.kind === 'off') return [switchedOff];
  const name = settings.gonosumdb === '' ? 'GOPRIVATE' : 'GONOSUMDB';
  return partGlobs(settings.gonosumdb || settings.goprivate).wide.map((glob): Finding => {
    const mine = needed.filter((path) => matchPrefixPatterns(glob, path));
    const count = mine.length === 0 ? '' : `; ${mine.length} of ${needed.length} modules here match`;
    return {
      code: 'nosumdb-too-wide',
      severity: 'warning',
      about: name,
      what: `the glob ${glob.trim()} keeps public modules from the checksum database${count}`,
      why: 'the first download of each of them is believed without a check, whatever the proxy sends',
      repair: [`go env -w ${name}=HOST/OWNER   # only what is yours`],
    };
  });
}

const switchedOff: Finding = {
  code: 'sumdb-off',
  severity: 'warning',
  about: 'GOSUMDB',
  what: 'the checksum database is switched off (GOSUMDB=off)',
  why: 'what go.sum does not know yet is believed as the proxy sends it: a proxy or an origin that changed a version is not noticed',
  repair: ['go env -u GOSUMDB   # and name private modules alone: go env -w GOPRIVATE=HOST/OWNER'],
};
