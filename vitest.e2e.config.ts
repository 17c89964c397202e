import { defineConfig } from 'vitest/config';

/** Tests against a real container engine: one file after the other, since they measure and share the machine. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
