import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** sampleDirectory is the Go module that `npm start` and the tests build. */
export const sampleDirectory: string = resolve(import.meta.dirname, '..', 'sample');

/**
 * sampleEnvironment gives the settings with which go builds the sample alone: with caches of its own below
 * `directory`, its modules from sample/proxy, no network, and nothing of the user's settings.
 */
export function sampleEnvironment(directory: string): Record<string, string> {
  return {
    GOENV: 'off',
    GOWORK: 'off',
    GOTOOLCHAIN: 'local',
    // -modcacherw so that the folder can be removed as any other; no version control, whatever holds the sample.
    GOFLAGS: '-modcacherw -buildvcs=false',
    GOPROXY: pathToFileURL(join(sampleDirectory, 'proxy')).href,
    // No checksum database knows these modules; go.sum still holds their hashes.
    GOSUMDB: 'off',
    GOPRIVATE: '',
    GONOPROXY: '',
    GONOSUMDB: '',
    GOCACHE: join(directory, 'gocache'),
    GOMODCACHE: join(directory, 'gomodcache'),
  };
}
