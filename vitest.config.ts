import { defineConfig } from 'vitest/config';
import { SkippedReporter } from './scripts/skipped-reporter.ts';

// Faults by the hundred on real modules take minutes: `npm run test:long` runs them, and npm test says that it does not.
const isLong = process.env.TEST_LONG === '1';

export default defineConfig({
  test: {
    include: isLong ? ['test/**/*.long.test.{ts,tsx}'] : ['test/**/*.test.{ts,tsx}'],
    exclude: isLong ? [] : ['test/**/*.long.test.{ts,tsx}'],
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/setup.ts'],
    reporters: ['default', new SkippedReporter()],
    // Builds and terminals are real: a test waits for what they do, and fails long after they should have.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // Processes, since tests change the working directory and the environment.
    pool: 'forks',
    // More would take from the builds under test what they measure.
    maxWorkers: 2,
  },
});
