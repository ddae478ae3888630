/** A command on a no-fly zone that is sent again is answered as at first, whatever has happened since. */
import { expect, test } from "vitest";
import { afternoon, expectRefused, freeze, nfzLedger, noon, weekly } from "./nfz-ledger.ts";

const id = "00000000-0000-4000-8000-00000000abcd";
const occurrence = afternoon.from;

test("a declaration sent again is answered with its events, although it was cancelled since", async () => {
  await using at = await nfzLedger("alpha", "beta");
  const body = weekly({ clusters: "all" });
  const first = await at.declare(body, { id });
  await at.change({ nfz: "weekly" }, { name: "cancel" });
  await at.state("ClusterRegistered", noon, { cluster: "aaa" });
  at.setClock("2026-08-01T00:00:00Z");
  const again = await at.declare(body, { id });
  expect(again).toEqual({ ...first, outcome: "repeated" });
  expect(await at.events("weekly")).toHaveLength(4);
});

test("a change sent again is answered as at first, with the clusters that it left out", async () => {
  await using at = await nfzLedger("alpha", "beta");
  await at.declare(freeze({ clusters: "all" }));
  await at.change({ nfz: "freeze", clusters: ["alpha"] }, { name: "cancel" });
  const skip = { name: "skip", occurrence } as const;
  const first = await at.change({ nfz: "freeze" }, skip, { id });
  await at.change({ nfz: "freeze" }, { name: "cancel" });
  const again = await at.change({ nfz: "freeze" }, skip, { id });
  expect(again).toEqual({ ...first, outcome: "repeated" });
  expect(again.leftOut).toEqual(["alpha"]);
});

test("an id that another command used is refused, of this zone or of another", async () => {
  await using at = await nfzLedger();
  await at.declare(freeze(), { id });
  await expectRefused(at.declare(freeze({ nfz: "other" }), { id }), "id-conflict");
  await expectRefused(at.change({ nfz: "freeze" }, { name: "cancel" }, { id }), "id-conflict");
  expect(await at.events("freeze")).toHaveLength(1);
});

test("an id under which nothing was appended is free", async () => {
  await using at = await nfzLedger();
  await at.declare(freeze());
  await expectRefused(at.change({ nfz: "freeze" }, { name: "lift" }, { id }), "nfz-over");
  at.setClock("2026-04-15T14:00:00Z");
  expect((await at.change({ nfz: "freeze" }, { name: "lift" }, { id })).outcome).toBe("appended");
});

test("of two who change one zone at once, both are carried out, one after the other", async () => {
  await using at = await nfzLedger();
  await at.declare(freeze());
  const [one, other] = await Promise.all([
    at.change({ nfz: "freeze" }, { name: "skip", occurrence }),
    at.change({ nfz: "freeze" }, { name: "cancel" }),
  ]);
  expect([one.outcome, other.outcome]).toEqual(["appended", "appended"]);
  expect(Date.parse(other.at) - Date.parse(one.at)).toBeGreaterThanOrEqual(1);
});
