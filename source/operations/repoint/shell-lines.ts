import { basename } from 'node:path';
import { quote } from '../../go/shell-word.ts';

/** shellLines are the lines that end a shadowing GOCACHE, for the shell that `SHELL` names: take it away, or set it anew. */
export function shellLines(shell: string | undefined, to: string): readonly string[] {
  return basename(shell ?? '') === 'fish'
    ? ['set -e GOCACHE', `set -gx GOCACHE ${quote(to)}`]
    : ['unset GOCACHE', `export GOCACHE=${quote(to)}`];
}

/**
 * findShellLines finds the lines of a start-up file that set GOCACHE, in the forms of sh, csh, fish and environment.d:
 *
 *     export GOPATH=~/go GOCACHE=/big/gocache
 *     set -gx GOCACHE /big/gocache
 */
export function findShellLines(text: string): readonly { readonly line: number; readonly text: string }[] {
  return text.split('\n').flatMap((line, index) => {
    const code = line.replace(/^\s*#.*/, '');
    const isSet = /(?:^|[\s;&])GOCACHE=/.test(code) || /\bset(?:env)?\s(?:-\S+\s+)*GOCACHE\s/.test(code);
    return isSet ? [{ line: index + 1, text: line.trim() }] : [];
  });
}

/** startupFiles are what shells and sessions read at their start, below HOME and for all users. */
export const startupFiles: readonly string[] = [
  '~/.profile',
  '~/.bash_profile',
  '~/.bashrc',
  '~/.zshenv',
  '~/.zprofile',
  '~/.zshrc',
  '~/.config/fish/config.fish',
  '~/.config/environment.d/go.conf',
  '/etc/environment',
  '/etc/profile',
];
