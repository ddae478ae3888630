/** What timers record of declared rules: more occurrences in time, and others by another table of time zones. */
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { resolveNfzs } from "../../../src/decisions/nfz/resolve.ts";
import { commandRollout } from "../../../src/decisions/rollouts/rollouts.ts";
import { adoptNewestZones } from "../../../src/ledger/zone-tables.ts";
import { carryTable } from "../../../src/zones/carried-tables.ts";
import type { PackedTable } from "../../../src/zones/packed-table.ts";
import { expectRefused, freeze, nfzLedger, noon, weekly } from "./nfz-ledger.ts";

const weeklyIn2026 = {
  nfz: "reported",
  cluster: "alpha",
  inFlight: "pause",
  recurrence: weekly().recurrence,
  occurrences: [{ from: "2026-04-18T20:00:00Z", to: "2026-04-18T22:00:00Z" }],
  resolvedUntil: "2026-05-01T00:00:00Z",
  tzdata: "2026f",
};

test("further occurrences are recorded when less than 180 days are left, for all clusters of an NFZ in one append", async () => {
  await using at = await nfzLedger("alpha", "beta");
  await at.declare(weekly({ clusters: "all" }));
  await at.declare(freeze());
  await at.state("NfzDeclared", noon, weeklyIn2026);
  const last = Date.parse("2027-05-23T20:00:00Z");
  at.setClock(new Date(last - 180 * 86_400_000).toISOString());
  expect(await resolveNfzs(at.deciding)).toBe(0);
  const due = new Date(last - 180 * 86_400_000 + 1).toISOString();
  at.setClock(due);
  expect(await resolveNfzs(at.deciding)).toBe(2);
  const resolved = (await at.events("weekly")).slice(2);
  expect(resolved.map(({ data }) => data)).toMatchObject([
    {
      nfz: "weekly",
      cluster: "alpha",
      after: "2027-05-23T20:00:00.000Z",
      resolvedUntil: new Date(Date.parse(due) + 400 * 86_400_000).toISOString(),
    },
    { cluster: "beta" },
  ]);
  expect(resolved[0]).toMatchObject({
    type: "NfzResolved",
    attribution: { actor: "fleetledger", reason: "horizon", decision: { command: "resolve" } },
  });
  expect(resolved[0]?.attribution.decision).not.toHaveProperty("request");
  expect(await resolveNfzs(at.deciding)).toBe(0);
  expect(await at.events("reported")).toHaveLength(1);
});

test("nothing is recorded of a rule that was cancelled", async () => {
  await using at = await nfzLedger();
  await at.declare(weekly());
  await at.change({ nfz: "weekly" }, { name: "cancel" });
  at.setClock("2027-05-01T00:00:00Z");
  expect(await resolveNfzs(at.deciding)).toBe(0);
});

test("a rollout that asks after the last recorded occurrence meets the next one, which is recorded first", async () => {
  await using at = await nfzLedger();
  await at.declare(weekly());
  await at.state("RolloutSubmitted", noon, {
    rollout: "r",
    cluster: "alpha",
    updates: [{ component: "driver", version: "2" }],
    impact: { kind: "impactless" },
    urgency: "routine",
  });
  // A Saturday a week after all that is recorded.
  at.setClock("2027-05-29T21:00:00Z");
  const asked = {
    command: "start",
    caller: { actor: "ann", roles: null, clusters: null },
    said: {},
    id: "00000000-0000-4000-8000-00000000beef",
    request: "0".repeat(64),
    minSequence: 0,
  };
  const starting = commandRollout(at.deciding, asked, { rollout: "r" }, { name: "start" });
  const error = await expectRefused(starting, "nfz-in-force");
  expect(error.extra).toMatchObject({
    nfzs: [{ nfz: "weekly", from: "2027-05-29T20:00:00.000Z", to: "2027-05-29T22:00:00.000Z" }],
    nextStart: "2027-05-29T22:00:00.000Z",
  });
  expect((await at.events("weekly")).map(({ type }) => type)).toEqual([
    "NfzDeclared",
    "NfzResolved",
  ]);
});

test("what runs after the last recorded occurrence is recorded first, and can then be lifted", async () => {
  await using at = await nfzLedger();
  await at.declare(weekly());
  at.setClock("2027-05-29T21:00:00Z");
  const { clusters } = await at.change({ nfz: "weekly" }, { name: "lift" });
  expect(clusters[0]?.occurrences).toContainEqual({
    from: "2027-05-29T20:00:00.000Z",
    to: "2027-05-29T21:00:00.001Z",
  });
});

/** The shipped table, in which Amsterdam's clocks are those of Tokyo. */
function tokyoInAmsterdam(): PackedTable {
  const shipped = createRequire(import.meta.url)(
    "moment-timezone/data/packed/latest.json",
  ) as PackedTable;
  const tokyo = shipped.zones.find((zone) => zone.startsWith("Asia/Tokyo|")) ?? "";
  const links = shipped.links.filter((link) => !link.endsWith("|Europe/Amsterdam"));
  const zones = shipped.zones.filter((zone) => !zone.startsWith("Europe/Amsterdam|"));
  zones.push(tokyo.replace("Asia/Tokyo", "Europe/Amsterdam"));
  return { version: "2099z", links, zones };
}

test("what is to come is recorded anew by the table that the ledger adopts, save what somebody changed", async () => {
  await using at = await nfzLedger();
  await at.declare(weekly());
  const inNewYork = { ...weekly().recurrence, zone: "America/New_York" } as never;
  await at.declare(weekly({ nfz: "elsewhere", recurrence: inNewYork }));
  const named = "2026-04-25T20:00:00.000Z";
  const to = "2026-04-25T23:00:00.000Z";
  await at.change({ nfz: "weekly" }, { name: "extend", occurrence: named, to });
  expect(await resolveNfzs(at.deciding)).toBe(0);

  carryTable(tokyoInAmsterdam());
  at.setClock("2026-04-20T00:00:00Z");
  expect(await resolveNfzs(at.deciding)).toBe(0);
  await adoptNewestZones(at.ledger, { nowMs: () => at.ledger.nowMs() });
  await at.ledger.waitFor((await at.ledger.store.head()).sequence, 600_000);
  expect(await resolveNfzs(at.deciding)).toBe(1);

  const event = (await at.events("weekly")).at(-1);
  expect(event).toMatchObject({
    attribution: { reason: "zone table 2099z" },
    data: {
      after: "2026-04-20T00:00:00.000Z",
      resolvedUntil: "2027-05-23T20:00:00.000Z",
      tzdata: "2099z",
    },
  });
  const occurrences = at.ledger.view("alpha").entity("nfz", "weekly")?.occurrences ?? [];
  expect(occurrences.slice(0, 3).map(({ from }) => new Date(from).toISOString())).toEqual([
    "2026-04-18T20:00:00.000Z",
    named,
    "2026-05-02T13:00:00.000Z",
  ]);
  expect(await resolveNfzs(at.deciding)).toBe(0);
});
