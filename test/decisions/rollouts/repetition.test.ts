/** A command that is sent again is answered as at first, whatever was recorded since. */
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { sweepCluster } from "../../../src/decisions/sweeps/sweep.ts";
import { hour, iso } from "../../projections/history.ts";
import { type RolloutLedger, rolloutLedger } from "./rollout-ledger.ts";

const start = { name: "start" } as const;

async function frozen(): Promise<RolloutLedger> {
  const about = await rolloutLedger();
  const occurrences = [{ from: iso(hour(1)), to: iso(hour(4)) }];
  await about.state("NfzDeclared", 0, { nfz: "x", cluster: "c", occurrences, inFlight: "pause" });
  await about.submit();
  about.setClock(2);
  return about;
}

/** What must be the same in both answers. */
function withoutOutcome(answer: object): object {
  return { ...answer, outcome: null };
}

it("a start that an override let pass is answered with what covered it", async () => {
  await using about = await frozen();
  const override = { role: "approver", expiresAt: iso(hour(3)) };
  await about.ask({ name: "override", body: override });
  const id = randomUUID();
  const first = await about.ask(start, id);
  expect(first).toMatchObject({ state: "in-progress", covered: [{ nfz: "x" }] });
  about.setClock(3.5);
  await about.ask({ name: "fail" });
  expect(await about.ask(start, id)).toEqual({ ...first, outcome: "repeated" });
});

it("a refused start is answered with the same refusal, though facts came late and were corrected", async () => {
  await using about = await frozen();
  const id = randomUUID();
  const first = await about.ask(start, id);
  expect(first).toMatchObject({ code: "nfz-in-force", state: "blocked", nextStart: iso(hour(4)) });
  const late = await about.state("RolloutStarted", 1.5, { rollout: "r", cluster: "c" });
  await about.state("FactCorrected", 2, { eventId: late, occurredAt: iso(hour(1.75)) });
  await about.state("NfzLifted", 1.5, { nfz: "x", cluster: "c" });
  about.setClock(5);
  expect(withoutOutcome(await about.ask(start, id))).toEqual(withoutOutcome(first));
});

it("an override that was refused for its role is answered in the same words", async () => {
  await using about = await frozen();
  const id = randomUUID();
  const body = { role: "nobody", expiresAt: iso(hour(3)) };
  const first = await about.ask({ name: "override", body }, id);
  expect(first).toMatchObject({ code: "role-needed", roles: ["approver"] });
  expect(await about.ask({ name: "override", body }, id)).toEqual({
    ...first,
    outcome: "repeated",
  });
});

it("a resume is answered with both of its events", async () => {
  await using about = await frozen();
  about.setClock(0.5);
  await about.ask(start);
  about.setClock(2);
  await sweepCluster(about.deciding, "c");
  about.setClock(5);
  const id = randomUUID();
  const first = await about.ask({ name: "resume" }, id);
  expect(first).toMatchObject({
    event: { type: "RolloutUnblocked" },
    further: [{ type: "RolloutResumed" }],
  });
  await about.ask({ name: "pause" });
  expect(await about.ask({ name: "resume" }, id)).toEqual({ ...first, outcome: "repeated" });
});

it("an id that another command used is refused, and one under which nothing was recorded is free", async () => {
  await using about = await frozen();
  const id = randomUUID();
  expect(await about.ask({ name: "pause" }, id)).toMatchObject({ code: "transition-refused" });
  expect(await about.ask(start, id)).toMatchObject({ code: "nfz-in-force" });
  expect(await about.ask({ name: "cancel" }, id)).toMatchObject({ code: "id-conflict" });
});

it("a rollout whose own facts are ahead of the clock is swept after the last of them", async () => {
  await using about = await frozen();
  const ahead = 2 + 4 / 60;
  await about.state("RolloutStarted", ahead, { rollout: "r", cluster: "c" });
  const { swept } = await sweepCluster(about.deciding, "c");
  expect(swept).toMatchObject([{ rollout: "r", types: ["RolloutPaused", "RolloutBlocked"] }]);
  expect((await sweepCluster(about.deciding, "c")).swept).toEqual([]);
});
