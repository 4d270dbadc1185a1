import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { codeOf } from '../platform/problem.ts';
import type { ActionRows, EntryIndex } from './index/entry-index.ts';
import { finishInSlices, rowsPerStep, type Steps } from './index/steps.ts';
import type { IndexSummary } from './index/summary.ts';
import { nextTrim, parseTrimTxt, trimCutoff } from './trim.ts';
import { type CameHere, countOlder, forecastTrim, type TrimForecast, type TrimTxt } from './trim-forecast.ts';

/** probeTrim reads trim.txt and the times of some old entries, and forecasts the next trim. */
export async function probeTrim(
  gocache: string,
  index: EntryIndex,
  total: Pick<IndexSummary, 'entries' | 'bytes'>,
  now: number,
): Promise<TrimForecast> {
  const file = await readTrimTxt(gocache);
  const last = file === undefined ? undefined : parseTrimTxt(file.text);
  // One pass for all times that the forecast may ask for.
  const days = Array.from({ length: 6 }, (_, each) => now + each * 86_400_000);
  const times = [...days, nextTrim({ lastTrim: last, now }), ...(last === undefined ? [] : [last])];
  const sums = await finishInSlices(countOlder(index, times), nextTurn);
  return forecastTrim({
    now,
    file,
    total: { entries: total.entries.action + total.entries.output, bytes: total.bytes },
    takesAt: (at) => sums[times.indexOf(at)] ?? { entries: 0, bytes: 0 },
    cameHere: await probeCameHere(gocache, index, now),
  });
}

async function readTrimTxt(gocache: string): Promise<TrimTxt | undefined> {
  const path = join(gocache, 'trim.txt');
  try {
    const [text, stats] = [await readFile(path, 'utf8'), await lstat(path)];
    return { text, ctime: stats.ctimeMs };
  } catch (error) {
    // To Go one that cannot be read is as one that is not there.
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

// Some tell as well as all: they came here together.
const sampleSize = 100;
const copiedMs = 86_400_000;

/** probeCameHere looks at some of the entries that a trim would take: a use by Go sets mtime and ctime together. */
async function probeCameHere(gocache: string, { actions }: EntryIndex, now: number): Promise<CameHere> {
  const old = await finishInSlices(oldRows(actions, trimCutoff(now)), nextTurn);
  const step = Math.max(1, Math.floor(old.length / sampleSize));
  const sample = old.filter((_, at) => at % step === 0).slice(0, sampleSize);
  const stats = await Promise.all(
    sample.map((row) => {
      const id = actions.id(row);
      return lstat(`${gocache}/${id.slice(0, 2)}/${id}-a`).catch(() => undefined);
    }),
  );
  const seen = stats.filter((each) => each !== undefined);
  const copied = seen.filter(({ ctimeMs, mtimeMs }) => ctimeMs - mtimeMs > copiedMs);
  return {
    looked: seen.length,
    copied: copied.length,
    at: copied.length === 0 ? undefined : Math.max(...copied.map(({ ctimeMs }) => ctimeMs)),
  };
}

function* oldRows(actions: ActionRows, cutoff: number): Steps<readonly number[]> {
  const rows: number[] = [];
  for (let row = 0; row < actions.length; row++) {
    if (row % rowsPerStep === 0) yield;
    if (actions.isUsed(row) && actions.mtime(row) < cutoff) rows.push(row);
  }
  return rows;
}
