import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** TestCounts is the outcome of a vitest run. */
export type TestCounts = { readonly passed: number; readonly failed: number; readonly skipped: number };

/**
 * SkippedReporter names each skipped test with its reason after the run: what was not tested should be seen. Where
 * the environment names a file in TEST_COUNTS, the counts go there, for scripts/test.ts.
 */
export class SkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string) => tests.filter((test) => test.result().state === state);
    const skipped = inState('skipped');
    for (const test of skipped)
      console.log(`SKIPPED ${test.module.relativeModuleId} > ${test.fullName}: ${reason(test)}`);

    // A file that cannot be loaded has no tests, but it failed all the same; so did what threw outside of a test.
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const suites = modules.flatMap((module) => [...module.children.allSuites()]);
    const brokenSuites = suites.filter((suite) => suite.errors().length > 0).length;
    const counts: TestCounts = {
      passed: inState('passed').length,
      failed: inState('failed').length + broken + brokenSuites + unhandledErrors.length,
      skipped: skipped.length,
    };
    const file = process.env.TEST_COUNTS;
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
  }
}

function reason(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
}
