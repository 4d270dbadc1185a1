import { commonFlags } from './flags.ts';

/** generalHelp is what `--help` prints without a subcommand. */
export const generalHelp = `gocachetop: an explorer of Go's caches, live while you build

usage:
  gocachetop [flags]                        explore; any build that runs meanwhile shows up
  gocachetop [flags] -- COMMAND [ARG...]    run COMMAND and watch it live
  gocachetop report [flags] -- COMMAND ...  the same without a screen: a summary at the end
  gocachetop scan                           what fills GOCACHE: kinds, packages, ages, next trim
  gocachetop prune | clean | undo           remove from GOCACHE; wipe it; undo the last prune or re-point
  gocachetop repoint DIR                    point GOCACHE to another folder (go env -w), which is checked first
  gocachetop bench DIR...                   how good a directory is as GOCACHE
  gocachetop modules [PATTERN...]           what fills GOMODCACHE, version by version, and who needs it
  gocachetop verify [MODULE[@VERSION]...]   compare GOMODCACHE with go.sum and the checksum database, file by file
  gocachetop prewarm | offline              download all that a build without a network needs; say what is missing for one
  gocachetop workspaces DIR...              which share a GOMODCACHE, what that saves, how else they could
  gocachetop recover                        GOSUMDB, go.sum and GOMODCACHE fail together: why, and the way out in steps
  gocachetop redownload MODULE@VERSION...   repair modules of GOMODCACHE: what is broken, and no more
  gocachetop proxy [MODULE[@VERSION]]       the GOPROXY chain: each hop, and which of them would serve this module
  gocachetop doctor                         what is wrong with Go's set-up here: toolchain, settings, caches, disk

${commonFlags}
examples:
  gocachetop -- go build ./...
  gocachetop -- make test
  gocachetop report --json -- go test ./... > report.json

exit code: the command's own; else 0, 1 when something is wrong, 2 for a wrong command line
`;
