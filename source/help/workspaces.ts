import { commonFlags } from './flags.ts';

export const workspacesHelp = `gocachetop workspaces: which workspaces share a GOMODCACHE, what that saves, and how else they could

usage:
  gocachetop workspaces [DIR[=GOMODCACHE]...] [--measure] [--dry-run] [flags]

A workspace is a folder with a go.mod or go.work; without DIR it is the working directory. Its GOMODCACHE is that of go
env there, or the one named, where another program sets it. Nobody is asked and nothing is changed: it says what each
takes of its GOMODCACHE, and what it would cost alone.

  --measure         set up each way below the temporary folder, for the first two, and let go use it, with real
                    downloads through GOPROXY: a folder each, one shared, a symlink to it, an overlayfs on it, and
                    GOPROXY=file:// on its downloads. A changed source file and go clean -modcache show what reaches
                    the other. Your caches are not touched.
  --dry-run         with --measure: only say what takes how much room
  --yes             accepted for scripts: nothing is asked

${commonFlags}
examples:
  gocachetop workspaces ~/src/shop ~/src/bank
  gocachetop workspaces ~/src/shop ~/src/bank --measure --json
`;
