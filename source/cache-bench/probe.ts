import { accessSync, constants, statSync } from 'node:fs';
import { type DiskSpace, diskSpace } from '../platform/disk.ts';
import { codeOf, type Problem, reasonOf } from '../platform/problem.ts';

/** Directory is one that can be measured, and what it lies on. */
export type Directory = {
  readonly directory: string;
  /** space is undefined where the system does not say. */
  readonly space: DiskSpace | undefined;
};

/** probeDirectory looks whether a directory can be measured with files of `roomBytes`; it makes nothing. */
export async function probeDirectory(directory: string, roomBytes: number): Promise<Directory | Problem> {
  const no = (why: string, repair: string): Problem => ({
    where: directory,
    what: 'cannot be measured',
    why,
    repair,
  });
  try {
    if (!statSync(directory).isDirectory())
      return no('it is not a directory', 'name the directory it lies in');
    accessSync(directory, constants.W_OK | constants.X_OK | constants.R_OK);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return no('it does not exist', `make it first: mkdir -p ${directory}`);
    if (code === 'EROFS')
      return no('its file system is mounted for reading only', 'GOCACHE needs one that can be written');
    if (code === 'EACCES') return no('you may not write in it', 'choose another, or change its mode');
    return no(reasonOf(error), '');
  }
  const space = await diskSpace(directory);
  if (space !== undefined && space.freeBytes < roomBytes)
    return no(
      `${space.freeBytes} bytes are free, the files of the replay take ${roomBytes}`,
      'free some, or choose another',
    );
  return { directory, space };
}
