import { describe, expect, test } from 'vitest';
import { parseActionId, parseOutputId } from '../../source/go/ids.ts';

const id = '3f0a'.repeat(16);

describe('an ID is 64 lower-case hex digits', () => {
  test.each([
    [id, id],
    [id.toUpperCase(), undefined],
    [id.slice(1), undefined],
    [`${id}0`, undefined],
    [`${id.slice(1)}g`, undefined],
    [`${id}\n`, undefined],
    ['', undefined],
  ])('%j gives %j', (text, expected) => {
    expect(parseActionId(text)).toBe(expected);
    expect(parseOutputId(text)).toBe(expected);
  });
});
