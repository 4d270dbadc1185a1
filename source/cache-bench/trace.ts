import { createHash } from 'node:crypto';
import { type Call, parseCalls } from './call.ts';
import recorded from './trace.json' with { type: 'json' };

/** Phase is a build into an empty GOCACHE, or the same build again on the full one, three hours later. */
export type Phase = 'cold' | 'warm';

export const phases: readonly Phase[] = ['cold', 'warm'];

/**
 * Trace is what one build did to GOCACHE, without names and contents: made by `scripts/capture-cache-trace.ts`.
 *
 * Files have numbers. The first 256 are the folders `00` to `ff`.
 */
export type Trace = {
  /** about is the build that it is from. */
  readonly about: string;
  readonly go: string;
  readonly packages: number;
  /** builtIn is how long that build took where it was recorded, without strace: what is replayed is a part of it. */
  readonly builtIn: {
    readonly cores: number;
    readonly coldMs: number;
    readonly warmMs: number;
  };
  /** leftOut counts the calls that are not replayed: on README, trim.txt and its lock. */
  readonly leftOut: number;
  /** sizes of the files from number 256 on, in bytes. */
  readonly sizes: readonly number[];
  /** shapes are calls as text that follow each other on one file. */
  readonly shapes: readonly string[];
  /** cold and warm are steps in their order, each a number of a shape and a number of a file. */
  readonly cold: string;
  readonly warm: string;
};

/** trace is the one that bench replays. */
export const trace: Trace = recorded;

/** Step is calls that follow each other on one file. */
export type Step = { readonly file: number; readonly calls: readonly Call[] };

/** readSteps gives the steps of a phase. */
export function readSteps(of: Trace, phase: Phase): readonly Step[] {
  const numbers = of[phase].split(' ').map(Number);
  const steps: Step[] = [];
  for (let at = 0; at < numbers.length; at += 2) {
    const file = numbers[at + 1] ?? 0;
    steps.push({ file, calls: parseCalls(of.shapes[numbers[at] ?? 0] ?? '', sizeOf(of, file)) });
  }
  return steps;
}

/** folderCount: cmd/go/internal/cache: Open makes `00` to `ff`. */
export const folderCount = 256;

function sizeOf(of: Trace, file: number): number {
  return of.sizes[file - folderCount] ?? 0;
}

/**
 * fileName is where a file of a trace lies: a folder, or a name as long as Go's in the folder that its first byte names.
 * Entries so spread as evenly as hashes do.
 */
export function fileName(file: number): string {
  if (file < folderCount) return folderName(file);
  const digits = createHash('sha256').update(String(file)).digest('hex');
  return `${digits.slice(0, 2)}/${digits}-d`;
}

function folderName(folder: number): string {
  return folder.toString(16).padStart(2, '0');
}

/**
 * shareSteps deals steps out to writers that run at the same time, by folder: so a file has one writer, which makes its
 * calls in their order, and makes its folder first.
 */
export function shareSteps(steps: readonly Step[], writers: number): readonly (readonly Step[])[] {
  const shares: Step[][] = Array.from({ length: writers }, () => []);
  for (const step of steps) {
    const folder = Number.parseInt(fileName(step.file).slice(0, 2), 16);
    shares[folder % writers]?.push(step);
  }
  return shares;
}

/** Work is how much a phase does. */
export type Work = { readonly calls: number; readonly readBytes: number; readonly writtenBytes: number };

/** countWork counts the calls of steps, and the bytes of their reads and writes. */
function countWork(steps: readonly Step[]): Work {
  let [calls, readBytes, writtenBytes] = [0, 0, 0];
  for (const step of steps) {
    for (const call of step.calls) {
      calls += 1;
      if (call.type === 'write') writtenBytes += call.length;
      else if (call.type === 'read' || call.type === 'pread' || call.type === 'map') readBytes += call.length;
    }
  }
  return { calls, readBytes, writtenBytes };
}

/** workOf is what a phase of the trace does. */
export function workOf(phase: Phase): Work {
  return countWork(readSteps(trace, phase));
}

/** roomFor is what the files of a trace take on a file system with blocks of 4 KiB, its folders too. */
export function roomFor(of: Trace): number {
  const blocks = of.sizes.reduce((sum, size) => sum + Math.ceil(size / block), folderCount);
  return blocks * block;
}

// The usual block of ext4, xfs and tmpfs.
const block = 4096;
