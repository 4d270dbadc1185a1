import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { parseGoSum } from '../../checksums/go-sum.ts';
import { type ModFile, parseModFile, parseWorkFile } from '../../module-graph/mod-file.ts';
import { parseVendorList } from '../../module-graph/vendor-list.ts';
import { codeOf, explain, type Problem } from '../../platform/problem.ts';
import type { RootFiles } from './root-needs.ts';

/** ReadRoot is a root that was read, and what of it could not be. */
export type ReadRoot = { readonly files: RootFiles | undefined; readonly problems: readonly Problem[] };

/** readRoot reads a go.mod or go.work file and what lies beside it: go.sum, go.work.sum, vendor/modules.txt. */
export function readRoot(file: string): ReadRoot {
  const problems: Problem[] = [];
  const folder = dirname(file);
  const text = read(file, true);
  if (text === undefined) return { files: undefined, problems };
  const isWorkspace = file.endsWith('go.work');
  const work = isWorkspace ? parseWorkFile(text) : undefined;
  const mains =
    work === undefined
      ? [{ folder, file: parseModFile(text) }]
      : work.use.flatMap((use) => {
          const main = isAbsolute(use) ? use : join(folder, use);
          const mod = read(join(main, 'go.mod'), true);
          return mod === undefined ? [] : [{ folder: main, file: parseModFile(mod) }];
        });
  const sumFiles = [
    ...mains.map((main) => join(main.folder, 'go.sum')),
    ...(isWorkspace ? [`${file}.sum`] : []),
  ];
  const list = join(folder, 'vendor', 'modules.txt');
  const vendored = read(list, false);
  const toolchain = newest([...mains.map((main) => main.file), ...(work === undefined ? [] : [work])]);
  return {
    files: {
      root: { file, folder, modules: mains.map((main) => main.file.module) },
      mains,
      replace: work?.replace.map((each) => ({ ...each, base: folder })) ?? [],
      toolchain,
      sums: sumFiles.flatMap((sum) => {
        const lines = read(sum, false);
        return lines === undefined ? [] : [{ file: sum, lines: parseGoSum(lines).lines }];
      }),
      vendored: vendored === undefined ? undefined : { file: list, modules: parseVendorList(vendored) },
    },
    problems,
  };

  function read(path: string, isWanted: boolean): string | undefined {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (isWanted || (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR'))
        problems.push(explain(path, 'what it needs is not known', error));
      return undefined;
    }
  }
}

/**
 * newest is the toolchain that go.mod and go.work files ask for: the newest of their `toolchain` and `go` lines.
 * `cmd/go/internal/toolchain: Select, go1.26`
 */
function newest(files: readonly Pick<ModFile, 'go' | 'toolchain'>[]): string | undefined {
  const wanted = files.flatMap(({ go, toolchain }) => [
    ...(go === undefined ? [] : [go]),
    ...(toolchain === undefined || toolchain === 'default' ? [] : [toolchain.replace(/^go/, '')]),
  ]);
  const last = wanted.toSorted(compareGo).at(-1);
  return last === undefined ? undefined : `go${last}`;
}

/** compareGo orders `1.9`, `1.21rc1`, `1.21.0`, `1.26`. `cmd/go/internal/gover: Compare, go1.26` */
function compareGo(one: string, other: string): number {
  const [a, b] = [parts(one), parts(other)];
  for (let index = 0; index < a.length; index++) {
    const order = (a[index] ?? 0) - (b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

function parts(version: string): readonly number[] {
  const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+)|(beta|rc)(\d+))?/.exec(version);
  const [, major = '0', minor = '0', patch, kind, number = '0'] = match ?? [];
  // A language version, `1.21`, is before its first beta.
  const rank = kind === undefined ? (patch === undefined ? 0 : 3) : kind === 'beta' ? 1 : 2;
  return [Number(major), Number(minor), rank, Number(patch ?? number)];
}
