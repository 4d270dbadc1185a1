import { basename } from 'node:path';
import { quote } from '../../../go/shell-word.ts';
import { compareGoVersions, isAtLeast, oldestGo, parseGoVersion } from '../../../go/toolchain.ts';
import { parseProxyChain } from '../../../proxy/chain.ts';
import type { DoctorFacts } from '../facts.ts';
import { type Finding, finder } from '../finding.ts';
import type { NoGo } from '../probe.ts';
import { changeSetting, clearSetting } from '../setting-repair.ts';
import type { GoOnPath } from '../toolchain/facts.ts';

/** checkNoGo says why no go command answers. */
export function checkNoGo({ failure, commands }: NoGo): readonly Finding[] {
  const error = finder('error', failure.where);
  if (commands.length === 0) {
    const why = 'every build needs the go command, and PATH has no folder with a program of that name';
    return [error('go-missing', 'no go command on PATH', why, [failure.repair])];
  }
  if (failure.what === `needs ${oldestGo} or newer`) {
    return [error('go-unsupported', failure.why, `gocachetop ${failure.what}`, [failure.repair])];
  }
  return [error('go-fails', 'go env does not answer', failure.why, [failure.repair])];
}

/** checkToolchain: several go commands, a GOROOT that does not fit, and a version that is older than go.mod wants. */
export function checkToolchain(facts: DoctorFacts): readonly Finding[] {
  return [...severalGo(facts), ...wrongGoroot(facts), ...wrongVersion(facts), ...olderWorkspace(facts)];
}

/**
 * severalGo: another go of another version, or a script or copy that lies in no Go tree. Links to the same go, and two trees of
 * one version, do no harm.
 */
function severalGo({ toolchain }: DoctorFacts): readonly Finding[] {
  const { commands, version } = toolchain;
  const [first, ...others] = commands;
  if (first === undefined || others.length === 0) return [];
  const why =
    'which one runs depends on PATH, and an editor, cron or sudo has another: the other compiles all anew, under keys of its own';
  const outside = first.goroot === undefined ? [outsider(first, version, 'comes first on PATH')] : [];
  const more = others.flatMap((other) => {
    if (other.goroot === undefined) return [outsider(other, other.version, 'is on PATH, too')];
    if (other.version === version) return [];
    return [
      {
        path: other.path,
        what: `another go on PATH: it is ${other.version}, and ${first.path} is ${version}`,
      },
    ];
  });
  return [...outside, ...more].map(({ path, what }) =>
    finder('warning', path)('several-go', what, why, [`remove ${path}, or take its folder from PATH`]),
  );
}

function outsider({ path }: GoOnPath, version: string | undefined, where: string) {
  return {
    path,
    what: `a program named go that lies in no Go tree ${where}; its version is ${version ?? 'unknown'}`,
  };
}

/** wrongGoroot: go takes compiler and sources from GOROOT, whatever tree it lies in itself. Measured, go1.26. */
function wrongGoroot({ toolchain, settings, refusals }: DoctorFacts): readonly Finding[] {
  const setting = settings.get('GOROOT');
  const refusal = refusals.find((each) => each.setting === 'GOROOT');
  if (setting === undefined || (setting.origin !== 'environment' && setting.origin !== 'go env -w'))
    return [];
  // That of a toolchain which GOTOOLCHAIN names is set by nobody.
  if (setting.derivedFrom !== undefined) return [];
  const error = finder('error', `GOROOT=${setting.value}`);
  const own = toolchain.commands[0]?.goroot;
  const repair = clearSetting(setting, own === undefined ? {} : { shield: own });
  if (refusal !== undefined) {
    const why = `no go command runs: ${refusal.words}`;
    return [error('goroot-missing', 'it is no folder', why, repair)];
  }
  const { version, lacks } = toolchain.goroot;
  if (lacks.length > 0) {
    const why = 'go takes the compiler and the standard library from there, and finds no package at all';
    return [error('goroot-incomplete', `it is no Go tree: ${lacks.join(', ')} missing`, why, repair)];
  }
  if (version !== undefined && areDifferent(version, toolchain.version)) {
    const why = `every compile ends with: compile: version "${version}" does not match go tool version "${toolchain.version}"`;
    return [
      error('goroot-mismatch', `the tree of ${version}, while go is ${toolchain.version}`, why, repair),
    ];
  }
  return [];
}

function areDifferent(one: string, other: string): boolean {
  return (
    parseGoVersion(one) !== undefined &&
    parseGoVersion(other) !== undefined &&
    compareGoVersions(one, other) !== 0
  );
}

/** wrongVersion: what GOTOOLCHAIN and go.mod choose. A switch that needs a download is none of these: go does it by itself. */
function wrongVersion(facts: DoctorFacts): readonly Finding[] {
  const { toolchain, settings, env } = facts;
  const { selection, selected, lines, version } = toolchain;
  const setting = settings.get('GOTOOLCHAIN');
  if (setting === undefined) return [];
  const error = finder('error', `GOTOOLCHAIN=${setting.value}`);
  if (selection.type === 'invalid') {
    const repair = clearSetting(setting, { shield: 'local', fallback: 'auto' });
    return [error('gotoolchain-invalid', 'no toolchain', `no go command runs: ${selection.fault}`, repair)];
  }
  const runs = selection.type === 'switch' ? selection.name : version;
  if (lines?.go !== undefined && isOlder(runs, lines.go)) {
    const what = `${lines.file} wants go ${lines.go}, and ${runs} runs`;
    const why = `every build ends with: ${basename(lines.file)} requires go >= ${lines.go} (running ${runs.replace(/^go/, 'go ')}; GOTOOLCHAIN=${setting.value})`;
    return [error('go-older-than-wanted', what, why, changeSetting(setting, 'auto'))];
  }
  if (selection.type === 'switch' && selected === 'nowhere') {
    const { name, pathOnly } = selection;
    const what = `${name} is wanted, and is not here`;
    if (pathOnly) {
      const why = `with path go takes a toolchain from PATH only: cannot find "${name}" in PATH`;
      const install = `go install golang.org/dl/${name}@latest && ${name} download`;
      const { fix } = changeSetting(setting, 'auto');
      const [first = ''] = changeSetting(setting, 'auto').repair;
      return [error('toolchain-missing', what, why, { repair: [first, install], fix })];
    }
    const [hop] = parseProxyChain(env.goproxy).hops;
    if (hop?.kind === 'off') {
      const why = 'GOPROXY=off forbids to download it, and no go command runs here before it is there';
      const repair = `GOPROXY=${quote('PROXY')} go version, with a proxy that has it`;
      return [error('toolchain-missing', what, why, [repair])];
    }
  }
  return [];
}

/** olderWorkspace: go.work must want at least what its modules want. `cmd/go/internal/modload: loadModFile, go1.26` */
function olderWorkspace({ toolchain }: DoctorFacts): readonly Finding[] {
  const { lines } = toolchain;
  // A go.work without the line is of go 1.18. cmd/go/internal/gover: DefaultGoWorkVersion, go1.26
  const wanted = lines?.go ?? '1.18';
  const newer = lines?.members.filter(({ go }) => go !== undefined && isOlder(`go${wanted}`, go)) ?? [];
  const [first] = newer;
  if (lines === undefined || first === undefined) return [];
  const what = `it says go ${wanted}, and ${first.file} wants go ${first.go}`;
  const why = `every build ends with: module listed in go.work file requires go >= ${first.go}, but go.work lists go ${wanted}`;
  return [finder('error', lines.file)('go-work-older', what, why, ['go work use'])];
}

function isOlder(name: string, wanted: string): boolean {
  return isAtLeast(name, `go${wanted}`) === false;
}
