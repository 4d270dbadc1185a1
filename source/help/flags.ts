/** commonFlags are those of every subcommand. */
export const commonFlags = `flags:
  --json            one JSON object on stdout; the command's own stdout then goes to stderr
  --json-stream     events as they happen, one JSON object a line, the same object last
  --ascii           plain marks and lines
  --no-color        no colour (NO_COLOR does the same)
  --low-bandwidth   at most one frame a second, as for a slow SSH line
  --read-only       refuse every operation that writes
  --si              sizes in powers of 1000
  --gocache DIR     use DIR as GOCACHE, for the command too
  --gomodcache DIR  use DIR as GOMODCACHE, for the command too
  -C DIR            run in DIR
  --version         print the version
  --help            print this; behind a subcommand its own flags
`;
