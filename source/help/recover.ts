import { commonFlags } from './flags.ts';

export const recoverHelp = `gocachetop recover: GOSUMDB, go.sum and GOMODCACHE fail together: why, and the way out in steps

usage:
  gocachetop recover [--network] [--run] [--dry-run] [--yes] [flags]

It recognizes GOSUMDB=off, -insecure left in GOFLAGS, a GONOSUMDB or GOPRIVATE that keeps public modules from the checksum
database, a database that does not answer, wrong lines of go.sum and wrong modules in GOMODCACHE, and says what each
means. Each step says what it does, the command that does the same, and the one that undoes it.

  --network         ask the checksum database about what disagrees and what go kept no answer for: go itself looks it up
  --run             carry the steps out, each after a question, then compare all sums again
  --dry-run         with --run: only list the steps
  --yes             do not ask; with --run needed where there is no terminal

${commonFlags}
examples:
  gocachetop recover
  gocachetop recover --network --run

exit code: 0 nothing is wrong (any more), 1 something is, 2 for a wrong command line
`;
