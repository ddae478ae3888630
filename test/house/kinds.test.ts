/** A new kind of entity is one folder and one line: no other file of the two trees has a list to be kept in step. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { modulesOf } from "./import-graph.ts";

/** The first four are enough to find a list of all. */
const kinds = ["node", "job", "rollout", "nfz"];

/** Whether a source names the kind as a text or as the name of a member. */
function names(source: string, kind: string): boolean {
  return new RegExp(`["']${kind}["']|\\b${kind}:`).test(source);
}

test("every kind of entity is in the table of kinds, and wherever kinds are shown or simulated", () => {
  const listing = modulesOf(["projections", "src"])
    .map(({ path }) => path)
    .filter((path) => {
      const source = readFileSync(path, "utf8");
      return kinds.every((kind) => names(source, kind));
    });
  expect(listing.sort()).toEqual([
    "projections/kinds.ts",
    "src/answers/timeline-json.ts",
    "src/http/schemas/timelines.ts",
    "src/simulate/setting/history.ts",
  ]);
});
