import { mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Problem } from '../../platform/problem.ts';
import { codeOf } from '../../platform/problem.ts';
import { createFailures } from '../removal/failures.ts';
import { createSlices } from '../removal/slices.ts';

/** Made remembers what a move has made, so that it can be taken back. */
export type Made = {
  /** folder makes a folder and those above it. */
  folder(path: string): void;
  /** file remembers one that was made. */
  file(path: string): void;
  /** takeBack removes all of it, the newest first; a folder that somebody else put something into stays. */
  takeBack(): Promise<readonly Problem[]>;
};

/** createMade remembers nothing yet. */
export function createMade(): Made {
  const files: string[] = [];
  const folders: string[] = [];
  return {
    folder(path) {
      const first = mkdirSync(path, { recursive: true });
      if (first === undefined) return;
      const chain: string[] = [];
      for (let each = path; each.length >= first.length; each = dirname(each)) chain.push(each);
      folders.push(...chain.reverse());
    },
    file(path) {
      files.push(path);
    },
    async takeBack() {
      const slices = createSlices();
      const failures = createFailures();
      const attempt = (path: string, remove: (path: string) => void): void => {
        try {
          remove(path);
        } catch (error) {
          const code = codeOf(error) ?? '';
          if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EEXIST')
            failures.add(path, 'taking it back', error);
        }
      };
      for (let path = files.pop(); path !== undefined; path = files.pop()) {
        attempt(path, unlinkSync);
        if (slices.isFull()) await slices.rest();
      }
      for (let path = folders.pop(); path !== undefined; path = folders.pop()) attempt(path, rmdirSync);
      return failures.list();
    },
  };
}
