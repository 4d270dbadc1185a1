import { commonFlags } from './flags.ts';

export const modulesHelp = `gocachetop modules: what fills GOMODCACHE, version by version, and who needs it

usage:
  gocachetop modules [PATTERN...] [--root DIR]... [flags]

  PATTERN           only these modules, with Go's ... as in golang.org/x/..., or one MODULE@VERSION
  --root DIR        main modules that may need them: each go.mod and go.work in DIR and below, or such a file; may be
                    given more than once. The main module or workspace here counts too. No other place is searched

States: complete (zip and folder), zip-only, folder-only, graph-only (its go.mod or info alone), partial (an
extraction that did not end), locked (a go command is at it now).

Last use is the access time of the file that each build reads of a module, its .ziphash: to a day under relatime,
not known where the file system keeps no access times. Needed is what the roots build with, by their go.mod and
go.sum, and the go.mod files that their module graphs are made of; other main modules on this machine are not asked.

${commonFlags}
examples:
  gocachetop modules
  gocachetop modules --root ~/src --json | jq '.modules[] | select(.neededFor == "nobody")'
  gocachetop modules 'golang.org/x/...'
`;
