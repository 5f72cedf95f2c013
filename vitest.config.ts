import { defineConfig } from 'vitest/config';

const env = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/**
 * `rooms` tests each room by itself; `stack` tests the whole product, synthesized once for all of its files. Files share
 * a process and what it has loaded: none replaces a module, or leaves behind what the next one would see.
 */
export default defineConfig({
  test: {
    // Much of the time is waiting, so three files at a time even on a machine of two cores.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: ['test/stack/**'],
          globalSetup: 'test/support/share-made.ts',
          isolate: false,
          testTimeout: 20_000,
          env,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['test/stack/**/*.test.ts'],
          globalSetup: 'test/support/synthesize-once.ts',
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          env,
        },
      },
    ],
  },
});
