import { defineConfig } from 'vitest/config';

/** A property that fails by luck stops somebody else's work: `npm test` draws the same cases each time, `test:faults` new ones. */
const repeatable = ['test/repeatable.ts'];

const globalSetup = 'test/compile-cache.ts';

/** `unit` needs nothing but Node; `system` starts real brokers, cameras, databases and a browser; `faults` takes hours. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          globalSetup,
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.system.test.ts', 'test/e2e/**', 'test/faults/**'],
          setupFiles: repeatable,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'system',
          globalSetup,
          include: ['test/**/*.system.test.ts', 'test/e2e/**/*.test.ts'],
          setupFiles: repeatable,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 120_000,
          disableConsoleIntercept: true,
        },
      },
    ],
    // Most of them wait for cameras, browsers and deadlines: two cores carry three.
    maxWorkers: 3,
  },
});
