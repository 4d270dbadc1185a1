import { compareGoVersions, parseGoVersion } from '../../../go/toolchain.ts';

/** Selection is the toolchain that Go would run here. */
export type Selection =
  | { readonly type: 'local' }
  /** switch: another version. pathOnly says that it is looked for on PATH and never downloaded. */
  | { readonly type: 'switch'; readonly name: string; readonly by: SelectedBy; readonly pathOnly: boolean }
  /** invalid is Go's own error about GOTOOLCHAIN; every go command ends with it. */
  | { readonly type: 'invalid'; readonly fault: string };

/** SelectedBy is what asks for a toolchain. */
export type SelectedBy = 'GOTOOLCHAIN' | 'go line' | 'toolchain line';

/**
 * selectToolchain follows Go: GOTOOLCHAIN gives a minimum and whether go.mod or go.work may raise it. `local` is the version
 * of the go command itself. `cmd/go/internal/toolchain: Select, go1.26`
 */
export function selectToolchain(options: {
  readonly gotoolchain: string;
  readonly local: string;
  /** goLine and toolchainLine are those of go.work or go.mod, as `1.26.0` and `go1.26.8`. */
  readonly goLine: string | undefined;
  readonly toolchainLine: string | undefined;
}): Selection {
  const { gotoolchain, local, goLine, toolchainLine } = options;
  if (gotoolchain === '') return { type: 'local' };
  const parsed = parseGotoolchain(gotoolchain, local);
  if ('fault' in parsed) return { type: 'invalid', fault: parsed.fault };
  const { minimum, mode } = parsed;
  let name = minimum;
  let by: SelectedBy = 'GOTOOLCHAIN';
  if (mode !== 'fixed' && toolchainLine !== 'default') {
    if (toolchainLine !== undefined && compareGoVersions(toolchainLine, name) > 0) {
      [name, by] = [toolchainLine, 'toolchain line'];
    }
    if (goLine !== undefined && compareGoVersions(`go${goLine}`, name) > 0) {
      [name, by] = [firstRelease(goLine), 'go line'];
    }
  }
  if (name === local) return { type: 'local' };
  return { type: 'switch', name, by, pathOnly: mode === 'path' };
}

function parseGotoolchain(
  value: string,
  local: string,
): { readonly minimum: string; readonly mode: 'auto' | 'path' | 'fixed' } | { readonly fault: string } {
  if (value === 'auto' || value === 'path') return { minimum: local, mode: value };
  const plus = value.indexOf('+');
  const named = plus < 0 ? value : value.slice(0, plus);
  const suffix = plus < 0 ? undefined : value.slice(plus + 1);
  const minimum = named === 'local' ? local : named;
  if (named !== 'local' && !isToolchainName(named)) {
    const detail = suffix === undefined ? '' : `: invalid minimum toolchain "${named}"`;
    return { fault: `invalid GOTOOLCHAIN "${value}"${detail}` };
  }
  if (suffix === undefined) return { minimum, mode: 'fixed' };
  if (suffix === 'auto' || suffix === 'path') return { minimum, mode: suffix };
  return { fault: `invalid GOTOOLCHAIN "${value}": only version suffixes are +auto and +path` };
}

/** isToolchainName: `go1.26.8`, `gccgo-go1.20`. `cmd/go/internal/gover: FromToolchain, go1.26` */
function isToolchainName(name: string): boolean {
  return parseGoVersion(name.slice(name.indexOf('-go') + 1)) !== undefined;
}

/** firstRelease: from Go 1.21 on the first release of a language version ends in .0. golang.org/issue/62278 */
function firstRelease(goLine: string): string {
  const version = parseGoVersion(`go${goLine}`);
  const isLanguage = version !== undefined && version.patch === '' && version.kind === '';
  return `go${goLine}${isLanguage ? '.0' : ''}`;
}
