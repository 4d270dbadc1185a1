import { commonFlags } from './flags.ts';
import { needsFlags } from './needs-flags.ts';

export const prewarmHelp = `gocachetop prewarm: download all that a build without a network needs, and prove it

usage:
  gocachetop prewarm [--platform GOOS/GOARCH]... [--no-tests] [--no-tools] [--no-proof] [flags]

For the main module, or all modules of a go.work: what go list wants and has not is downloaded by go itself, several at
once, until nothing is missing. No go.mod and no go.sum is changed. The proof are real builds with GOPROXY=off and
-mod=readonly, in a namespace without a network where the system allows it: go build, go vet with one analyzer (it
type-checks the tests and compiles what they import, and runs nothing), and go build of the tools.

${needsFlags}
  --no-proof        do not build
  --dry-run         say what would be downloaded, and stop: no network is asked
  --yes             accepted for scripts: nothing is asked

The proof uses your GOCACHE, as your next build does: a hit hides no missing file, since go hashes the sources to find
it. With --gocache DIR on an empty folder all is compiled.

${commonFlags}
examples:
  gocachetop prewarm
  gocachetop prewarm --platform linux/amd64 --platform darwin/arm64 --archive /media/stick/modules
  gocachetop prewarm --from /media/stick/modules

exit code: 0 all is there, 1 a download or the proof failed, 2 for a wrong command line
`;
