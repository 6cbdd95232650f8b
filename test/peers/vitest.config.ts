import { defineConfig } from 'vitest/config';

/** Tests against programs that are not ours; `install.ts` has put them into `.peers/` before. */
export default defineConfig({
  test: {
    include: ['test/peers/**/*.peer.ts'],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
