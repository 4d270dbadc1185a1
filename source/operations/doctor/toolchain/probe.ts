import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { GoEnv } from '../../../go/env.ts';
import { runGoCommand, runProgram } from '../../../go/run.ts';
import type { Environment } from '../../../go/settings.ts';
import { parseGoVersionLine } from '../../../go/toolchain.ts';
import { toolchainModule } from '../../../module-cache/paths.ts';
import { extractedDir, hasModuleFiles } from '../../offline/cache-files.ts';
import type { GoOnPath, GorootFacts, ToolchainFacts } from './facts.ts';

/** listGoCommands finds the files named go on PATH, in its order, each real file once. No program is run. */
export function listGoCommands(path: string | undefined): readonly GoOnPath[] {
  const found = new Map<string, GoOnPath>();
  for (const folder of (path ?? '').split(':')) {
    // Go refuses a program that it would find in the working directory. os/exec: ErrDot
    if (!isAbsolute(folder)) continue;
    const file = join(folder, 'go');
    if (!isProgram(file)) continue;
    const realPath = realpathSync(file);
    if (found.has(realPath)) continue;
    const tree = dirname(dirname(realPath));
    const version = readVersion(tree).version;
    const goroot = version === undefined ? undefined : tree;
    found.set(realPath, { path: file, realPath, goroot, version });
  }
  return [...found.values()];
}

/** findProgram is where PATH has a program of that name, or the path itself where it is one; undefined where it has not. */
export function findProgram(name: string, path: string | undefined): string | undefined {
  if (name.includes('/')) return isProgram(name) ? name : undefined;
  const folders = (path ?? '').split(':').filter(isAbsolute);
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** probeGoroot looks at a GOROOT. */
export function probeGoroot(path: string): GorootFacts {
  const parts = ['src/runtime', 'pkg/tool'];
  return {
    path,
    ...readVersion(path),
    lacks: parts.filter((part) => !existsSync(join(path, part))),
  };
}

/** askVersions runs `go version` of those commands, less the first, that lie in no Go tree: nothing else tells what they are. */
export async function askVersions(
  [first, ...others]: readonly GoOnPath[],
  environment: Environment,
): Promise<readonly GoOnPath[]> {
  const place = { cwd: '/', environment: { ...environment, GOTOOLCHAIN: 'local', GOFLAGS: '' } };
  const asked = await Promise.all(
    others.map(async (command) => {
      if (command.version !== undefined) return command;
      const { stdout } = await runProgram(place, [command.path, 'version']);
      return { ...command, version: parseGoVersionLine(stdout.trim())?.version };
    }),
  );
  return first === undefined ? [] : [first, ...asked];
}

/** askFlags has go read GOFLAGS: only it knows all flags there are. `cmd/go/internal/base: InitGOFLAGS, go1.26` */
export async function askFlags(cwd: string, environment: Environment): Promise<string | undefined> {
  const ran = await runGoCommand({ cwd, environment: { ...environment, GOTOOLCHAIN: 'local' } }, ['version']);
  return ran.isFine ? undefined : /^go: parsing \$GOFLAGS: (.*)$/m.exec(ran.stderr)?.[1];
}

/** locateToolchain finds where the toolchain is that go switches to. `cmd/go/internal/toolchain: Exec, go1.26` */
export function locateToolchain(
  name: string,
  { gomodcache, raw }: GoEnv,
  path: string | undefined,
): NonNullable<ToolchainFacts['selected']> {
  if (findProgram(name, path) !== undefined) return 'PATH';
  const { GOHOSTOS = '', GOHOSTARCH = '' } = raw;
  const module = { path: toolchainModule, version: `v0.0.1-${name}.${GOHOSTOS}-${GOHOSTARCH}` };
  const isThere = existsSync(extractedDir(gomodcache, module)) || hasModuleFiles(gomodcache, module);
  return isThere ? 'GOMODCACHE' : 'nowhere';
}

/**
 * readVersion reads the VERSION of a Go tree:
 *
 *     go1.26.8
 *     time 2026-08-28T16:20:06Z
 */
function readVersion(tree: string): Pick<GorootFacts, 'version' | 'releasedAt'> {
  try {
    const [version = '', time = ''] = readFileSync(join(tree, 'VERSION'), 'utf8').split('\n');
    const releasedAt = Date.parse(time.replace(/^time /, ''));
    return {
      version: version.startsWith('go') || version.startsWith('devel') ? version.trim() : undefined,
      releasedAt: Number.isNaN(releasedAt) ? undefined : releasedAt,
    };
  } catch {
    return { version: undefined, releasedAt: undefined };
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
