import { createRequire } from 'node:module';
import * as ink from 'ink';
import type { ComponentType } from 'react';
import * as React from 'react';

/** TableProps are those of ink-table that we use; its own types are for an older React. */
export type TableProps = {
  readonly data: readonly Readonly<Record<string, string>>[];
  readonly columns: readonly string[];
};

let loaded: ComponentType<TableProps> | undefined;

/**
 * loadTable loads ink-table when it is first needed. It is CommonJS and requires ink, which is an ES module that awaits
 * at its top and so cannot be required: it is handed our own ink and React.
 */
export function loadTable(): ComponentType<TableProps> {
  loaded ??= requireTable();
  return loaded;
}

function requireTable(): ComponentType<TableProps> {
  const require = createRequire(import.meta.url);
  provide(require, 'ink', ink);
  provide(require, 'react', React);
  const { default: table } = require('ink-table') as { readonly default: ComponentType<TableProps> };
  return table;
}

/** provide makes a require of `name` give `exports`. */
function provide(require: NodeJS.Require, name: string, exports: object): void {
  const path = require.resolve(name);
  const Module = require('node:module') as new (id: string) => NodeJS.Module;
  const module = Object.assign(new Module(path), { filename: path, loaded: true, exports: { ...exports } });
  require.cache[path] = module;
}
