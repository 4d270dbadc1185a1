import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  fileName,
  folderCount,
  phases,
  readSteps,
  roomFor,
  shareSteps,
  trace,
  workOf,
} from '../../source/cache-bench/trace.ts';

const cold = readSteps(trace, 'cold');
const warm = readSteps(trace, 'warm');

describe('the recorded trace', () => {
  test('holds no name, hash or path of where it was recorded', () => {
    const file = resolve(import.meta.dirname, '..', '..', 'source', 'cache-bench', 'trace.json');
    const { about, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    expect(about).toMatch(/^go build of a program/);
    expect(JSON.stringify(rest)).not.toMatch(/[0-9a-f]{20}|\/(?:tmp|home|root|usr)\b/);
  });

  test('is of a whole build: an archive for each package, an entry for each output', () => {
    const stored = new Set(cold.filter(({ calls }) => writes(calls) > 175).map(({ file }) => file));
    expect(stored.size).toBeGreaterThanOrEqual(trace.packages);
    expect(workOf('cold').writtenBytes).toBe(writtenBytesOf(cold));
    expect(workOf('warm').writtenBytes).toBeLessThan(1000);
  });

  test.each(phases)('opens what it closes, in one step: %s', (phase) => {
    for (const { calls } of readSteps(trace, phase)) {
      let isOpen = false;
      for (const { type } of calls) {
        if (type === 'open' || type === 'close') {
          expect(isOpen).toBe(type === 'close');
          isOpen = type === 'open';
        } else if (['read', 'pread', 'map', 'write', 'truncate', 'fstat'].includes(type))
          expect(isOpen).toBe(true);
      }
      expect(isOpen).toBe(false);
    }
  });

  test('makes a folder before a file in it, a file before it is read', () => {
    const made = new Set<string>();
    for (const { file, calls } of [...cold, ...warm]) {
      const name = fileName(file);
      for (const call of calls) {
        const makes = call.type === 'mkdir' || (call.type === 'open' && call.mode !== 'read');
        if (makes && name.includes('/')) expect(made).toContain(name.slice(0, 2));
        if (makes) made.add(name);
        else if (call.type !== 'miss' && call.type !== 'absent') expect(made).toContain(name);
      }
    }
    expect([...made].filter((name) => name.length === 2)).toHaveLength(folderCount);
  });

  test('needs no more room than is asked for', () => {
    expect(roomFor(trace)).toBeGreaterThan(writtenBytesOf(cold));
    expect(roomFor(trace)).toBeLessThan(64 * 1024 * 1024); // /dev/shm of a container
  });
});

describe('shares', () => {
  test.each([1, 2, 3, 64])('%d writers make all steps, each file by one of them, in its order', (writers) => {
    const shares = shareSteps(cold, writers);
    expect(shares).toHaveLength(writers);
    expect(shares.flat().length).toBe(cold.length);
    for (const share of shares) {
      const files = new Set(share.map(({ file }) => file));
      expect(share).toEqual(cold.filter(({ file }) => files.has(file)));
    }
  });

  test('are about equal', () => {
    const [one = [], other = []] = shareSteps(cold, 2);
    expect(Math.abs(one.length - other.length)).toBeLessThan(cold.length / 5);
  });
});

function writes(calls: (typeof cold)[number]['calls']): number {
  return calls.reduce((sum, call) => sum + (call.type === 'write' ? call.length : 0), 0);
}

function writtenBytesOf(steps: typeof cold): number {
  return steps.reduce((sum, { calls }) => sum + writes(calls), 0);
}
