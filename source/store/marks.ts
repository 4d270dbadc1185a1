import type { Outcome } from '../build/unit.ts';
import type { Span, Tone } from './line.ts';

/** outcomeMark is the one-cell sign of an outcome; it tells what the colour repeats. */
export function outcomeMark(outcome: Outcome): Span {
  const tone = outcomeTone(outcome);
  return tone === 'plain' ? marks[outcome] : { text: marks[outcome], tone };
}

/** outcomeTone: a hit is quiet, what was compiled is plain, what failed is bad. */
export function outcomeTone(outcome: Outcome): Tone {
  return tones[outcome];
}

/** outcomeWord is the word for an outcome in a list: that of reports, and those of a build that still runs. */
export function outcomeWord(outcome: Outcome): string {
  return outcome === 'miss' ? 'compiled' : outcome === 'not-reached' ? 'not reached' : outcome;
}

/** problemMark stands before what is wrong. */
export const problemMark: Span = { text: '!', tone: 'warning' };

const marks: Readonly<Record<Outcome, string>> = {
  waiting: '·',
  compiling: '›',
  hit: '=',
  miss: '+',
  failed: '✗',
  'not-reached': '-',
  unknown: '?',
};

const tones: Readonly<Record<Outcome, Tone>> = {
  waiting: 'quiet',
  compiling: 'accent',
  hit: 'quiet',
  miss: 'plain',
  failed: 'bad',
  'not-reached': 'quiet',
  unknown: 'warning',
};
