/** NetrcLine is who to be at a machine. */
export type NetrcLine = { readonly machine: string; readonly login: string; readonly password: string };

/**
 * parseNetrc reads a .netrc file as Go does: pairs of words, line by line; `default` gives nothing, and as the last word of a line
 * it ends the file; a macro lasts until an empty line. `cmd/go/internal/auth: parseNetrc, go1.26`
 */
export function parseNetrc(text: string): readonly NetrcLine[] {
  const lines: NetrcLine[] = [];
  let open = nothing;
  let isInMacro = false;
  for (const line of text.split('\n')) {
    if (isInMacro) {
      if (line === '') isInMacro = false;
      continue;
    }
    const words = line.split(/\s+/).filter((word) => word !== '');
    for (let index = 0; index + 1 < words.length; index += 2) {
      const value = words[index + 1] ?? '';
      switch (words[index]) {
        case 'machine':
          open = { ...nothing, machine: value };
          break;
        case 'login':
          open = { ...open, login: value };
          break;
        case 'password':
          open = { ...open, password: value };
          break;
        case 'macdef':
          isInMacro = true;
          break;
      }
      if (open.machine !== '' && open.login !== '' && open.password !== '') {
        lines.push(open);
        open = nothing;
      }
    }
    if (words.length % 2 === 1 && words.at(-1) === 'default') break;
  }
  return lines;
}

const nothing: NetrcLine = { machine: '', login: '', password: '' };
