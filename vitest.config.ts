import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The engine uses every core by itself, so more than two test files at once only make each other wait.
    maxWorkers: 2,
    pool: "forks",
  },
});
