import { commonFlags } from './flags.ts';

export const doctorHelp = `gocachetop doctor: what is wrong with the Go set-up of this machine, why it matters, and what repairs it

usage:
  gocachetop doctor [--network] [--fix CODE] [--dry-run] [--yes] [flags]

It looks at the toolchain, every setting with its origin, GOFLAGS, cgo, the folders of GOCACHE and GOMODCACHE with their file
systems, owners, locks and remainders, the clock, proxy settings and certificates. It asks nobody and downloads nothing. One
file is made in GOCACHE and removed, to compare clocks (not with --read-only). What cannot be known is said as unknown.

  --network         also ask each proxy of GOPROXY and the checksum database whether they answer; no module is named
  --fix CODE        repair one finding that a setting or a safe change of a file puts right: says what it will do and how it
                    is undone, and asks; where several have the code, --fix CODE:ABOUT
  --dry-run         with --fix: only say what it would do
  --yes             do not ask; with --fix needed where there is no terminal

${commonFlags}
examples:
  gocachetop doctor
  gocachetop doctor --json | jq -r '.findings[] | "\\(.severity) \\(.code): \\(.repair[0])"'
  gocachetop doctor --fix setting-shadowed --dry-run

exit code: 0 nothing is wrong (with --fix: it is repaired), 1 something is, 2 for a wrong command line
`;
