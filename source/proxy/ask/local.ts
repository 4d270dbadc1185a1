import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { codeOf, reasonOf } from '../../platform/problem.ts';
import type { Reply } from './exchange/run.ts';
import { RequestFailure } from './failure.ts';

/** readLocal answers a file:// URL: a missing file is 404, an unreadable one 403. `cmd/go/internal/web: getFile, go1.26` */
export async function readLocal(url: URL, maxBytes: number): Promise<Reply> {
  const empty = { headers: new Map<string, string>(), body: Buffer.alloc(0), isCut: false };
  if (url.hostname !== '' && url.hostname !== 'localhost')
    throw failure('file URL specifies non-local host', 'file URL specifies non-local host');
  try {
    const file = await open(fileURLToPath(`file://${url.pathname}`));
    try {
      const { size } = await file.stat();
      const body = Buffer.alloc(Math.min(size, maxBytes));
      const { bytesRead } = await file.read(body, 0, body.length, 0);
      const isCut = size > maxBytes;
      return { ...empty, status: 200, statusText: 'OK', body: body.subarray(0, bytesRead), isCut };
    } finally {
      await file.close();
    }
  } catch (error) {
    switch (codeOf(error)) {
      case 'ENOENT':
        return { ...empty, status: 404, statusText: 'Not Found' };
      case 'EACCES':
      case 'EPERM':
        return { ...empty, status: 403, statusText: 'Forbidden' };
      case 'ENOTDIR':
        throw failure('a file stands where a folder should be', 'not a directory');
      case 'EISDIR':
        throw failure('a folder stands where a file should be', 'is a directory');
      default:
        throw failure(reasonOf(error), undefined);
    }
  }
}

function failure(detail: string, goSays: string | undefined): RequestFailure {
  return new RequestFailure({ code: 'other', detail, goSays, repair: [] });
}
