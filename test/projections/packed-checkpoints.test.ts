import { expect, test } from "vitest";
import { CheckpointPacker } from "../../projections/jobs/checkpoints.ts";

const stated = [
  { checkpointId: "step-100", at: 1_000, durationMs: 20, sinceLastMs: null },
  { checkpointId: "", at: 2_500, durationMs: 0, sinceLastMs: 1_500 },
  { checkpointId: "Schritt 7 ✓", at: 2_500, durationMs: 90_000, sinceLastMs: 0 },
  { checkpointId: "step-100", at: 8.64e15, durationMs: 1, sinceLastMs: null },
];

function packed() {
  const packer = new CheckpointPacker();
  for (const each of stated) packer.add(each);
  return packer;
}

test("packed checkpoints are read as they were stated, and are a list as JSON", () => {
  const checkpoints = packed().packed();
  expect([checkpoints.length, checkpoints.lastAt]).toEqual([stated.length, 8.64e15]);
  expect([...checkpoints]).toEqual(stated);
  expect(JSON.stringify(checkpoints)).toBe(JSON.stringify(stated));
});

test("those of a window are complete from its start on, and before its end", () => {
  const found: unknown[] = [];
  packed()
    .packed()
    .eachIn(1_000, 2_500, (durationMs) => found.push(durationMs));
  packed()
    .packed()
    .eachIn(2_500, 2_501, (durationMs, sinceLastMs) => found.push([durationMs, sinceLastMs]));
  expect(found).toEqual([20, [0, 1_500], [90_000, 0]]);
});

test("the latest of an id counts, from a run's first on", () => {
  expect(packed().completions(0).get("step-100")).toBe(8.64e15);
  expect([...packed().completions(1).keys()]).toEqual(["", "Schritt 7 ✓", "step-100"]);
});
