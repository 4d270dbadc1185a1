import { type GoPlace, runGoCommand } from '../../go/run.ts';
import type { Environment } from '../../go/settings.ts';
import { toolchainModule } from '../../module-cache/paths.ts';
import type { NeededToolchain } from './needs.ts';

/** ToolchainLook is which toolchain go wants here, and under which settings go answers at all. */
export type ToolchainLook = {
  readonly toolchain: NeededToolchain | undefined;
  /** environment is one under which `go env` works: with a toolchain that is missing, that of the installed go. */
  readonly environment: Environment;
  /** failure are go's words when it does not run for another reason. */
  readonly failure: string | undefined;
};

/**
 * lookForToolchain runs `go env`, without a network: it selects the toolchain as every go command does, and says on stderr
 * which one it would download:
 *
 *     go: downloading go1.99.2 (linux/amd64)
 *     go: download go1.99.2 for linux/amd64: toolchain not available
 *
 * `cmd/go/internal/toolchain: Select, Exec; modfetch: DownloadZip, go1.26`
 */
export async function lookForToolchain(place: GoPlace): Promise<ToolchainLook> {
  const { environment } = place;
  const ran = await runGoCommand(place, ['env', 'GOROOT', 'GOMODCACHE', 'GOVERSION']);
  if (ran.isFine) {
    const [goroot = '', gomodcache = '', version = ''] = ran.stdout.split('\n');
    const folder = `${gomodcache}/${toolchainModule}@`;
    if (!goroot.startsWith(folder)) return { toolchain: undefined, environment, failure: undefined };
    const module = { path: toolchainModule, version: goroot.slice(folder.length) };
    return { toolchain: { name: version, isThere: true, module }, environment, failure: undefined };
  }
  const wanted = /^go: downloading (go\S+) \((\S+)\/(\S+)\)$/m.exec(ran.stderr);
  if (wanted === null) return { toolchain: undefined, environment, failure: ran.failure };
  const [, name = '', goos, goarch] = wanted;
  // `golang.org/toolchain@v0.0.1-go1.27.0.linux-amd64`: cmd/go/internal/toolchain: Exec, go1.26
  const module = { path: toolchainModule, version: `v0.0.1-${name}.${goos}-${goarch}` };
  return {
    toolchain: { name, isThere: false, module },
    environment: { ...environment, GOTOOLCHAIN: 'local' },
    failure: undefined,
  };
}
