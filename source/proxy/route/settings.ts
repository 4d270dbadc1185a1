/** RouteSettings are the settings that decide where a module comes from, as `go env` says them. */
export type RouteSettings = {
  readonly goproxy: string;
  readonly gonoproxy: string;
  readonly goprivate: string;
  readonly gonosumdb: string;
  readonly gosumdb: string;
  readonly goinsecure: string;
  readonly govcs: string;
  readonly goflags: string;
};

/** SettingName is one of them by Go's name. */
export type SettingName =
  | 'GOPROXY'
  | 'GONOPROXY'
  | 'GOPRIVATE'
  | 'GONOSUMDB'
  | 'GOSUMDB'
  | 'GOINSECURE'
  | 'GOVCS'
  | 'GOFLAGS';

/** settingNames are all of them, in the order of the way of a module. */
export const settingNames: readonly SettingName[] = [
  'GOPROXY',
  'GONOPROXY',
  'GOPRIVATE',
  'GOSUMDB',
  'GONOSUMDB',
  'GOINSECURE',
  'GOVCS',
  'GOFLAGS',
];

/** SettingChanges are values to try, by Go's names. */
export type SettingChanges = Partial<Readonly<Record<SettingName, string>>>;

/** parseChange reads `GOPROXY=value`; a string is what is wrong with it. */
export function parseChange(text: string): SettingChanges | string {
  const equals = text.indexOf('=');
  const name = settingNames.find((each) => each === text.slice(0, Math.max(equals, 0)));
  if (name === undefined) return `it must be NAME=VALUE, where NAME is one of ${settingNames.join(', ')}`;
  return { [name]: text.slice(equals + 1) };
}

/** SettingDefaults are what an empty value means: Go then takes its default. */
export type SettingDefaults = {
  readonly goproxy: string;
  readonly gosumdb: string;
  /** derived are the settings that nobody gave, so that they follow GOPRIVATE. */
  readonly derived: ReadonlySet<'GONOPROXY' | 'GONOSUMDB'>;
};

/**
 * changeSettings gives the settings as they would be under changes. GONOPROXY and GONOSUMDB follow GOPRIVATE where nobody gave
 * them, and an empty value is the default. `cmd/go/internal/cfg: GOPROXY, GONOPROXY, EnvOrAndChanged, go1.26`
 */
export function changeSettings(
  settings: RouteSettings,
  changes: SettingChanges,
  defaults: SettingDefaults,
): RouteSettings {
  const goprivate = changes.GOPRIVATE ?? settings.goprivate;
  const following = (name: 'GONOPROXY' | 'GONOSUMDB', value: string): string =>
    changes[name] === undefined
      ? defaults.derived.has(name)
        ? goprivate
        : value
      : changes[name] || goprivate;
  return {
    goproxy: changes.GOPROXY === undefined ? settings.goproxy : changes.GOPROXY || defaults.goproxy,
    gonoproxy: following('GONOPROXY', settings.gonoproxy),
    goprivate,
    gonosumdb: following('GONOSUMDB', settings.gonosumdb),
    gosumdb: changes.GOSUMDB === undefined ? settings.gosumdb : changes.GOSUMDB || defaults.gosumdb,
    goinsecure: changes.GOINSECURE ?? settings.goinsecure,
    govcs: changes.GOVCS ?? settings.govcs,
    goflags: changes.GOFLAGS ?? settings.goflags,
  };
}
