import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createIdTable, idWordsOf } from '../../../source/build-cache/index/id-table.ts';
import { createRandom } from '../../random.ts';

const idOf = (number: number): string => createHash('sha256').update(String(number)).digest('hex');

test('after any adds and removals it holds what a Map would, each at the row it was given', () => {
  const table = createIdTable();
  const expected = new Map<string, number>();
  const random = createRandom(7);
  for (let step = 0; step < 60_000; step++) {
    const id = idOf(random(5000));
    const known = expected.get(id);
    if (random(3) === 0 && known !== undefined) {
      table.remove(known);
      expected.delete(id);
    } else {
      const row = table.add(idWordsOf(id), 0);
      if (known !== undefined) expect(row).toBe(known);
      expected.set(id, row);
    }
  }
  expect(table.count).toBe(expected.size);
  expect(new Set(expected.values()).size).toBe(expected.size);
  for (let number = 0; number < 5000; number++)
    expect(table.find(idWordsOf(idOf(number)), 0)).toBe(expected.get(idOf(number)));
  for (const [id, row] of expected) expect([table.id(row), table.isUsed(row)]).toEqual([id, true]);
});

test('IDs that begin alike are told apart', () => {
  const table = createIdTable();
  const ids = Array.from(
    { length: 500 },
    (_, index) => `${'ab'.repeat(30)}${index.toString(16).padStart(4, '0')}`,
  );
  const rows = ids.map((id) => table.add(idWordsOf(id), 0));
  expect(new Set(rows).size).toBe(500);
  expect(ids.map((id) => table.find(idWordsOf(id), 0))).toEqual(rows);
});
