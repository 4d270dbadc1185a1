import { execFileSync } from 'node:child_process';
import { type GoCommand, parseGoCommand } from '../../source/build/go-command.ts';
import { listArguments, parseListed } from '../../source/build/list.ts';
import { type PackageSet, parsePackageSet } from '../../source/build/package-set.ts';
import type { Shop } from './shop.ts';

/** goCommandOf reads a go command that is written with blanks. */
export function goCommandOf(line: string): GoCommand {
  const command = parseGoCommand(line.split(' '));
  if (command === undefined) throw new Error(`${line} is no go command`);
  return command;
}

/** setOf asks the real go list for the packages of a command in the shop, whose folder becomes that of the captures. */
export function setOf(shop: Shop, line: string): PackageSet {
  const command = goCommandOf(line);
  const text = execFileSync('go', [...listArguments(command)], {
    cwd: shop.directory,
    env: shop.environment,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return parsePackageSet(parseListed(text.replaceAll(shop.directory, '/home/dev/src/shop')), command);
}

/** own are the names that are of the shop, in order, without its path. */
export function own(names: Iterable<string>): readonly string[] {
  return [...names]
    .filter((name) => name.startsWith('example.com/shop'))
    .map((name) => name.replaceAll(/example\.com\/shop\/?/g, '') || '.')
    .toSorted();
}
