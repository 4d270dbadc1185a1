import type { TestOutcome } from './unit.ts';

/**
 * parseTestLine reads one line of go test's summary; undefined for all others.
 * `ok  \tp\t0.3s`, `ok  \tp\t(cached)`, `FAIL\tp\t0.01s`, `FAIL\tp [build failed]`, `?   \tp\t[no test files]`,
 * and under -cover `\tp\t\tcoverage: 0.0% of statements` (cmd/go/internal/test: runTestActor, go1.26).
 */
export function parseTestLine(
  line: string,
): { readonly importPath: string; readonly outcome: TestOutcome } | undefined {
  const found = /^(ok {2}|FAIL|\? {3}|)\t(\S+)(?:\t| |$)(.*)$/.exec(line);
  if (found?.[1] === undefined || found[2] === undefined) return undefined;
  const [, word, importPath, rest = ''] = found;
  if (word === 'FAIL') return { importPath, outcome: 'failed' };
  if (word === '?   ') return { importPath, outcome: 'no-test-files' };
  if (word === '')
    return /^\tcoverage: 0\.0% of statements/.test(rest)
      ? { importPath, outcome: 'no-test-files' }
      : undefined;
  return { importPath, outcome: /^\(cached\)/.test(rest) ? 'cached' : 'ran' };
}

/** parseTestRecord reads the same line out of a record of `go test -json`. */
export function parseTestRecord(line: string): ReturnType<typeof parseTestLine> {
  if (!line.startsWith('{') || !line.includes('"Action":"output"') || line.includes('"Test":'))
    return undefined;
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record !== 'object' || record === null || !('Output' in record)) return undefined;
    return parseTestLine(String(record.Output).replace(/\n$/, ''));
  } catch {
    return undefined;
  }
}
