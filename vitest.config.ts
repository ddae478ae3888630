import { defineConfig } from "vitest/config";

const resultsFile = process.env["FLEETLEDGER_TEST_RESULTS"];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // Ended in the reverse order: the browser has gone when the run is looked at.
    globalSetup: ["test/house/clean-run.ts", "test/browser/one-browser.ts"],
    setupFiles: ["test/house/own-temporary-folder.ts"],
    // Property and crash tests take as long as they take: a timing never decides a test.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters:
      resultsFile === undefined ? ["default"] : ["default", ["json", { outputFile: resultsFile }]],
  },
});
