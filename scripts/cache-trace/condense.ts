import { type Call, formatCalls } from '../../source/cache-bench/call.ts';
import { folderCount, type Trace } from '../../source/cache-bench/trace.ts';
import type { TracedCall } from './strace.ts';

type Session = { readonly file: string; readonly pid: number; readonly calls: Call[] };

/** condense takes the names out of the calls of both phases and tells them in few words. `sizeOf` is that of a file. */
export function condense(
  phases: { readonly cold: readonly TracedCall[]; readonly warm: readonly TracedCall[] },
  sizeOf: (file: string) => number,
): Pick<Trace, 'sizes' | 'shapes' | 'cold' | 'warm' | 'leftOut'> {
  const numbers = new Map<string, number>();
  for (let folder = 0; folder < folderCount; folder += 1) {
    numbers.set(folder.toString(16).padStart(2, '0'), folder);
  }
  const sizes: number[] = [];
  const shapes = new Map<string, number>();
  let leftOut = 0;

  function condensePhase(calls: readonly TracedCall[]): string {
    const steps: number[] = [];
    for (const { file, calls: own } of joinNeighbours(sessionsOf(calls))) {
      if (!/^[0-9a-f]{2}(?:\/[0-9a-f]{64}-[ad])?$/.test(file)) {
        leftOut += own.length;
        continue;
      }
      if (!numbers.has(file)) {
        numbers.set(file, folderCount + sizes.length);
        sizes.push(sizeOf(file));
      }
      const shape = formatCalls(foldLists(own), file.includes('/') ? sizeOf(file) : 0);
      if (!shapes.has(shape)) shapes.set(shape, shapes.size);
      steps.push(shapes.get(shape) ?? 0, numbers.get(file) ?? 0);
    }
    return steps.join(' ');
  }

  const [cold, warm] = [condensePhase(phases.cold), condensePhase(phases.warm)];
  return { leftOut, sizes, shapes: [...shapes.keys()], cold, warm };
}

/** sessionsOf puts what happens between an open and its close together, where the open stood. */
function sessionsOf(calls: readonly TracedCall[]): Session[] {
  const sessions: Session[] = [];
  const open = new Map<string, Session>();
  for (const { file, fd, pid, call } of calls) {
    const key = `${fd} ${file}`;
    const present = fd === undefined || call.type === 'open' ? undefined : open.get(key);
    if (present !== undefined) {
      present.calls.push(call);
      if (call.type === 'close') open.delete(key);
      continue;
    }
    const session = { file, pid, calls: [call] };
    sessions.push(session);
    if (call.type === 'open') open.set(key, session);
  }
  if (open.size > 0)
    throw new Error(`${open.size} files were opened and not closed, as ${[...open.keys()][0]}`);
  return sessions;
}

/** joinNeighbours makes one step of sessions of a thread on one file, if neither did anything else between them. */
function joinNeighbours(sessions: readonly Session[]): Session[] {
  const steps: Session[] = [];
  const lastOfThread = new Map<number, Session>();
  const lastOnFile = new Map<string, Session>();
  for (const session of sessions) {
    const before = lastOfThread.get(session.pid);
    if (before !== undefined && before === lastOnFile.get(session.file)) {
      before.calls.push(...session.calls);
      continue;
    }
    const step = { ...session, calls: [...session.calls] };
    steps.push(step);
    lastOfThread.set(session.pid, step);
    lastOnFile.set(session.file, step);
  }
  return steps;
}

/** foldLists takes an opened folder and its two reads (the second finds the end) for the one call that Node has. */
function foldLists(calls: readonly Call[]): readonly Call[] {
  const isList = calls.some(({ type }) => type === 'list');
  return isList ? [{ type: 'list' }] : calls;
}
