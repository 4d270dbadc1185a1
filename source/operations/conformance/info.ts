import { isSemver } from '../../go/semver.ts';
import { isRecord } from '../offline/listed.ts';

/** Info is a JSON answer about a version, as go reads it; a text is why it does not. */
export type Info = { readonly version: string; readonly time: string | undefined };

/** readInfo reads `{"Version":"v1.5.2","Time":"2018-02-14T15:44:20Z"}`. `cmd/go/internal/modfetch: RevInfo, go1.26` */
export function readInfo(body: Buffer): Info | string {
  const text = body.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return `it is no JSON: ${startOf(text)}`;
  }
  if (!isRecord(value)) return `it is no JSON object: ${startOf(text)}`;
  const { Version: version, Time: time } = value;
  if (typeof version !== 'string' || !isSemver(version)) return 'its Version is no version';
  if (time !== undefined && time !== null && (typeof time !== 'string' || !isTime(time)))
    return `its Time is no RFC 3339 time: ${JSON.stringify(time)}`;
  return { version, time: typeof time === 'string' ? time : undefined };
}

/** startOf is the beginning of a body, for a message. */
export function startOf(text: string): string {
  return JSON.stringify(text.trim().slice(0, 40));
}

/** isTime: `time: (*Time).UnmarshalJSON, go1.26` */
function isTime(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) &&
    !Number.isNaN(Date.parse(text.replace(',', '.')))
  );
}
