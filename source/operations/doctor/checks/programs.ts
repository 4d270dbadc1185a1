import { isAbsolute } from 'node:path';
import { quote } from '../../../go/shell-word.ts';
import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder } from '../finding.ts';
import { changeSetting, clearSetting } from '../setting-repair.ts';

/** checkCompiler: without a C compiler go switches cgo off by itself, unless a setting says otherwise. `cmd/go/internal/cfg: defaultContext, go1.26` */
export function checkCompiler({ settings, env, files, variables, machine }: DoctorFacts): readonly Finding[] {
  const given = variables.CGO_ENABLED || files.goenv.get('CGO_ENABLED') || '';
  const enabled = settings.get('CGO_ENABLED');
  const found: Finding[] = [];
  if (given !== '' && !/^[01]$/.test(given)) {
    const origin = variables.CGO_ENABLED ? 'environment' : 'go env -w';
    const setting = {
      name: 'CGO_ENABLED',
      value: given,
      origin,
      shadows: [],
      derivedFrom: undefined,
    } as const;
    const what = 'neither 0 nor 1: it has no effect';
    const why = `Go takes its default, ${env.cgoEnabled ? '1' : '0'}, without a word`;
    found.push(
      finder('warning', `CGO_ENABLED=${given}`)('cgo-enabled-invalid', what, why, clearSetting(setting)),
    );
  }
  const { program, found: at } = machine.compiler;
  if (!env.cgoEnabled || at !== undefined || program === '') return found;
  const compiler = settings.get('CC');
  const isChosen = compiler !== undefined && compiler.origin !== 'default';
  const culprit = isChosen ? compiler : enabled;
  if (culprit === undefined || culprit.origin === 'default') return found;
  const what = `cgo is on, and PATH has no C compiler ${program}`;
  const why = `packages with C code, net and os/user among them, end with: cgo: C compiler "${program}" not found`;
  const repair = isChosen ? clearSetting(culprit) : changeSetting(culprit, '0');
  found.push(finder('error', `${culprit.name}=${culprit.value}`)('cgo-no-compiler', what, why, repair));
  return found;
}

/** checkBinFolder: programs that go install made, where no shell finds them. An empty folder does no harm. */
export function checkBinFolder({ machine, settings }: DoctorFacts): readonly Finding[] {
  const { path, setting: name, programs, isOnPath } = machine.binFolder;
  const setting = settings.get(name);
  if (name === 'GOBIN' && !isAbsolute(path) && setting !== undefined) {
    const why = 'go install ends with: cannot install, GOBIN must be an absolute path';
    return [
      finder('error', `GOBIN=${path}`)('gobin-relative', 'a relative path', why, clearSetting(setting)),
    ];
  }
  if (isOnPath || programs.length === 0) return [];
  const some = programs.slice(0, shown).join(', ');
  const more = programs.length > shown ? ` and ${programs.length - shown} more` : '';
  const why = `${some}${more} were installed there by go install, and no shell finds them`;
  return [
    finder('warning', path)('bin-not-on-path', `holds programs, and is not on PATH`, why, [
      `export PATH="$PATH":${quote(path)}`,
    ]),
  ];
}

// Enough to know them again.
const shown = 3;

/** checkCacheProgram: with GOCACHEPROG nothing is built where that program is missing. `cmd/go/internal/cache: startCacheProg, go1.26` */
export function checkCacheProgram({ machine, settings }: DoctorFacts): readonly Finding[] {
  const setting = settings.get('GOCACHEPROG');
  const { cacheProgram } = machine;
  if (setting === undefined || cacheProgram === undefined || cacheProgram.found !== undefined) return [];
  const why = `every build ends with: error starting GOCACHEPROG program "${cacheProgram.program}"`;
  return [
    finder('error', `GOCACHEPROG=${setting.value}`)(
      'cacheprog-missing',
      'no such program',
      why,
      clearSetting(setting),
    ),
  ];
}
