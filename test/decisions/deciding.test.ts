/** What a process knows of decisions that were made: after a start anew too. */
import { expect, it } from "vitest";
import { deciding } from "../../src/decisions/command/deciding.ts";
import { hour, iso } from "../projections/history.ts";
import { rolloutLedger } from "./rollouts/rollout-ledger.ts";

it("a process that is started anew knows the instant of the last decision of the one before", async () => {
  await using about = await rolloutLedger();
  await about.submit();
  // The start is decided after it, and so ahead of the clock.
  await about.state("RolloutBlocked", 4 / 60, { rollout: "r", cluster: "c", nfzIds: ["x"] });
  const { at } = (await about.ask({ name: "start" })) as { readonly at: string };
  expect(at).toBe(iso(hour(4 / 60) + 1));
  const anew = deciding(about.ledger);
  expect(iso(anew.latestDecisionAt())).toBe(at);
});

it("facts that others only reported are no decisions", async () => {
  await using about = await rolloutLedger();
  await about.state("RolloutStarted", 0, { rollout: "r", cluster: "c" });
  expect(deciding(about.ledger).latestDecisionAt()).toBe(0);
});
