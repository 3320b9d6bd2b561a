import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    ...(process.env['TEST_REPORT'] === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: process.env['TEST_REPORT'] } }),
  },
});
