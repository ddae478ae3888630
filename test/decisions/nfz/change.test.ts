/** Changing a no-fly zone: each change, and every refusal of it. */
import { describe, expect, test } from "vitest";
import type { NfzChange } from "../../../src/decisions/nfz/change.ts";
import type { NfzLedger } from "./nfz-ledger.ts";
import { afternoon, expectRefused, freeze, nfzLedger, noon, weekly } from "./nfz-ledger.ts";

/** When the zone is declared already, and has not begun. */
const soon = "2026-04-15T12:00:01.000Z";
const during = "2026-04-15T14:00:00.000Z";
const after = "2026-04-15T15:00:00.000Z";
const occurrence = afternoon.from;
const zone = { nfz: "freeze" };

/** One occurrence, in the afternoon; the clock is set after it was declared. */
async function frozen(clock = soon, ...clusters: string[]): Promise<NfzLedger> {
  const at = await nfzLedger(...clusters);
  await at.declare(freeze({ clusters: "all" }));
  at.setClock(clock);
  return at;
}

async function occurrencesAfter(at: NfzLedger, change: NfzChange) {
  const { clusters, outcome } = await at.change(zone, change);
  return { outcome, occurrences: clusters[0]?.occurrences };
}

describe("a change", () => {
  test("extends an occurrence, also one that runs", async () => {
    await using at = await frozen(during);
    const to = "2026-04-15T18:00:00.000Z";
    expect(await occurrencesAfter(at, { name: "extend", occurrence, to })).toEqual({
      outcome: "appended",
      occurrences: [{ from: occurrence, to }],
    });
    const [, event] = await at.events("freeze");
    expect(event).toMatchObject({
      type: "NfzExtended",
      occurredAt: Date.parse(during),
      data: { nfz: "freeze", cluster: "alpha", occurrence, to },
      attribution: { reason: "a test", decision: { command: "extend", sequence: 2 } },
    });
  });

  test("takes instants with any offset, and records them in UTC", async () => {
    await using at = await frozen();
    const to = "2026-04-15T20:00:00+02:00";
    const change = { name: "extend", occurrence: "2026-04-15T15:00:00+02:00", to } as const;
    expect((await occurrencesAfter(at, change)).occurrences).toEqual([
      { from: occurrence, to: "2026-04-15T18:00:00.000Z" },
    ]);
  });

  test("shortens an occurrence", async () => {
    await using at = await frozen();
    expect(
      (await occurrencesAfter(at, { name: "shorten", occurrence, to: during })).occurrences,
    ).toEqual([{ from: occurrence, to: during }]);
  });

  test("skips an occurrence that has not begun, and an extension brings it back", async () => {
    await using at = await frozen();
    const skipped = await at.change(zone, { name: "skip", occurrence });
    expect(skipped.clusters[0]?.occurrences).toEqual([{ from: occurrence, to: occurrence }]);
    expect((await at.events("freeze"))[1]?.type).toBe("NfzShortened");
    const again = await at.change(zone, { name: "skip", occurrence });
    expect(again).toMatchObject({
      outcome: "already",
      clusters: [{ event: skipped.clusters[0]?.event }],
      asOf: { sequence: 3 },
    });
    const back = await occurrencesAfter(at, { name: "extend", occurrence, to: after });
    expect(back.occurrences).toEqual([afternoon]);
  });

  test("lifts what runs at once", async () => {
    await using at = await frozen(during);
    expect(await occurrencesAfter(at, { name: "lift" })).toEqual({
      outcome: "appended",
      occurrences: [{ from: occurrence, to: during }],
    });
  });

  test("cancels what runs and what is to come, and the rule with it", async () => {
    await using at = await nfzLedger();
    await at.declare(weekly());
    at.setClock("2026-04-18T21:00:00Z");
    const { clusters } = await at.change({ nfz: "weekly" }, { name: "cancel" });
    expect(clusters).toMatchObject([
      {
        occurrences: [{ from: "2026-04-18T20:00:00.000Z", to: "2026-04-18T21:00:00.000Z" }],
        resolvedUntil: null,
      },
    ]);
  });

  test("cancels a rule whose recorded occurrences are all over, for more would come", async () => {
    await using at = await nfzLedger();
    await at.declare(weekly());
    at.setClock("2027-06-01T00:00:00Z");
    expect((await at.change({ nfz: "weekly" }, { name: "cancel" })).outcome).toBe("appended");
    await expectRefused(at.change({ nfz: "weekly" }, { name: "cancel" }), "nfz-over");
  });

  test("of a zone that was only reported is decided in the same way", async () => {
    await using at = await nfzLedger();
    await at.state("NfzDeclared", noon, {
      nfz: "freeze",
      cluster: "alpha",
      inFlight: "pause",
      occurrences: [afternoon],
    });
    expect((await at.change(zone, { name: "cancel" })).clusters[0]?.occurrences).toEqual([]);
  });
});

describe("a change is refused", () => {
  const extend = (to: string, named = occurrence): NfzChange => ({
    name: "extend",
    occurrence: named,
    to,
  });
  const shorten = (to: string, named = occurrence): NfzChange => ({
    name: "shorten",
    occurrence: named,
    to,
  });

  test.each<[string, NfzChange, string, string, string | undefined]>([
    ["extends what is not there", extend(after, noon), soon, "not-found", undefined],
    ["shortens what is not there", shorten(after, noon), soon, "not-found", undefined],
    ["skips what is not there", { name: "skip", occurrence: noon }, soon, "not-found", undefined],
    ["extends what has ended", extend("2026-04-16T00:00:00Z"), after, "occurrence-over", undefined],
    ["shortens what has ended", shorten(during), after, "occurrence-over", undefined],
    [
      "skips what has begun",
      { name: "skip", occurrence },
      afternoon.from,
      "occurrence-over",
      undefined,
    ],
    ["lifts before it begins", { name: "lift" }, soon, "nfz-over", undefined],
    ["lifts after its end", { name: "lift" }, after, "nfz-over", undefined],
    ["cancels after its end", { name: "cancel" }, after, "nfz-over", undefined],
    ["extends to the same end", extend(after), soon, "window-refused", "not-later"],
    ["extends to an earlier end", extend(during), soon, "window-refused", "not-later"],
    ["shortens to the same end", shorten(after), soon, "window-refused", "not-earlier"],
    [
      "shortens to a later end",
      shorten("2026-04-15T16:00:00Z"),
      soon,
      "window-refused",
      "not-earlier",
    ],
    ["shortens to its start", shorten(occurrence), soon, "window-refused", "ended"],
    [
      "shortens to what is over",
      shorten("2026-04-15T13:30:00Z"),
      during,
      "window-refused",
      "ended",
    ],
    [
      "makes it longer than 366 days",
      extend("2027-04-16T13:00:00.001Z"),
      soon,
      "window-refused",
      "duration",
    ],
  ])("that %s", async (_what, change, clock, code, because) => {
    await using at = await frozen(clock);
    const error = await expectRefused(at.change(zone, change), code as never, because);
    expect(error.extra).toMatchObject({
      nfz: "freeze",
      at: clock,
      asOf: { sequence: 2 },
      event: null,
      clusters: [],
      leftOut: ["alpha"],
    });
    expect(await at.events("freeze")).toHaveLength(1);
  });

  test("of a zone that is not there, or that is only where the caller may not look", async () => {
    await using at = await frozen(soon, "alpha", "beta");
    const error = await expectRefused(at.change({ nfz: "none" }, { name: "lift" }), "not-found");
    expect(error.extra.nfz).toBe("none");
    const caller = { clusters: new Set(["gamma"]) };
    await expectRefused(at.change(zone, { name: "cancel" }, { caller }), "not-found");
  });

  test("in a cluster that is not known", async () => {
    await using at = await frozen();
    const error = await expectRefused(
      at.change({ nfz: "freeze", clusters: ["none"] }, { name: "cancel" }),
      "not-found",
    );
    expect(error.errors).toEqual([{ path: "/clusters/0", message: "is not known" }]);
  });
});

describe("a change of a zone over several clusters", () => {
  test("holds in all of them, in one append", async () => {
    await using at = await frozen(soon, "alpha", "beta");
    const { clusters } = await at.change(zone, { name: "skip", occurrence });
    expect(clusters.map(({ cluster, event }) => [cluster, event?.revision])).toEqual([
      ["alpha", "2"],
      ["beta", "3"],
    ]);
  });

  test("holds in the clusters that are named, and in those that the caller may see", async () => {
    await using at = await frozen(soon, "alpha", "beta", "gamma");
    const named = await at.change(
      { nfz: "freeze", clusters: ["gamma", "gamma"] },
      { name: "skip", occurrence },
    );
    expect(named.clusters.map(({ cluster }) => cluster)).toEqual(["gamma"]);
    const caller = { clusters: new Set(["beta"]) };
    const seen = await at.change(zone, { name: "cancel" }, { caller });
    expect(seen.clusters.map(({ cluster }) => cluster)).toEqual(["beta"]);
  });

  test("leaves out and names the clusters in which it does not apply", async () => {
    await using at = await frozen(during, "alpha", "beta");
    await at.change({ nfz: "freeze", clusters: ["alpha"] }, { name: "lift" });
    const answer = await at.change(zone, { name: "lift" });
    expect(answer).toMatchObject({ clusters: [{ cluster: "beta" }], leftOut: ["alpha"] });
  });

  test("is refused as in the first of them by name where it applies in none", async () => {
    await using at = await frozen(soon, "alpha", "beta");
    await at.change({ nfz: "freeze", clusters: ["alpha"] }, { name: "cancel" });
    const error = await expectRefused(
      at.change(zone, { name: "extend", occurrence, to: during }),
      "not-found",
    );
    expect(error.message).toContain("freeze in alpha");
    expect(error.extra.leftOut).toEqual(["alpha", "beta"]);
  });

  test("is done already where it is so in each of them in which it applies", async () => {
    await using at = await frozen(soon, "alpha", "beta");
    await at.change({ nfz: "freeze", clusters: ["alpha"] }, { name: "cancel" });
    const skip = { name: "skip", occurrence } as const;
    expect(await at.change(zone, skip)).toMatchObject({ leftOut: ["alpha"] });
    const again = await at.change(zone, skip);
    expect(again).toMatchObject({
      outcome: "already",
      clusters: [{ cluster: "beta" }],
      leftOut: ["alpha"],
    });
  });
});
