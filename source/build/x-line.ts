import type { Tool } from './x-event.ts';

/**
 * XLine is one line of `-x` by its form alone; whether it is really the go command's, the reader decides from what
 * came before. Each form stands with the code that prints it, all of go1.26.
 */
export type XLine =
  | { readonly form: 'work'; readonly work: string }
  | { readonly form: 'mkdir'; readonly objdir: string; readonly isWhole: boolean }
  | { readonly form: 'cd'; readonly directory: string }
  | { readonly form: 'mkdir-target' }
  | { readonly form: 'here-document'; readonly path: string }
  | { readonly form: 'echo'; readonly path: string; readonly text: string }
  | { readonly form: 'compile'; readonly objdir: string }
  | { readonly form: 'link'; readonly objdir: string }
  | { readonly form: 'tool'; readonly tool: Tool; readonly objdir: string | undefined }
  | { readonly form: 'build-id'; readonly objdir: string; readonly target: string }
  | {
      readonly form: 'store';
      readonly objdir: string;
      readonly target: string;
      readonly path: string;
      readonly outputId: string;
    }
  | { readonly form: 'restore'; readonly objdir: string }
  | { readonly form: 'replay'; readonly path: string; readonly outputId: string }
  | { readonly form: 'remove'; readonly objdir: string; readonly isWhole: boolean }
  /** objdir is undefined for a test binary that was put elsewhere and whose result is not cached. */
  | { readonly form: 'test-run'; readonly objdir: string | undefined }
  | { readonly form: 'program-run' }
  /** vcs stands behind its `cd`: it looks for a repository, or asks the one there, which has one of the markers. */
  | { readonly form: 'vcs'; readonly markers: readonly string[] | undefined }
  | { readonly form: 'get' }
  | { readonly form: 'note' };

/**
 * classifyXLine says which form of `-x` a line has, without its line end; undefined when it has none, so that it is
 * the user's. It looks at the first character first: most lines of a build's own output end there.
 */
export function classifyXLine(line: string): XLine | undefined {
  switch (line.charCodeAt(0)) {
    case 0x57: // W
      return work(line);
    case 0x23: // #
      return comment(line);
    case 0x24: // $
      return execution(line);
    case 0x2f: // /
      return cachedProgram(line) ?? installedTest(line) ?? command(line, 0) ?? wrapped(line);
    default:
      return versionControl(line) ?? builtin(line) ?? command(line, environmentEnd(line)) ?? wrapped(line);
  }
}

const space = 0x20;

/** `WORK=/tmp/go-build1389417794` (cmd/go/internal/work: NewBuilder). */
function work(line: string): XLine | undefined {
  return /^WORK=.*[/\\]go-build\d+$/.test(line) ? { form: 'work', work: line.slice(5) } : undefined;
}

function comment(line: string): XLine | undefined {
  if (line.startsWith('# get ')) return get(line);
  // `# ignoring directory D` (modload: MatchPackages), `# F not created` (shell.go: moveOrCopyFile),
  // `# lock /path` (modfetch/codehost), as on a cold module cache.
  if (line.startsWith('# ignoring directory ') || line.startsWith('# lock ')) return { form: 'note' };
  return line.startsWith('# $WORK/') && line.endsWith(' not created') ? { form: 'note' } : undefined;
}

/**
 * `# get https://proxy.example/p/@v/v1.0.0.info: 200 OK (0.039s)`, without the answer when it begins, with an error
 * when there was none (cmd/go/internal/web: get).
 */
function get(line: string): XLine | undefined {
  return /^# get [a-z]+:\/\/\S/.test(line) ? { form: 'get' } : undefined;
}

/** `$WORK/b001/a.test -test.testlogfile=...` (test.go: runTestActor), `$WORK/b001/exe/app args` (run.go). */
function execution(line: string): XLine | undefined {
  const test =
    /^\$WORK\/(b\d+)\/\S+ -test\.testlogfile=\$WORK\//.exec(line) ??
    /^\$WORK\/(b\d+)\/[^ :]+\.test(?: -test\.\S+)+/.exec(line);
  if (test?.[1] !== undefined) return { form: 'test-run', objdir: test[1] };
  return /^\$WORK\/b\d+\/exe\/[^/: ]+(?: |$)/.test(line) ? { form: 'program-run' } : undefined;
}

/** `/home/me/x.test -test.testlogfile=$WORK/b001/testlog.txt -test.paniconexit0 ...` under `-o` (test.go: runTestActor). */
function installedTest(line: string): XLine | undefined {
  const test =
    /^\/[^:]*?(?: -test\.testlogfile=\$WORK\/(b\d+)\/testlog\.txt)? -test\.paniconexit0(?: |$)/.exec(line);
  return test === null ? undefined : { form: 'test-run', objdir: test[1] };
}

/** `qemu-arm64 $WORK/b001/exe/app args`, the same with a test, under `-exec` (work: FindExecCmd). */
function wrapped(line: string): XLine | undefined {
  const test = /^[^:]* \$WORK\/(b\d+)\/[^/: ]+ -test\.paniconexit0(?: |$)/.exec(line);
  if (test?.[1] !== undefined) return { form: 'test-run', objdir: test[1] };
  // Behind `-o` it is a linker's command line, which go shows to the user when it failed.
  return /^[^:]*(?<! -o) \$WORK\/b\d+\/exe\/[^/: ]+(?: |$)/.test(line) ? { form: 'program-run' } : undefined;
}

/** `GOCACHE/xx/<outputID>-d/app args` (run.go: an executable that was cached). */
function cachedProgram(line: string): XLine | undefined {
  return /^\/[^:]*[/\\]([0-9a-f]{2})[/\\]\1[0-9a-f]{62}-d[/\\][^/ :]+(?: |$)/.test(line)
    ? { form: 'program-run' }
    : undefined;
}

function builtin(line: string): XLine | undefined {
  switch (line.charCodeAt(0)) {
    case 0x63: // c
      if (line.startsWith('cd ')) return changeDirectory(line.slice(3));
      if (line.startsWith('cat ')) return cat(line);
      if (line.startsWith('cp ')) return copy(line);
      return undefined;
    case 0x65: // e
      return line.startsWith('echo ') ? echo(line) : undefined;
    case 0x67: // g
      return line.startsWith('go tool ') ? goTool(line) : undefined;
    case 0x6c: // l: `ln -s b001/vet.out $WORK/...` (shell.go: Symlink)
      return line.startsWith('ln -s ') && line.includes(' $WORK/') ? { form: 'note' } : undefined;
    case 0x6d: // m
      return makeOrMove(line);
    case 0x72: // r
      return remove(line);
    case 0x74: // t
      return line.startsWith('touch $WORK/') ? { form: 'note' } : undefined;
    default:
      return undefined;
  }
}

/** `cd /home/me/src`, `cd "/home/me/my src"`, `cd .` (shell.go: ShowCmd); `cd /x; make` is somebody else's. */
function changeDirectory(word: string): XLine | undefined {
  return /^[^"']*; /.test(word) ? undefined : { form: 'cd', directory: unquote(word) };
}

const cacheFile = /^(.*[/\\]([0-9a-f]{2})[/\\]((?:\2)[0-9a-f]{62})-d)$/;

function cat(line: string): XLine | undefined {
  // `cat >/tmp/go-build1/b002/importcfg << 'EOF' # internal` (shell.go: writeFile)
  if (line.startsWith('cat >')) {
    const end = " << 'EOF' # internal";
    return line.endsWith(end) ? { form: 'here-document', path: line.slice(5, -end.length) } : undefined;
  }
  // `cat GOCACHE/xx/..-d  # internal` (buildid.go: showStdout): a cached package's saved output follows.
  const replayed = line.endsWith('  # internal') ? cacheFile.exec(unquote(line.slice(4, -12))) : null;
  return replayed?.[1] === undefined || replayed[3] === undefined
    ? undefined
    : { form: 'replay', path: replayed[1], outputId: replayed[3] };
}

function copy(line: string): XLine | undefined {
  const end = ' # internal';
  if (line.endsWith(end)) {
    // `cp $WORK/b003/_pkg_.a GOCACHE/xx/<outputID>-d # internal` (buildid.go: updateBuildID)
    const stored = /^cp "?\$WORK\/(b\d+)\/([^ "]+)"? (.+)$/.exec(line.slice(0, -end.length));
    const file = stored?.[3] === undefined ? null : cacheFile.exec(unquote(stored[3]));
    if (
      stored?.[1] !== undefined &&
      stored[2] !== undefined &&
      file?.[1] !== undefined &&
      file[3] !== undefined
    ) {
      return { form: 'store', objdir: stored[1], target: stored[2], path: file[1], outputId: file[3] };
    }
  }
  const other = /^cp .*\$WORK\/(b\d+)\//.exec(line);
  return other?.[1] === undefined ? undefined : { form: 'restore', objdir: other[1] };
}

/** `echo '# import config' > $WORK/b003/importcfg # internal`, `echo -n > F # internal` (shell.go: writeFile). */
function echo(line: string): XLine | undefined {
  const found = /^echo (?:-n|'(.*)') > (.+) # internal$/.exec(line);
  return found?.[2] === undefined ? undefined : { form: 'echo', text: found[1] ?? '', path: found[2] };
}

/** `go tool buildid -w $WORK/b003/_pkg_.a # internal` (buildid.go: updateBuildID). */
function goTool(line: string): XLine | undefined {
  const written = /^go tool buildid -w "?\$WORK\/(b\d+)\/([^ "]+)"? # internal$/.exec(line);
  if (written?.[1] !== undefined && written[2] !== undefined)
    return { form: 'build-id', objdir: written[1], target: written[2] };
  // `go tool pack r $WORK/b003/_pkg_.a $WORK/b003/x.o # internal` (gc.go: packInternal), `go tool covdata ...`
  const other = /^go tool \w+ .*\$WORK\/(b\d+)\//.exec(line);
  return other?.[1] === undefined ? undefined : { form: 'tool', tool: 'pack', objdir: other[1] };
}

function makeOrMove(line: string): XLine | undefined {
  if (line.startsWith('mkdir -p ')) {
    const made = /^mkdir -p "?\$WORK\/(b\d+)(\/.*)?"?$/.exec(line);
    if (made?.[1] !== undefined) return { form: 'mkdir', objdir: made[1], isWhole: made[2] === '/' };
    // `mkdir -p GOMODCACHE/cache/vcs # git https://host/repo` (modfetch/codehost)
    if (/ # (?:git|hg|svn|bzr|fossil)\d* \S+$/.test(line)) return { form: 'note' };
    // `mkdir -p bin/` before an executable is moved there (exec.go: BuildInstallFunc)
    return line.endsWith('/') && !line.includes('$WORK') ? { form: 'mkdir-target' } : undefined;
  }
  return /^mv "?\$WORK\/b\d+\//.test(line) ? { form: 'note' } : undefined;
}

/** `rm -rf $WORK/b049/`, `rm -f $WORK/b001/x` (shell.go: RemoveAll). */
function remove(line: string): XLine | undefined {
  const all =
    /^rm -rf? "?\$WORK\/(b\d+)(\/.*)?"?$/.exec(line) ?? /^rm -f "?\$WORK\/(b\d+)(\/.*)?"?$/.exec(line);
  return all?.[1] === undefined ? undefined : { form: 'remove', objdir: all[1], isWhole: all[2] === '/' };
}

/**
 * `cd DIR; git ...` when it begins, `0.016s # cd DIR; git ...` when it ended (modfetch/codehost: RunWithArgs);
 * `git status --porcelain` behind its `cd` for the stamp of a program, `git ls-remote https://host/repo` in search of
 * a repository (vcs: run1).
 */
function versionControl(line: string): XLine | undefined {
  if (/^\d+\.\d{3}s # cd \//.test(line)) return { form: 'note' };
  const run = /^cd (\/[^;]*); (.*)$/.exec(line);
  if (run?.[1] !== undefined && run[2] !== undefined) {
    // In its own copies go runs many commands, in the user's repository only these (modload: LookupRevision, load).
    const isCopy = /[/\\]cache[/\\]vcs[/\\][0-9a-f]{64}$/.test(run[1]);
    return isCopy || localGit.test(run[2]) ? { form: 'note' } : undefined;
  }
  if (/^(?:git ls-remote|hg identify|bzr info|svn info) (?:-- )?[a-z+]+:\/\/\S+$/.test(line))
    return { form: 'vcs', markers: undefined };
  const system = stamps.has(line) ? line.slice(0, line.indexOf(' ')) : undefined;
  return system === undefined ? undefined : { form: 'vcs', markers: rootMarkers.get(system) ?? [] };
}

/** localGit are the commands of modfetch/codehost: (*gitRepo), in a repository that is not a copy of go's. */
const localGit =
  /^git (?:tag -l$|config extensions\.objectformat$|config core\.longpaths true$|-c log\.showsignature=false log --no-decorate -n1 |cat-file --end-of-options blob |for-each-ref --format=%\(refname\) --merged=|merge-base --is-ancestor -- |tag --end-of-options |ls-remote -q --end-of-options )/;

/** stamps are all commands of vcs: gitStatus, hgStatus, bzrStatus, svnStatus, fossilStatus. */
const stamps: ReadonlySet<string> = new Set([
  'git status --porcelain',
  'git -c log.showsignature=false log -1 --format=%H:%ct',
  'hg log -r. -T {node}:{date|hgdate}',
  'hg log -l1 -T {node}:{date|hgdate}',
  'hg status -S',
  'hg status',
  'bzr version-info',
  'bzr status',
  'svn info --show-item last-changed-revision',
  'svn info --show-item last-changed-date',
  'svn status',
  'fossil info',
  'fossil changes --differ',
]);

/** rootMarkers are in the root of a repository of each system (vcs: vcsGit and the others, RootNames). */
const rootMarkers: ReadonlyMap<string, readonly string[]> = new Map([
  ['git', ['.git']],
  ['hg', ['.hg']],
  ['bzr', ['.bzr']],
  ['svn', ['.svn']],
  ['fossil', ['.fslckout', '_FOSSIL_']],
]);

/** environmentEnd is where the command begins behind `TERM='dumb' CGO_LDFLAGS='' ` (exec.go: runOut). */
function environmentEnd(line: string): number {
  let at = 0;
  while (true) {
    const assignment = /^[A-Z][A-Z0-9_]*=(?:'[^']*'|"(?:[^"\\]|\\.)*"|[^\s'"]*) /.exec(
      line.slice(at, at + 4096),
    );
    if (assignment === null) return at;
    at += assignment[0].length;
  }
}

const goTools = new Set([
  'asm',
  'buildid',
  'cgo',
  'compile',
  'cover',
  'covdata',
  'fix',
  'link',
  'pack',
  'preprofile',
  'vet',
]);

/** command reads a tool of the go distribution or a C compiler from `at` on. */
function command(line: string, at: number): XLine | undefined {
  const end = line.indexOf(' ', at);
  if (end === -1 || line.charCodeAt(end - 1) === 0x3a) return undefined; // `ld: ...` is a message, not a command
  const program = unquote(line.slice(at, end));
  const slash = program.lastIndexOf('/');
  const name = program.slice(slash + 1).replace(/\.exe$/, '');
  if (goTools.has(name) && slash !== -1) return distributionTool(line, name);
  // `/usr/local/go/bin/go tool covdata percent -i $WORK/b002` (cmd/go/internal/work: BuildActionCoverMetaFile)
  if (name === 'go' && / tool covdata .*\$WORK\/b\d+/.test(line))
    return { form: 'tool', tool: 'cover', objdir: firstObjdir(line) };
  const wrapped = line.includes('$WORK/') ? toolexecTool.exec(line.slice(at))?.[1] : undefined;
  return wrapped === undefined ? cCompiler(line, at, end) : distributionTool(line, wrapped);
}

/** `/home/u/bin/wrap /usr/local/go/pkg/tool/linux_amd64/compile -o $WORK/b001/_pkg_.a`: `-toolexec` (exec.go: runOut). */
const toolexecTool = /^[^:]+? "?[^\s:]+[/\\]pkg[/\\]tool[/\\][a-z0-9]+_[a-z0-9]+[/\\]([a-z]+)(?:\.exe)?"? /;

function distributionTool(line: string, name: string): XLine | undefined {
  const objdir = firstObjdir(line);
  if (name === 'compile') {
    const out = / -o "?\$WORK\/(b\d+)\//.exec(line);
    return out?.[1] === undefined ? undefined : { form: 'compile', objdir: out[1] };
  }
  if (name === 'link') return objdir === undefined ? undefined : { form: 'link', objdir };
  if (objdir === undefined) return undefined;
  return {
    form: 'tool',
    tool:
      name === 'asm' || name === 'cgo' || name === 'cover' || name === 'vet' || name === 'pack'
        ? name
        : 'other',
    objdir,
  };
}

/**
 * `TERM='dumb' gcc -I . -o $WORK/b006/_x001.o -c x.c`, `gcc -O2 -g -c -x c - -o /dev/null || true` (exec.go: ccompile,
 * gccSupportsFlag), `gcc ... -o $WORK/b004/_cgo_.o ... # test for internal linking errors (..)`, `pkg-config --cflags -- p`.
 */
function cCompiler(line: string, at: number, end: number): XLine | undefined {
  const program = line.slice(at, end);
  if (!/^["']?[\w./+@%-]*\w["']?$/.test(program) || line.charCodeAt(end + 1) === space) return undefined;
  // What link ran and failed with, go shows to the user: `/usr/bin/gcc -m64 -o $WORK/b001/exe/a.out ...` (ld: hostlink).
  if (program.startsWith('/') && / -o \$WORK\/b\d+\/(?:exe\/|\S+\.test )/.test(line)) return undefined;
  if (line.endsWith(' || true') && / -(?:x c - |-version|v)/.test(line))
    return { form: 'tool', tool: 'c-compiler', objdir: undefined };
  if (/pkg-config$/.test(program) && / --(?:cflags|libs)/.test(line))
    return { form: 'tool', tool: 'c-compiler', objdir: undefined };
  const isFlag = line.charCodeAt(end + 1) === 0x2d;
  const objdir =
    / (?:-o|-objdir|-outdir) "?\$WORK\/(b\d+)\//.exec(line)?.[1] ??
    (/ar$/.test(program) ? firstObjdir(line) : undefined);
  return objdir === undefined || !(isFlag || /ar$/.test(program))
    ? undefined
    : { form: 'tool', tool: 'c-compiler', objdir };
}

function firstObjdir(line: string): string | undefined {
  return /\$WORK\/(b\d+)(?=[/ "]|$)/.exec(line)?.[1];
}

function unquote(word: string): string {
  return /^".*"$|^'.*'$/.test(word) ? word.slice(1, -1) : word;
}
