import { commonFlags } from './flags.ts';

export const scanHelp = `gocachetop scan: what fills GOCACHE, by name, what it would take to rebuild, and what is of little use

usage:
  gocachetop scan [--check] [flags]

  --check           compare the sha256 of every output with its name; what differs is a problem, exit code 1

${commonFlags}
examples:
  gocachetop scan
  gocachetop scan --json | jq '.packages | sort_by(-.bytes) | .[:10]'
  gocachetop scan --check
`;
