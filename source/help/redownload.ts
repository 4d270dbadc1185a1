import { commonFlags } from './flags.ts';

export const redownloadHelp = `gocachetop redownload: repair modules of GOMODCACHE, what is broken and no more

usage:
  gocachetop redownload MODULE@VERSION... [--dry-run] [--yes] [flags]
  gocachetop redownload --quarantine [--json]

It compares zip, .ziphash, folder and .mod with go.sum and the checksum database. What is wrong is made beside the cache
by go itself, checked, and swapped in under go's own lock: from the zip, where that is right, without a network. What was
there before goes to a quarantine in GOMODCACHE/cache, with a record of what was wrong. go.sum is never changed. A version
that is not there at all is downloaded where go.sum names it, and held against that.

  --dry-run         say what is wrong and what would be done, and stop
  --yes             do not ask; needed where there is no terminal
  --quarantine      list what repairs have taken out, and how to remove it

Where a file looks changed by somebody, and not damaged, the module's path must be typed (--yes is enough, and says so).
Ended at any moment, the cache is as before or repaired: the next start finishes what was begun.

${commonFlags}
examples:
  gocachetop redownload github.com/google/uuid@v1.6.0 --dry-run
  gocachetop redownload github.com/google/uuid@v1.6.0 golang.org/x/text@v0.21.0 --yes --json
`;
