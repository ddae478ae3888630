/** What two instances on one store decide. */
import { randomUUID } from "node:crypto";
import { afterAll, describe, expect, test } from "vitest";
import type { RolloutAnswer } from "../../src/decisions/rollouts/answer.ts";
import { randomRuns } from "../random-runs.ts";
import { type Instance, eventsOf, refusedWith, twoInstances } from "./deciding-instance.ts";
import { leavesOf, ledgerOn } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);

async function typesOf(instance: Instance, stream: string): Promise<string[]> {
  return (await eventsOf(instance, stream)).map(({ type }) => type);
}

describe.skipIf(whyNoServer !== null)("two instances on one store", () => {
  test("take a command up where the other has just left off", async () => {
    const runs = randomRuns(20);
    const [one, other] = await twoInstances(ledgerOn(await sharedServer()).name, namesOf(runs));
    for (let i = 0; i < runs; i++) {
      const rollout = `r${i}`;
      await one.submit(rollout, `n${i}`);
      expect(await other.start(rollout)).toMatchObject({
        outcome: "appended",
        state: "in-progress",
      });
      expect(await one.command(rollout, { name: "pause" })).toMatchObject({ state: "paused" });
      expect(await other.command(rollout, { name: "fail" })).toMatchObject({ state: "failed" });
      expect(await one.command(rollout, { name: "fail" })).toMatchObject({ outcome: "already" });
    }
  });

  test("start a rollout once if both are asked to at the same time", async () => {
    const runs = randomRuns(20);
    const [one, other] = await twoInstances(ledgerOn(await sharedServer()).name, namesOf(runs));
    for (let i = 0; i < runs; i++) {
      const rollout = `r${i}`;
      await one.submit(rollout, `n${i}`);
      const answers = await Promise.all([one.start(rollout), other.start(rollout)]);
      expect(answers.map(({ outcome }) => outcome).sort()).toEqual(["already", "appended"]);
      expect(new Set(answers.map(({ event }) => event?.id)).size).toBe(1);
      expect(await typesOf(one, `rollout-${rollout}`)).toEqual([
        "RolloutSubmitted",
        "RolloutStarted",
      ]);
    }
  });

  test("carry a command out once that is sent to both with one id, and the other repeats the answer", async () => {
    // The server leaves the second of two appends with the same ids without an answer for two seconds.
    const runs = randomRuns(4);
    const [one, other] = await twoInstances(ledgerOn(await sharedServer()).name, namesOf(runs));
    const told = new Map<string, number>();
    for (let i = 0; i < runs; i++) {
      const rollout = `r${i}`;
      await one.submit(rollout, `n${i}`);
      const starts = randomUUID();
      const answers = await Promise.all([one, other].map((each) => each.start(rollout, starts)));
      const [first, second] = answers.map(shown);
      expect(second).toEqual(first);
      const outcomes = answers
        .map(({ outcome }) => outcome)
        .sort()
        .join();
      told.set(outcomes, (told.get(outcomes) ?? 0) + 1);
      const ids = (await eventsOf(other, `rollout-${rollout}`)).map(({ id }) => id);
      expect(ids.slice(1)).toEqual([starts]);
    }
    // In one millisecond both may make the same event, to the byte: then either says that it appended it.
    for (const outcomes of told.keys())
      expect(["appended,repeated", "appended,appended"]).toContain(outcomes);
  });

  test("record the refusal of one ask once, whichever of them is asked again", async () => {
    const [one, other] = await twoInstances(ledgerOn(await sharedServer()).name, ["n1"]);
    await one.submit("r1", "n1");
    await one.declare("z1", "n1", "pause");
    const { sequence } = await one.ledger.store.head();
    await other.ledger.waitFor(sequence, 600_000);
    for (const each of [one, other, one, other])
      expect(await refusedWith("nfz-in-force", each.start("r1"))).toBeNull();
    expect(await typesOf(other, "rollout-r1")).toEqual(["RolloutSubmitted", "RolloutBlocked"]);
  });

  test("declare one zone of an id if both are asked to at the same time", async () => {
    const [one, other] = await twoInstances(ledgerOn(await sharedServer()).name, ["n1"]);
    const both = [one.declare("z1", "n1", "pause"), other.declare("z1", "n1", "rollback")];
    const answers = await Promise.all(both.map((each) => refusedWith("nfz-exists", each)));
    expect(answers.filter((each) => each !== null).length).toBe(1);
    expect(await typesOf(one, "nfz-z1")).toEqual(["NfzDeclared"]);
  });

  test("hold the same events, decisions and all, and fill a third mirror with them", async () => {
    const on = ledgerOn(await sharedServer());
    const [one, other] = await twoInstances(on.name, ["n1"]);
    await one.submit("r1", "n1");
    await other.start("r1");
    const { sequence } = await other.ledger.store.head();
    const third = await on.open();
    const events = [];
    for await (const batch of third.readAll(0)) events.push(...batch);
    expect(events.length).toBe(sequence);
    const [start] = events.filter(({ type }) => type === "RolloutStarted");
    const { request: _hash, ...decision } = start?.attribution.decision ?? {};
    expect(decision).toEqual({ command: "start", sequence: sequence - 1 });
    expect(await third.firstDecision()).toBe(sequence - 1);
    expect(await leavesOf(third)).toHaveLength(sequence);
  });
});

/** What an answer says, but for whether it is the first one. */
function shown({ outcome: _first, ...answer }: RolloutAnswer): object {
  return answer;
}
