import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { generalHelp } from '../source/help/general.ts';
import { helps } from '../source/help/registry.ts';
import { keyTable } from '../source/store/keys/registry.ts';

const readme = readFileSync(join(resolve(import.meta.dirname, '..'), 'README.md'), 'utf8');

test('the table of keys is that of the registry', () => {
  const shown = /<!-- keys: .*? -->\n(.*)\n<!-- \/keys -->/s.exec(readme)?.[1];
  expect(shown).toBe(keyTable());
});

test('every flag of the README is one that help knows', () => {
  const flags = [...readme.matchAll(/(?<=[\s`(])--[a-z-]+(?==|\b)/g)].map(([flag]) => flag);
  expect(flags.length).toBeGreaterThan(5);
  const others = new Set(['--silent']); // npm's
  const help = [generalHelp, ...Object.values(helps)].join('');
  expect(flags.filter((flag) => !others.has(flag) && !help.includes(flag))).toEqual([]);
});

test('files that it links to are there', () => {
  const links = [...readme.matchAll(/\]\(((?!https?:)[^)]+)\)/g)].flatMap(([, link]) => link ?? []);
  expect(links.length).toBeGreaterThan(3);
  for (const link of links)
    expect(readFileSync(resolve(import.meta.dirname, '..', link)).length).toBeGreaterThan(0);
});
