import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../../source/go/settings.ts';
import { makeZip } from '../../checksums/zip-writer.ts';
import { removeReadOnly } from '../../modules/module-lab.ts';

/** moduleFiles are what a proxy serves of example.com/m@v1.0.0, by path. */
export const moduleFiles: ReadonlyMap<string, Buffer> = new Map([
  ['/example.com/m/@v/list', Buffer.from('v1.0.0\n')],
  ['/example.com/m/@v/v1.0.0.info', Buffer.from('{"Version":"v1.0.0","Time":"2026-01-05T09:00:00Z"}')],
  ['/example.com/m/@v/v1.0.0.mod', Buffer.from('module example.com/m\n\ngo 1.21\n')],
  [
    '/example.com/m/@v/v1.0.0.zip',
    makeZip([
      { name: 'example.com/m@v1.0.0/go.mod', content: 'module example.com/m\n\ngo 1.21\n' },
      { name: 'example.com/m@v1.0.0/m.go', content: 'package m\n' },
    ]),
  ],
]);

/** Download is what a real `go mod download -x` of that module came to. */
export type Download = { readonly isFine: boolean; readonly stderr: string };

/** GoPlace is a folder for real go commands of one test file, apart from the caches and settings of the user. */
export type GoPlace = {
  readonly folder: string;
  /** environment is without a GOPROXY and without roots. */
  readonly environment: Environment;
  download(settings: Environment, query?: string): Promise<Download>;
  close(): void;
};

export function openGoPlace(): GoPlace {
  const folder = mkdtempSync(join(tmpdir(), 'gocachetop-faults-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const environment: Environment = {
    PATH: process.env.PATH,
    HOME: home,
    LANG: 'C.UTF-8',
    GOENV: 'off',
    GOFLAGS: '',
    GOWORK: 'off',
    GOTOOLCHAIN: 'local',
    GOTELEMETRY: 'off',
    GOSUMDB: 'off',
    GOPATH: join(folder, 'gopath'),
    GOCACHE: join(folder, 'gocache'),
  };
  let downloads = 0;
  return {
    folder,
    environment,
    async download(settings, query = 'example.com/m@v1.0.0') {
      downloads += 1;
      const gomodcache = join(folder, `mod-${downloads}`);
      const env = { ...environment, GOMODCACHE: gomodcache, ...settings };
      return new Promise((resolve) => {
        execFile(
          'go',
          ['mod', 'download', '-x', query],
          { cwd: folder, env, timeout: 60_000 },
          (error, _, stderr) => resolve({ isFine: error === null, stderr }),
        );
      });
    },
    close: () => removeReadOnly(folder),
  };
}
