import { commonFlags } from './flags.ts';

export const undoHelp = `gocachetop undo: undo the last prune --keep (of GOCACHE or GOMODCACHE), re-point, or setting that recover
or the screen changed, whichever was later

usage:
  gocachetop undo [--dry-run] [--yes] [flags]

  --dry-run         say what it would put back, and stop
  --yes             do not ask; needed where there is no terminal

${commonFlags}
examples:
  gocachetop undo --yes
`;
