import { opendirSync } from 'node:fs';

/** firstNames reads some names of a folder, in the order of the file system, and no more: in GOCACHE a folder may hold thousands. */
export function firstNames(folder: string, most: number): readonly string[] {
  const names: string[] = [];
  try {
    const opened = opendirSync(folder, { bufferSize: most });
    try {
      for (let entry = opened.readSync(); entry !== null && names.length < most; entry = opened.readSync())
        names.push(entry.name);
    } finally {
      opened.closeSync();
    }
  } catch {
    // It is missing, or cannot be read: that is told elsewhere.
  }
  return names;
}
