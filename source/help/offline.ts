import { commonFlags } from './flags.ts';
import { needsFlags } from './needs-flags.ts';

export const offlineHelp = `gocachetop offline: is all here to build without a network? Which files are missing, for which packages?

usage:
  gocachetop offline [--platform GOOS/GOARCH]... [--no-tests] [--no-tools] [flags]

It asks nobody: go list runs on the main module, or all modules of a go.work, with an empty folder in the place of
every proxy, and what go wants from there is missing. A missing toolchain counts, and so do lines of go.sum. go itself
may unpack a zip that is there. Behind a missing module more may be missing: what go.sum knows is named as possible.

${needsFlags}
  --no-proof        do not list through the archive
  --dry-run, --yes  accepted for scripts: it only looks, unless --archive or --from are given

${commonFlags}
examples:
  gocachetop offline && echo ready for the aeroplane
  gocachetop offline --platform linux/amd64 --platform windows/amd64
  gocachetop offline --json | jq -r '.missing[] | "\\(.module)@\\(.version)"'

exit code: 0 all is here, 1 something is missing, 2 for a wrong command line
`;
