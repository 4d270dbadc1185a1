import { delimiter } from 'node:path';
import { quote } from '../../../go/shell-word.ts';
import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder } from '../finding.ts';
import { clearSetting } from '../setting-repair.ts';

/** checkMode finds what is left over from the time before modules: GO111MODULE and GOPATH. */
export function checkMode(facts: DoctorFacts): readonly Finding[] {
  return [...moduleSwitch(facts), ...sameAsGoroot(facts), ...gopathSource(facts)];
}

/** moduleSwitch: unset and `on` are the same since Go 1.16. `cmd/go/internal/modload: WillBeEnabled, go1.26` */
function moduleSwitch({ settings, machine }: DoctorFacts): readonly Finding[] {
  const setting = settings.get('GO111MODULE');
  if (setting === undefined || (setting.value !== 'off' && setting.value !== 'auto')) return [];
  const { goMod } = machine.here;
  const about = `GO111MODULE=${setting.value}`;
  if (setting.value === 'auto') {
    const why =
      'outside of a module go then works as before modules: imports are looked for in GOPATH/src, and go list -m and go mod fail';
    return [
      finder('warning', about)('go111module', 'no modules outside of a module', why, clearSetting(setting)),
    ];
  }
  const why =
    goMod === undefined
      ? 'go mod and go get fail, and what a go.mod asks for is never seen'
      : `${goMod} does not count: what it requires is not found, or comes from GOPATH in any version`;
  return [finder('error', about)('go111module', 'modules are switched off', why, clearSetting(setting))];
}

/** sameAsGoroot: go warns at every command, and then takes it as unset. `cmd/go: main, go1.26` */
function sameAsGoroot({ settings, env }: DoctorFacts): readonly Finding[] {
  const setting = settings.get('GOPATH');
  const first = env.gopath.split(delimiter)[0] ?? '';
  if (setting === undefined || first === '' || first.replace(/\/+$/, '') !== env.goroot) return [];
  const why =
    'go warns at every command, and puts modules and programs into its own tree, which an update removes';
  return [
    finder('warning', `GOPATH=${setting.value}`)(
      'gopath-is-goroot',
      'the same as GOROOT',
      why,
      clearSetting(setting),
    ),
  ];
}

/** gopathSource: a package below GOPATH/src without a go.mod built in GOPATH mode; now go build finds no module. */
function gopathSource({ machine, settings, cwd, env }: DoctorFacts): readonly Finding[] {
  const { goMod, hasGoFiles, importPath } = machine.here;
  const mode = settings.get('GO111MODULE')?.value ?? '';
  if (goMod !== undefined || !hasGoFiles || importPath === undefined || mode === 'off' || mode === 'auto')
    return [];
  // A workspace without it builds all the same when files are named.
  if (env.gowork !== '' && env.gowork !== 'off') return [];
  const why = 'go build ends with: go.mod file not found in current directory or any parent directory';
  return [
    finder('warning', cwd)('gopath-source', 'Go files in GOPATH, without a go.mod', why, [
      `go mod init ${quote(importPath)}`,
    ]),
  ];
}
