import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoEnv } from '../../go/env.ts';
import { joinGoFlags, splitGoFlags } from '../../go/flags.ts';
import type { Environment } from '../../go/settings.ts';
import { toolchainModule } from '../../module-cache/paths.ts';

/** ScratchModule is a module of our own with the user's go.sum: go checks downloads against that, and changes only the copy. */
export type ScratchModule = { readonly folder: string; remove(): void };

/** openScratchModule makes one; `sums` are the go.sum files that count, `lines` further lines of that form. */
export function openScratchModule(sums: readonly string[], lines: readonly string[] = []): ScratchModule {
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-prewarm-'));
  const texts = [...sums.map((file) => readFileSync(file, 'utf8')), ...lines];
  writeFileSync(join(folder, 'go.mod'), 'module gocachetop.invalid/prewarm\n\ngo 1.21\n');
  writeFileSync(
    join(folder, 'go.sum'),
    texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join(''),
  );
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** scratchEnvironment is the user's, less what only makes sense in the user's module. */
export function scratchEnvironment(env: GoEnv, environment: Environment): Environment {
  const { words, fault } = splitGoFlags(env.goflags);
  const kept = words.filter((word) => !/^--?(?:mod|modfile)=/.test(word));
  const isSwitched = env.goroot.startsWith(`${env.gomodcache}/${toolchainModule}@`);
  return {
    ...environment,
    GOWORK: 'off',
    GOFLAGS: fault === undefined ? joinGoFlags(kept).goflags : env.goflags,
    // The toolchain that the user's go.mod chose: the scratch module asks for none.
    GOTOOLCHAIN: isSwitched ? env.goversion : 'local',
  };
}
