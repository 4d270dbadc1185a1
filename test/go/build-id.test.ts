import { expect, test } from 'vitest';
import { actionIdPrefix, buildIdOf, parseBuildId } from '../../source/go/build-id.ts';
import type { ActionId } from '../../source/go/ids.ts';

const a = 'zPOy37qVyIIUS_BSsIpj';
const b = '7OdY8Yz81KNAuxTDzS-9';

test.each([
  ['an archive', `${a}/${b}`, { action: a, content: b, main: undefined }],
  ['a compile line, before the content is known', `${a}/${a}`, { action: a, content: a, main: undefined }],
  ['a program', `${a}/${b}/${a}/${b}`, { action: a, content: b, main: { action: b, content: a } }],
  ['no slash', a, undefined],
  ['three parts', `${a}/${b}/${a}`, undefined],
  ['a part that is too short', `abc/${b}`, undefined],
  ['nothing', '', undefined],
])('parseBuildId of %s', (_, text, expected) => {
  expect(parseBuildId(text)).toEqual(expected);
});

test('the first part of a build ID is the start of an action ID, both ways', () => {
  const actionId = `ccf3b2dfba95c882144bf052b08a63${'0'.repeat(34)}` as ActionId;
  expect(actionIdPrefix(a)).toBe(actionId.slice(0, 30));
  expect(buildIdOf(actionId)).toBe(a);
});

test.each(['', 'short', `${a}x`, '!'.repeat(20)])('actionIdPrefix of %j is not known', (text) => {
  expect(actionIdPrefix(text)).toBeUndefined();
});
