import { commonFlags } from './flags.ts';

export const repointHelp = `gocachetop repoint: point GOCACHE to another folder, through go env -w

usage:
  gocachetop repoint DIR [--start HOW] [--dry-run] [--yes] [flags]

It checks the folder first (absolute, a folder or one that can be made, writable, on a local file system, with room,
in no module), and that no environment variable shadows what go env -w writes. It asks go env afterwards.

  --start empty     the entries stay where they are (this is the default); what lies in DIR already is used
  --start copy      copy the entries, with their times: the next build hits
  --start link      hard links in the place of copies: no bytes, on the same file system
  --start rename    rename the folder, on the same file system, while no go command runs on it
  --dry-run         say what it would do, and stop
  --yes             do not ask; needed where there is no terminal

${commonFlags}
examples:
  gocachetop repoint /big/gocache --dry-run
  gocachetop repoint /big/gocache --start copy --yes
  gocachetop undo
`;
