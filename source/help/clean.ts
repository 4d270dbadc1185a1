import { commonFlags } from './flags.ts';

export const cleanHelp = `gocachetop clean: wipe GOCACHE, or part of it, through go clean

usage:
  gocachetop clean [--tests | --fuzz] [--dry-run] [--yes] [flags]

  --tests           only let test results expire (go clean -testcache)
  --fuzz            only the fuzz corpus (go clean -fuzzcache)
  --dry-run         say what would go, and stop
  --yes             do not ask; needed where there is no terminal

${commonFlags}
examples:
  gocachetop clean --dry-run
  gocachetop clean --tests --yes
`;
