import { isAbsolute, join } from 'node:path';
import type { Environment } from '../go/settings.ts';

/**
 * stateFolderOf is where we keep what should outlive a run, by the XDG Base Directory Specification: `$XDG_STATE_HOME` or
 * `~/.local/state`. undefined when neither is an absolute path.
 */
export function stateFolderOf(environment: Environment): string | undefined {
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = environment;
  if (isAbsolute(state)) return join(state, 'gocachetop');
  return isAbsolute(home) ? join(home, '.local', 'state', 'gocachetop') : undefined;
}
