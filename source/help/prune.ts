import { commonFlags } from './flags.ts';

export const pruneHelp = `gocachetop prune: remove from GOCACHE or GOMODCACHE what is of no use, also while builds run

usage:
  gocachetop prune SELECTOR... [--keep AGE] [--dry-run] [--yes] [flags]
  gocachetop prune --modules SELECTOR... [--root DIR]... [--keep AGE] [--dry-run] [--yes] [flags]

selectors, which narrow each other:
  --unused-for AGE  not used for 36h, 14d, ...
  --package PATTERN of these packages, with Go's ... as in example.com/...
  --variant VARIANT of this variant, as scan names it: linux/amd64, 'linux/amd64 race', ...
  --go-version V    compiled by this version of Go: go1.26.8
  --sources-in DIR  compiled from sources in DIR or below, as in a worktree that is no longer there
  --kind KIND       archive, test, vet, index, files, executable, cgo, fuzz or other
  --superseded      archives that are not the most recently used of their package and variant
  --never-reused    not used again after the day they were made
  --damaged         outputs whose content is not what their name says
  --max-size SIZE   the least recently used of these (of all, alone) until GOCACHE is no larger: 500MB, 10GiB, 10%

selectors with --modules, for GOMODCACHE in the place of GOCACHE:
  --unneeded        what no main module needs: that here, those of --root DIR. No other is asked
  --superseded      versions that every main module which uses them uses a newer one of
  --unused-for AGE  not used for so long, by access times; where they are not known it stays
  --keep-newest N   all but the N newest versions of each module
  --module PATTERN  of these modules, as golang.org/x/..., or one MODULE@VERSION
  --toolchains      only versions of Go itself; the one that runs here stays
  --zips-only       only zips whose folder stays; --folders-only the other way round, extracted again without a download
  --tiles           the kept answers of the checksum database, too

  --keep AGE        move it to a trash for that long; gocachetop undo puts it back
  --dry-run         say what would go, and stop
  --yes             do not ask; needed where there is no terminal

${commonFlags}
examples:
  gocachetop prune --max-size 10GiB --unused-for 14d --yes
  gocachetop prune --package 'example.com/old/...' --keep 2d
  gocachetop prune --superseded --dry-run
  gocachetop prune --modules --unneeded --root ~/src --keep 2d
`;
