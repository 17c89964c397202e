import { defineConfig } from 'vitest/config';

/**
 * Tests against a real container engine: one file after the other, since they measure and share the machine. What fails is
 * tried once more: an engine that is busy elsewhere is no failed test, a defect fails twice.
 */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    retry: 1,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
