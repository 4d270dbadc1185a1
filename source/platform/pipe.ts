import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Pipe is a pipe of the kernel; both are file descriptors, and whoever has it closes them. */
export type Pipe = { readonly readEnd: number; readonly writeEnd: number };

/**
 * openPipes makes pipes for the stdout and stderr of a command. Node itself gives a child sockets: those cannot be
 * opened again, so that `tee /dev/stderr` in a Makefile fails with ENXIO, and a reader that leaves is told as
 * ECONNRESET instead of SIGPIPE. Node cannot make a pipe; a FIFO that has lost its name is one. undefined where there
 * is no `mkfifo` or no temp folder.
 */
export async function openPipes(count: number): Promise<readonly Pipe[] | undefined> {
  const pipes: Pipe[] = [];
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), 'gocachetop-'));
    const names = Array.from({ length: count }, (_, index) => join(folder ?? '', `${index}`));
    await promisify(execFile)('mkfifo', ['-m', '600', ...names]);
    for (const name of names) pipes.push(openFifo(name));
    return pipes;
  } catch {
    for (const { readEnd, writeEnd } of pipes) {
      closeSync(readEnd);
      closeSync(writeEnd);
    }
    return undefined;
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** readPipe reads the read end; the write end must be closed here once the child has it. */
export function readPipe({ readEnd }: Pipe): Socket {
  return new Socket({ fd: readEnd, readable: true, writable: false });
}

function openFifo(name: string): Pipe {
  // Without O_NONBLOCK the first end would wait for the other.
  const readEnd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const writeEnd = openSync(name, constants.O_WRONLY);
    unlinkSync(name);
    return { readEnd, writeEnd };
  } catch (error) {
    closeSync(readEnd);
    throw error;
  }
}
