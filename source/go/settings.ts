import { redactUrl } from './redact.ts';
import { parseGoVersion } from './toolchain.ts';

/** Environment is a process environment: what the go command will see. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** SettingOrigin is where a value comes from, in the words of reports. `go env -w` is the GOENV file, `GOROOT` is `$GOROOT/go.env`. */
export type SettingOrigin = 'environment' | 'go env -w' | 'GOROOT' | 'default' | 'go.mod' | 'flag';

/** SettingSource is one place that gives a value; the value is fit to be shown: passwords in URLs are hidden. */
export type SettingSource = { readonly origin: SettingOrigin; readonly value: string };

/** Setting is the value that counts, where it comes from, and what it shadows, the strongest first. */
export type Setting = SettingSource & {
  readonly name: string;
  readonly shadows: readonly SettingSource[];
  /** derivedFrom is the other setting that a default is taken from, as GOPRIVATE for GONOPROXY; undefined for a plain default. */
  readonly derivedFrom: string | undefined;
};

/** SettingValues are the `NAME=value` lines of a settings file. */
export type SettingValues = ReadonlyMap<string, string>;

/** SettingFiles are the two files that Go reads settings from. */
export type SettingFiles = { readonly goenv: SettingValues; readonly goroot: SettingValues };

/** SettingSources are all the places a setting can come from, and `effective`: what `go env -json` says in the end. */
export type SettingSources = SettingFiles & {
  readonly effective: Readonly<Record<string, string>>;
  readonly environment: Environment;
  /** flags are settings that the user gave to us by flags, as `--gocache`; they count before all else. */
  readonly flags: SettingValues;
};

/** shownSettings are the settings worth a row in a report of the caches, in the order of the way of a module. */
export const shownSettings: readonly string[] = [
  'GOCACHE',
  'GOCACHEPROG',
  'GOMODCACHE',
  'GOPROXY',
  'GONOPROXY',
  'GOPRIVATE',
  'GOSUMDB',
  'GONOSUMDB',
  'GOINSECURE',
  'GOVCS',
  'GOAUTH',
  'GOFLAGS',
  'GOTOOLCHAIN',
  'GOVERSION',
  'GOROOT',
  'GOPATH',
  'GOENV',
  'GOTMPDIR',
  'GOMOD',
  'GOWORK',
  'GOOS',
  'GOARCH',
  'CGO_ENABLED',
];

/** explainSettings gives a setting per name, in that order. */
export function explainSettings(
  sources: SettingSources,
  names: readonly string[] = shownSettings,
): readonly Setting[] {
  return names.map((name) => explainSetting(name, sources));
}

/**
 * explainSetting finds where the value of one setting comes from, by Go's order: environment, `go env -w`, `$GOROOT/go.env`,
 * default; an empty environment variable counts as unset. `cmd/go/internal/cfg: Getenv, EnvOrAndChanged, go1.26`
 */
export function explainSetting(name: string, sources: SettingSources): Setting {
  const given = givenSources(name, sources);
  const [winner, ...shadows] = given;
  const effective = sources.effective[name];
  const switched = switchedToolchain(name, sources);
  if (switched !== undefined && winner?.origin !== 'flag') {
    return {
      name,
      value: redactUrl(effective ?? ''),
      origin: switched.origin,
      shadows: given.map(toShown),
      derivedFrom: switched.by,
    };
  }
  if (winner === undefined) {
    const derivedFrom = defaultComesFrom(name, sources);
    return { name, value: redactUrl(effective ?? ''), origin: 'default', shadows: [], derivedFrom };
  }
  // Go may clean the value (GOROOT) or refuse it (a relative GOCACHE is `off`): what it says in the end is shown.
  const value = winner.origin === 'flag' ? winner.value : (effective ?? winner.value);
  return {
    name,
    value: redactUrl(value),
    origin: winner.origin,
    shadows: shadows.map(toShown),
    derivedFrom: undefined,
  };
}

/**
 * parseSettingFile reads the `NAME=value` lines of the GOENV file or of `$GOROOT/go.env`. No quotes, no spaces trimmed; other
 * lines (comments) do not count. Of a name given twice the last counts in the GOENV file, the first in `$GOROOT/go.env`.
 * `cmd/go/internal/cfg: readEnvFile, go1.26`
 */
export function parseSettingFile(text: string, origin: 'go env -w' | 'GOROOT'): SettingValues {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals < 0 || !/^[A-Z]/.test(line)) continue;
    const name = line.slice(0, equals);
    if (origin === 'go env -w' || !values.has(name)) values.set(name, line.slice(equals + 1));
  }
  return values;
}

/** onlyEnvironment are settings that no file can give. `cmd/go/internal/envcmd: checkEnvWrite, MkEnv, go1.26` */
const onlyEnvironment: ReadonlySet<string> = new Set(['GOENV', 'GODEBUG']);

/** computed are settings that Go finds out itself and nobody sets. `cmd/go/internal/envcmd: checkEnvWrite, go1.26` */
const computed: ReadonlySet<string> = new Set([
  'GOEXE',
  'GOGCCFLAGS',
  'GOHOSTARCH',
  'GOHOSTOS',
  'GOMOD',
  'GOTELEMETRY',
  'GOTELEMETRYDIR',
  'GOTOOLDIR',
  'GOVERSION',
]);

/** givenSources are the places that give this setting a value, the one that counts first. */
function givenSources(name: string, sources: SettingSources): readonly SettingSource[] {
  const given: SettingSource[] = [];
  const flag = sources.flags.get(name);
  if (flag !== undefined) given.push({ origin: 'flag', value: flag });
  if (computed.has(name)) return given;

  const fromEnvironment = sources.environment[name] ?? '';
  if (fromEnvironment !== '') given.push({ origin: 'environment', value: fromEnvironment });
  if (!onlyEnvironment.has(name)) {
    const fromGoenv = sources.goenv.get(name);
    if (fromGoenv !== undefined && fromGoenv !== '') given.push({ origin: 'go env -w', value: fromGoenv });
    // A go.env that names a GOROOT is not heard; an empty line in the GOENV file hides the one of go.env.
    const fromGoroot = name === 'GOROOT' || fromGoenv === '' ? '' : (sources.goroot.get(name) ?? '');
    if (fromGoroot !== '') given.push({ origin: 'GOROOT', value: fromGoroot });
  }
  // CGO_ENABLED other than 0 and 1 is ignored, and all places behind it too. `cmd/go/internal/cfg: defaultContext, go1.26`
  const first = given[0];
  return name === 'CGO_ENABLED' && first !== undefined && !/^[01]$/.test(first.value) ? [] : given;
}

/** switchable are settings that follow the toolchain which Go switched to. */
const switchable: ReadonlySet<string> = new Set(['GOVERSION', 'GOROOT', 'GOTOOLDIR']);

/**
 * switchedToolchain says who chose another toolchain than the installed one: its GOROOT then lies in the module cache.
 * A GOTOOLCHAIN that names this very version chose it; otherwise the go or toolchain line of go.mod or go.work did.
 * `cmd/go/internal/toolchain: Select, go1.26`
 */
function switchedToolchain(
  name: string,
  sources: SettingSources,
): { readonly origin: SettingOrigin; readonly by: string | undefined } | undefined {
  if (!switchable.has(name)) return undefined;
  const { GOROOT = '', GOMODCACHE = '', GOVERSION = '' } = sources.effective;
  if (GOMODCACHE === '' || !GOROOT.startsWith(`${GOMODCACHE}/golang.org/toolchain@`)) return undefined;
  const chosen = givenSources('GOTOOLCHAIN', sources)[0];
  const named = chosen?.value.replace(/\+(auto|path)$/, '') ?? '';
  if (chosen !== undefined && parseGoVersion(named) !== undefined && named === GOVERSION) {
    return { origin: chosen.origin, by: 'GOTOOLCHAIN' };
  }
  return { origin: 'go.mod', by: undefined };
}

/** derived are settings whose default is another setting. `cmd/go/internal/cfg: GONOPROXY, gopathDir, go1.26` */
const derived: ReadonlyMap<string, string> = new Map([
  ['GONOPROXY', 'GOPRIVATE'],
  ['GONOSUMDB', 'GOPRIVATE'],
  ['GOMODCACHE', 'GOPATH'],
]);

function defaultComesFrom(name: string, sources: SettingSources): string | undefined {
  const from = derived.get(name);
  return from !== undefined && givenSources(from, sources).length > 0 ? from : undefined;
}

function toShown(source: SettingSource): SettingSource {
  return { origin: source.origin, value: redactUrl(source.value) };
}
