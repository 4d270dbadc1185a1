import { expect, test } from 'vitest';
import type { Verified } from '../../source/operations/verify/verify.ts';
import { applyVerify, isFaulty, noVerification } from '../../source/store/verification.ts';
import { apply, begin, press } from './state.ts';

const verified = (version: string, verdict: Verified['verdict']): Verified => ({
  path: 'example.com/m',
  version,
  verdict,
  database: undefined,
  sentence: '',
  faults: [],
  unread: [],
  notes: [],
  repair: [],
  diffs: [],
  trace: undefined,
});

test('verdicts of a later run take the place of earlier ones, the others stay', () => {
  const first = applyVerify(noVerification, {
    type: 'verified',
    modules: [verified('v1.0.0', 'faulty'), verified('v1.1.0', 'ok')],
    notes: [],
  });
  const running = applyVerify(first, { type: 'progress', done: 0, total: 1 });
  expect(running.isRunning).toBe(true);
  const second = applyVerify(running, { type: 'verified', modules: [verified('v1.0.0', 'ok')], notes: [] });
  expect(second).toMatchObject({ isRunning: false });
  expect([...second.verdicts].map(([id, { verdict }]) => [id, verdict])).toEqual([
    ['example.com/m@v1.0.0', 'ok'],
    ['example.com/m@v1.1.0', 'ok'],
  ]);
  expect(isFaulty(first, 'example.com/m@v1.0.0')).toBe(true);
  expect(isFaulty(second, 'example.com/m@v1.0.0')).toBe(false);
});

test('V starts, and V again stops', () => {
  const started = press(begin(), 'V');
  expect(started.effects).toEqual([{ type: 'verify', isStart: true, words: [] }]);
  expect(started.state.screen.focus).toBe('gomodcache');
  const running = apply(started.state, [{ type: 'verify', event: { type: 'progress', done: 1, total: 9 } }]);
  expect(press(running, 'V').effects).toEqual([{ type: 'verify', isStart: false }]);
  const stopped = apply(running, [{ type: 'verify', event: { type: 'stopped' } }]);
  expect(stopped.verification).toMatchObject({ isRunning: false, wasStopped: true });
});

test('V verifies what is marked', () => {
  const state = begin();
  const marks = { ...state.screen.moduleMarks, ids: new Set(['example.com/m@v1.0.0']) };
  const marked = { ...state, screen: { ...state.screen, focus: 'gomodcache' as const, moduleMarks: marks } };
  expect(press(marked, 'V').effects).toEqual([
    { type: 'verify', isStart: true, words: ['example.com/m@v1.0.0'] },
  ]);
});
