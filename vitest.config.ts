import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import type { TestProjectInlineConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { apart, sharing } from "./test/house/shared-processes.ts";

// Hundreds of processes load the same modules: each is compiled once.
process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(
  new URL("node_modules/.cache/node-compile", import.meta.url),
);

/** Files that take minutes: where they began last, one processor would wait for them in the end. */
const longFiles = /every-byte|accessible\.soak|books-of-|worlds\.soak/;

class LongFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => longFiles.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const resultsFile = process.env["FLEETLEDGER_TEST_RESULTS"];

/** Where the long tests are run next, whole, samples of them would say nothing. */
const samplesLeftOut = process.env["FLEETLEDGER_SOAK_FOLLOWS"] === "1" ? ["**/*.soak.test.ts"] : [];

/** `--mode soak` runs the long tests, and these whole; else every test runs, and of the long ones a sample. */
export default defineConfig(({ mode }) => ({
  test: {
    projects:
      mode === "soak"
        ? projectsOf("*.soak.test.ts", [], [])
        : projectsOf("*.test.ts", apart, samplesLeftOut),
    env: mode === "soak" ? { FLEETLEDGER_SOAK: "1" } : {},
    pool: "forks",
    sequence: { sequencer: LongFilesFirst },
    // One more than there are processors: many tests wait for a store, a clock or another process.
    maxWorkers: availableParallelism() + 1,
    // Ended in the reverse order: the browser has gone when the run is looked at.
    globalSetup: ["test/house/clean-run.ts", "test/browser/one-browser.ts"],
    setupFiles: ["test/house/own-temporary-folder.ts"],
    // Property and crash tests take as long as they take: a timing never decides a test.
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
    expect: { poll: { timeout: 1_200_000, interval: 20 } },
    reporters:
      resultsFile === undefined ? ["default"] : ["default", ["json", { outputFile: resultsFile }]],
  },
}));

/** `ofShared` are the files in the folders that share processes which get one of their own; `without` are left out. */
function projectsOf(
  files: string,
  ofShared: readonly string[],
  without: readonly string[],
): TestProjectInlineConfiguration[] {
  const shared = sharing.map((folder) => `test/${folder}/**/${files}`);
  const own = {
    name: "a process each",
    include: [`test/**/${files}`],
    exclude: [...shared, ...without],
  };
  const sharedTests = {
    name: "shared processes",
    include: shared,
    exclude: [...ofShared, ...without],
    isolate: false,
  };
  const apartTests = { name: "apart", include: [...ofShared] };
  return [own, sharedTests, apartTests].map((test) => ({ extends: true, test }));
}
