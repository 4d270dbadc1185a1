import type { GoEnv } from '../../go/env.ts';

/** mainModuleOf is the go.work or else go.mod file that go goes by in the working directory; none outside of a module. */
export function mainModuleOf({ gowork, gomod }: Pick<GoEnv, 'gowork' | 'gomod'>): readonly string[] {
  if (gowork !== '' && gowork !== 'off') return [gowork];
  // Outside of a module it is the null device. cmd/go/internal/modload: ModFilePath; envcmd: ExtraEnvVars, go1.26
  return gomod.endsWith('go.mod') ? [gomod] : [];
}
