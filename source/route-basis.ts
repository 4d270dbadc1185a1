import type { GoEnv } from './go/env.ts';
import type { Setting, SettingFiles } from './go/settings.ts';
import { mainModuleOf } from './operations/module-needs/main-module.ts';
import { whatIfNames } from './store/tried.ts';
import type { RouteBasis } from './store/what-if.ts';

/** routeBasis is what routes are worked out from, with the passwords that go needs: none of it is shown as it is. */
export function routeBasis(
  env: GoEnv,
  { goenv, goroot }: SettingFiles,
  settings: readonly Setting[],
): RouteBasis {
  const { goproxy, gonoproxy, goprivate, gonosumdb, gosumdb, goinsecure, govcs, goflags } = env;
  const derived = (['GONOPROXY', 'GONOSUMDB'] as const).filter(
    (name) => settings.find((each) => each.name === name)?.origin === 'default',
  );
  return {
    settings: { goproxy, gonoproxy, goprivate, gonosumdb, gosumdb, goinsecure, govcs, goflags },
    defaults: {
      goproxy: goroot.get('GOPROXY') ?? goproxy,
      gosumdb: goroot.get('GOSUMDB') ?? gosumdb,
      derived: new Set(derived),
    },
    mainFile: mainModuleOf(env)[0],
    goenv: env.goenv,
    written: new Map(
      whatIfNames.flatMap((name) => {
        const value = goenv.get(name);
        return value === undefined ? [] : [[name, value] as const];
      }),
    ),
  };
}
