import type { Answer, Fault } from '../ask/answer.ts';

/** statusFault gives the fault of an answer whose status is an error to Go: all but 200 are. `cmd/go/internal/web: (*Response).Err, go1.26` */
export function statusFault(answer: Answer): Fault | undefined {
  if (answer.kind === 'failed') return answer.fault;
  const { status, statusText } = answer;
  if (status === 200) return undefined;
  const goSays = `${status} ${statusText}`.trim();
  return { code: `http-${status}`, detail: `the server answered ${goSays}`, goSays, repair: [] };
}
