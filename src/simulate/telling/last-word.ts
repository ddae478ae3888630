/** The last that a simulation says. */
import type { CoTestTruth } from "../setting/history.ts";
import type { Random } from "../setting/prng.ts";
import type { StatedFact } from "../setting/reporter.ts";

/** A fact that touches no figure of the fleet, recorded at the very end: up to there the ledger is told of everything. */
export function lastWord(random: Random, endMs: number) {
  const updates = [
    { component: "driver", version: "9.1.0" },
    { component: "kernel", version: "6.30.2" },
  ];
  const id = random.uuid();
  const at = endMs - 1;
  const test: CoTestTruth = {
    id,
    at,
    cluster: null,
    environment: "",
    updates,
    hasPassed: true,
  };
  const fact: StatedFact = {
    id,
    type: "CoTestPassed",
    occurredAt: at,
    recordedAt: endMs,
    data: { coTest: "nightly", updates },
    source: "test-bench",
  };
  return { test, fact };
}
