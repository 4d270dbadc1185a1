import { spawn } from 'node:child_process';
import type { Environment } from './go/settings.ts';
import { reasonOf } from './platform/problem.ts';

/** OutsideProgram is what a file or folder is opened in: $VISUAL or $EDITOR, or $PAGER. */
export type OutsideProgram = 'editor' | 'pager';

/**
 * openOutside opens a file or folder in the user's own program, on this terminal, and resolves when that has ended: with a
 * line that says what went wrong, if anything did. The variables hold shell words, as `code -w`, so that a shell runs them,
 * as git does. A pager cannot show a folder: it gets a list of it.
 */
export function openOutside(
  program: OutsideProgram,
  path: string,
  isFolder: boolean,
  environment: Environment,
): Promise<string | undefined> {
  const { VISUAL = '', EDITOR = '', PAGER = '' } = environment;
  const editor = VISUAL || EDITOR;
  const pager = PAGER || 'less';
  if (program === 'editor' && editor === '') return Promise.resolve('neither VISUAL nor EDITOR is set');
  const script =
    program === 'editor' ? `${editor} "$1"` : isFolder ? `ls -lR "$1" | ${pager}` : `${pager} "$1"`;
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', script, 'sh', path], { env: { ...environment }, stdio: 'inherit' });
    child.on('error', (error) => resolve(reasonOf(error)));
    child.on('exit', (code, signal) =>
      resolve(
        code === 0 ? undefined : `${program === 'editor' ? editor : pager} ended with ${signal ?? code}`,
      ),
    );
  });
}
