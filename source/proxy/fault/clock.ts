import type { Answer, Fault } from '../ask/answer.ts';

// A Date header has seconds, and an answer takes a while.
const tolerance = 60_000;

/**
 * measureClock is how far this machine's clock is ahead of the servers', in milliseconds, by the Date of their answers; undefined without any.
 * An answer with an Age comes from a cache, with the Date of its first time.
 */
export function measureClock(answers: readonly Answer[], now: Date): number | undefined {
  const offsets = answers.flatMap((answer) => {
    if (answer.kind !== 'answered' || answer.headers.has('age')) return [];
    const date = Date.parse(answer.headers.get('date') ?? '');
    return Number.isNaN(date) ? [] : [now.getTime() - date];
  });
  // The middle one: one server with a wrong clock does not count.
  return offsets.sort((a, b) => a - b)[offsets.length >> 1];
}

/**
 * explainDates adds to a fault of dates whether the clock of this machine is to blame; other faults stay as they are. `offsetMs` is that
 * of `measureClock`.
 */
export function explainDates(
  fault: Fault,
  chain: readonly { readonly notBefore: Date | undefined; readonly notAfter: Date | undefined }[] | undefined,
  offsetMs: number | undefined,
  now: Date,
): Fault {
  if (fault.code !== 'tls-expired' && fault.code !== 'tls-not-yet-valid') return fault;
  if (offsetMs === undefined) return fault;
  if (Math.abs(offsetMs) <= tolerance)
    return { ...fault, detail: `${fault.detail}; the clock of this machine is right` };
  const right = new Date(now.getTime() - offsetMs);
  const wouldCount = chain?.every(
    ({ notBefore, notAfter }) =>
      (notBefore === undefined || notBefore <= right) && (notAfter === undefined || right <= notAfter),
  );
  const direction = offsetMs > 0 ? 'ahead' : 'behind';
  const detail = `the clock of this machine is ${describe(Math.abs(offsetMs))} ${direction}, by the Date of other servers`;
  return {
    ...fault,
    detail: `${fault.detail}; ${detail}${wouldCount === true ? ': with the right time the certificate counts' : ''}`,
    repair: ['set the clock: sudo timedatectl set-ntp true', ...fault.repair],
  };
}

function describe(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  const [unit, length] = units.find(([, each]) => ms >= each) ?? ['minute', 60_000];
  const count = Math.round(ms / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
