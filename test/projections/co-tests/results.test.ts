import { expect, test } from "vitest";
import { coTestResults } from "../../../projections/co-tests/results.ts";
import { History, hour } from "../history.ts";

test("sets of updates are told apart, whatever characters a version has", () => {
  const history = new History();
  const both = [
    { component: "a", version: "1" },
    { component: "b", version: "2" },
  ];
  const strange = [{ component: "a", version: "1\n1 b2" }];
  history.add("CoTestFailed", 1, { coTest: "t", updates: both });
  history.add("CoTestPassed", 2, { coTest: "t", updates: strange });
  const at = hour(3);
  const { passed, failed } = coTestResults(history.view().coTests, {}, { at, factsBefore: at });
  expect(passed.map(({ data }) => data.updates)).toEqual([strange]);
  expect(failed.map(({ data }) => data.updates)).toEqual([both]);
});
