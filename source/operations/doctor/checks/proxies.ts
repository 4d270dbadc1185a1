import { matchGlob } from '../../../go/path-match.ts';
import { redactUrl } from '../../../go/redact.ts';
import type { Setting } from '../../../go/settings.ts';
import { parseProxyChain } from '../../../proxy/chain.ts';
import { checkGovcs } from '../../../proxy/route/govcs.ts';
import { parseSumdb } from '../../../proxy/sumdb.ts';
import { findSettingStates } from '../../recovery/setting-states.ts';
import { partGlobs } from '../../recovery/wide-globs.ts';
import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder } from '../finding.ts';
import { changeSetting, clearSetting } from '../setting-repair.ts';
import { toFindings } from './recovery-states.ts';

/** checkProxySettings reads GOPROXY, GOSUMDB and the lists of globs as Go does; nothing is asked. */
export function checkProxySettings(facts: DoctorFacts): readonly Finding[] {
  return [
    ...chain(facts),
    ...database(facts),
    ...globLists.flatMap((name) => globs(facts, name)),
    ...wide(
      facts,
      'GONOPROXY',
      'noproxy-wide',
      'no proxy is asked for public modules: each comes from its origin, which needs its version control and may be gone',
    ),
    ...wide(
      facts,
      'GOINSECURE',
      'insecure-wide',
      'modules come over plain HTTP and with certificates that nobody checked: whoever is in between can change them',
    ),
    ...versionControl(facts),
    ...httpProxies(facts),
  ];
}

function chain(facts: DoctorFacts): readonly Finding[] {
  const { env, settings } = facts;
  const setting = settings.get('GOPROXY');
  if (setting === undefined || isLost(setting, facts)) return [];
  const { hops, problem } = parseProxyChain(env.goproxy);
  const about = `GOPROXY=${setting.value}`;
  const repair = clearSetting(setting, { fallback: 'direct' });
  if (problem !== undefined) {
    const why = `no module can be looked up: ${problem}`;
    return [
      finder('error', about)('goproxy-invalid', 'go cannot read it', why, repairEmpty(setting) ?? repair),
    ];
  }
  const found: Finding[] = [];
  if (hops[0]?.kind === 'off') {
    const why = 'what is not in GOMODCACHE cannot be had: module lookup disabled by GOPROXY=off';
    found.push(finder('warning', about)('goproxy-off', 'downloads are switched off', why, repair));
  }
  const unreached = hops.filter(({ reached }) => !reached);
  const end = hops.findLast(({ reached }) => reached)?.shown;
  if (unreached.length > 0) {
    const names = unreached.map(({ shown }) => shown).join(', ');
    const why = `nothing behind ${end} is asked, whatever it answers`;
    const kept = hops.filter(({ reached }) => reached).map(({ entry }) => entry);
    const words = redactUrl(kept.join(','));
    found.push(
      finder('warning', about)('goproxy-unreached', `${names} is never asked`, why, [
        `put it before ${end}, or leave it out: go env -w GOPROXY=${words}`,
      ]),
    );
  }
  for (const { entry, shown, reached } of hops) {
    if (!reached || !/^http:\/\/[^/]*@/i.test(entry)) continue;
    const why = 'go refuses to send a password without TLS: refusing to pass credentials to insecure URL';
    found.push(
      finder('error', about)('goproxy-credentials', `${shown} has a password and no TLS`, why, [
        'use https://, and keep the password in .netrc',
      ]),
    );
  }
  return found;
}

/** isLost: a GOROOT that is no Go tree has no go.env either, and with it goes the default. That is told of GOROOT. */
function isLost({ value, name }: Setting, { toolchain, refusals, files }: DoctorFacts): boolean {
  const isBroken = toolchain.goroot.lacks.length > 0 || refusals.some(({ setting }) => setting === 'GOROOT');
  return value === '' && isBroken && !files.goenv.has(name);
}

/** repairEmpty: an empty line in the file of go env -w hides the default. `cmd/go/internal/cfg: readEnvFile, go1.26` */
function repairEmpty({ name, value }: Setting) {
  if (value !== '') return undefined;
  return clearSetting({ name, value, origin: 'go env -w' });
}

function database(facts: DoctorFacts): readonly Finding[] {
  const { settings, env } = facts;
  const setting = settings.get('GOSUMDB');
  const sumdb = parseSumdb(env.gosumdb);
  if (setting !== undefined && sumdb.kind === 'invalid') {
    if (isLost(setting, facts)) return [];
    const why = `a module that is new to go.sum ends with: ${sumdb.fault}`;
    const repair = repairEmpty(setting) ?? clearSetting(setting, { fallback: 'sum.golang.org' });
    return [finder('error', `GOSUMDB=${setting.value}`)('gosumdb-invalid', 'go cannot read it', why, repair)];
  }
  const names = ['GOSUMDB', 'GONOSUMDB', 'GOPRIVATE'];
  const kept = new Map([...settings].filter(([name]) => names.includes(name)));
  return toFindings(findSettingStates({ settings: kept, needed: [], sums: [], databaseFailure: undefined }));
}

const globLists = ['GOPRIVATE', 'GONOPROXY', 'GONOSUMDB', 'GOINSECURE'] as const;

/** globs: an entry that can match no module is a private one that leaks. `golang.org/x/mod/module: MatchPrefixPatterns` */
function globs({ settings }: DoctorFacts, name: (typeof globLists)[number]): readonly Finding[] {
  const setting = settings.get(name);
  // A list that is another's is told there.
  if (setting === undefined || setting.derivedFrom !== undefined) return [];
  const entries = setting.value.split(',').filter((entry) => entry !== '' && entry !== 'none');
  const faults = entries.flatMap((entry) => {
    const fault = globFault(entry);
    return fault === undefined ? [] : [{ entry, fault }];
  });
  if (faults.length === 0) return [];
  const better = entries.map(repairGlob).filter((entry) => globFault(entry) === undefined);
  const what = faults.map(({ entry, fault }) => `"${entry}" ${fault}`).join('; ');
  const why =
    name === 'GOINSECURE'
      ? 'the modules that it is meant for are checked all the same'
      : 'the modules that it is meant for are asked of public servers, which learn their names';
  return [
    finder('warning', `${name}=${setting.value}`)(
      'glob-never-matches',
      `${what}: it matches no module`,
      why,
      changeSetting(setting, better.join(',')),
    ),
  ];
}

function globFault(entry: string): string | undefined {
  if (entry !== entry.trim()) return 'has a space, which counts';
  if (entry.includes('://')) return 'is a URL; a glob is of module paths';
  if (/^\d+(?:\.\d+){3}\/\d+$/.test(entry)) return 'is a range of addresses; a glob is of module paths';
  if (matchGlob(entry.replace(/\/$/, ''), '') === undefined) return 'is malformed';
  return undefined;
}

function repairGlob(entry: string): string {
  return entry.trim().replace(/^[a-z]+:\/\//i, '');
}

function wide(
  { settings, env }: DoctorFacts,
  name: 'GONOPROXY' | 'GOINSECURE',
  code: string,
  why: string,
): readonly Finding[] {
  const setting = settings.get(name);
  if (setting === undefined || setting.value === '' || setting.derivedFrom !== undefined) return [];
  // Without a proxy there is none to pass by.
  if (name === 'GONOPROXY' && parseProxyChain(env.goproxy).hops[0]?.kind === 'direct') return [];
  const globs = partGlobs(setting.value);
  if (globs.wide.length === 0) return [];
  return [
    finder('warning', `${name}=${setting.value}`)(
      code,
      `${globs.wide.join(',')} matches public modules`,
      why,
      changeSetting(setting, globs.narrow.join(',')),
    ),
  ];
}

/** versionControl: only a rule that cannot be read leaves no rule at all. */
function versionControl({ settings, env }: DoctorFacts): readonly Finding[] {
  const setting = settings.get('GOVCS');
  const anyRoot = { vcs: 'git', root: 'a.example/a', goprivate: env.goprivate };
  const verdict = checkGovcs(env.govcs, anyRoot);
  if (setting === undefined || verdict.isAllowed || verdict.rule !== undefined) return [];
  const why = `every module that comes from its own version control ends with: ${verdict.why}`;
  return [
    finder('error', `GOVCS=${setting.value}`)(
      'govcs-invalid',
      'go cannot read it',
      why,
      clearSetting(setting),
    ),
  ];
}

/** httpProxies: `golang.org/x/net/http/httpproxy: FromEnvironment, parseProxy` */
function httpProxies({ variables }: DoctorFacts): readonly Finding[] {
  return ['HTTPS_PROXY', 'HTTP_PROXY'].flatMap((upper) => {
    const name = [upper, upper.toLowerCase()].find((each) => (variables[each] ?? '') !== '');
    const value = name === undefined ? undefined : variables[name];
    if (name === undefined || value === undefined) return [];
    const fault = proxyFault(value);
    if (fault === undefined) return [];
    const why = 'every request of go ends with: proxyconnect tcp, to proxies and to the checksum database';
    return [
      finder('error', `${name}=${redactUrl(value)}`)('http-proxy-invalid', fault, why, [`unset ${name}`]),
    ];
  });
}

/** proxyFault: a scheme that is none of a proxy counts as http, and a missing one too. Measured, go1.26. */
function proxyFault(value: string): string | undefined {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  return URL.canParse(whole) ? undefined : 'no address of a proxy';
}
