import { defineConfig } from "vitest/config";

const resultsFile = process.env["FLEETLEDGER_TEST_RESULTS"];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    globalSetup: ["test/browser/one-browser.ts"],
    // Property and crash tests take as long as they take: a timing never decides a test.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters:
      resultsFile === undefined ? ["default"] : ["default", ["json", { outputFile: resultsFile }]],
  },
});
