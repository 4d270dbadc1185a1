import { commonFlags } from './flags.ts';

export const verifyHelp = `gocachetop verify: compare what lies in GOMODCACHE with all that is recorded of it, and say who is right

usage:
  gocachetop verify [MODULE[@VERSION]...] [--all] [flags]

Without a module: what the main module here needs; where there is none, or with --all, everything in GOMODCACHE. Compared are
zip, .ziphash, extracted folder (file by file), .mod, .info, every go.sum that counts here, and the kept answers of the
checksum database, by their signatures. It changes nothing. Exit code 1 when something is faulty: a step for CI.

  --all             everything in GOMODCACHE, not only what the main module here needs
  --network         ask the checksum database about what no kept answer proves, on the way that GOPROXY and GOSUMDB say

${commonFlags}
examples:
  gocachetop verify
  gocachetop verify golang.org/x/text@v0.3.7
  gocachetop verify --all --json | jq '.modules[] | select(.verdict == "faulty")'
`;
