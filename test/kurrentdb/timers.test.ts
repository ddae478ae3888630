/** Timers of several instances on one store: who sweeps, and that two that do are no more than one. */
import { afterAll, describe, expect, test } from "vitest";
import { randomRuns } from "../random-runs.ts";
import { eventsOf, refusedWith, twoInstances } from "./deciding-instance.ts";
import { ledgerOn, until } from "./ledger-on-server.ts";
import { sayWhySkipped, sharedServer, stopSharedServer, whyNoServer } from "./server.ts";

sayWhySkipped(whyNoServer);
afterAll(stopSharedServer);

const namesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);

describe.skipIf(whyNoServer !== null)("two instances on one store", () => {
  test("stop and release each rollout once even if both drive timers", async () => {
    const count = 8;
    const on = ledgerOn(await sharedServer());
    const [one, other] = await twoInstances(on.name, namesOf(count), "always");
    for (let i = 0; i < count; i++) {
      await one.submit(`r${i}`, `n${i}`);
      await one.start(`r${i}`);
    }
    for (let i = 0; i < count; i++) await other.declare(`z${i}`, `n${i}`, "pause");
    const states = async (type: string): Promise<number[]> =>
      await Promise.all(
        namesOf(count).map(
          async (_, i) =>
            (await eventsOf(one, `rollout-r${i}`)).filter((each) => each.type === type).length,
        ),
      );
    const once = Array.from({ length: count }, () => 1);
    await until(async () => (await states("RolloutBlocked")).every((each) => each > 0));
    for (let i = 0; i < count; i++) await one.lift(`z${i}`);
    await until(async () => (await states("RolloutUnblocked")).every((each) => each > 0));
    // Once more of each: whatever is still on its way has had its turn by then.
    for (const { sweeper } of [one, other]) await sweeper?.sweepAll();
    for (const type of ["RolloutPaused", "RolloutBlocked", "RolloutUnblocked"])
      expect([type, await states(type)]).toEqual([type, once]);
    expect([one.failures, other.failures]).toEqual([[], []]);
  });

  test("meet a start that slipped past a zone also while nobody drives timers", async () => {
    const runs = randomRuns(200);
    const on = ledgerOn(await sharedServer());
    const [one, other] = await twoInstances(on.name, namesOf(runs), "never");
    for (let i = 0; i < runs; i++) {
      const [rollout, nfz, node] = [`r${i}`, `z${i}`, `n${i}`];
      await one.submit(rollout, node);
      const [started] = await Promise.all([
        refusedWith("nfz-in-force", one.start(rollout)),
        other.declare(nfz, node, "pause"),
      ]);
      const [declared] = await eventsOf(other, `nfz-${nfz}`);
      const starts = started?.event?.sequence ?? 0;
      if (declared === undefined || declared.sequence > starts) continue;
      const isMet = async (): Promise<boolean> =>
        (await eventsOf(one, `rollout-${rollout}`)).some(({ type }) => type === "RolloutPaused");
      await until(isMet);
      const types = (await eventsOf(one, `rollout-${rollout}`)).map(({ type }) => type);
      expect(types.slice(2)).toEqual(["RolloutPaused", "RolloutBlocked"]);
      return;
    }
    throw new Error(`of ${runs} starts that raced a zone none slipped past it`);
  });
});
