import { commonFlags } from './flags.ts';

export const benchHelp = `gocachetop bench: how good directories are as GOCACHE

usage:
  gocachetop bench DIR... [--build PACKAGES] [--rounds N] [--dry-run] [flags]

What a real build of 81 packages did to its GOCACHE, every open, read, write in place, utimes and look for what is
not there, is done again in each DIR, cold and warm, in turn, by as many threads as go would use. 48 MB must be free.

  --build PACKAGES  also run go build PACKAGES in the working directory, cold and warm, with GOCACHE in each DIR:
                    twice the DIRs times the rounds builds, so mind the time; may be given more than once
  --rounds N        so many rounds; without it 7, and 4 of real builds, the fewest that can tell a difference
  --dry-run         say what would be done, and stop
  --yes             accepted for scripts: nothing is asked

It works in a folder of its own in each DIR and removes it, at the next run also that of a run that was killed. The
page cache is warm, as between two builds: it is never dropped, which would slow down everyone on this machine. Give
one DIR twice to see how far the times of the same thing lie apart.

${commonFlags}
examples:
  gocachetop bench ~/.cache /dev/shm
  gocachetop bench ~/.cache /mnt/nvme --build ./... --json
`;
