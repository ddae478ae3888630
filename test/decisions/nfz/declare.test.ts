/** Declaring a no-fly zone: what is recorded, and what is refused. */
import { describe, expect, test } from "vitest";
import type { DeclareBody } from "../../../src/decisions/nfz/declare.ts";
import { afternoon, expectRefused, freeze, nfzLedger, noon, weekly } from "./nfz-ledger.ts";

describe("a declaration", () => {
  test("makes one event a cluster, by name, in one stream, and the answer says where it holds", async () => {
    await using at = await nfzLedger("beta", "alpha");
    const answer = await at.declare(freeze({ clusters: ["beta", "alpha", "beta"] }));
    expect(answer).toMatchObject({
      nfz: "freeze",
      outcome: "appended",
      at: noon,
      asOf: { sequence: 4 },
      clusters: [
        {
          cluster: "alpha",
          occurrences: [afternoon],
          resolvedUntil: null,
          event: { type: "NfzDeclared", stream: "nfz-freeze", revision: "0", sequence: 3 },
        },
        { cluster: "beta", event: { revision: "1", sequence: 4 } },
      ],
      leftOut: [],
    });
    const [first, second] = await at.events("freeze");
    expect(first).toMatchObject({
      id: answer.clusters[0]?.event?.id,
      data: { nfz: "freeze", cluster: "alpha", inFlight: "finish", occurrences: [afternoon] },
      attribution: { actor: "ann", decision: { command: "declare", sequence: 2 } },
    });
    expect(first?.data).not.toHaveProperty("tzdata");
    expect(second?.data).toMatchObject({ cluster: "beta" });
  });

  test('for "all" holds in the clusters that are known by then and that the caller may see', async () => {
    await using at = await nfzLedger("alpha", "beta", "gamma");
    await at.state("ClusterRegistered", "2026-04-15T12:04:00Z", { cluster: "later" });
    const answer = await at.declare(freeze({ clusters: "all" }), {
      caller: { clusters: new Set(["gamma", "alpha", "later"]) },
    });
    expect(answer.clusters.map(({ cluster }) => cluster)).toEqual(["alpha", "gamma"]);
  });

  test("begins when it is decided where it does not say", async () => {
    await using at = await nfzLedger();
    const answer = await at.declare(freeze({ occurrences: [{ to: afternoon.to }] }));
    expect(answer.clusters[0]?.occurrences).toEqual([{ from: noon, to: afternoon.to }]);
  });

  test("of a rule records occurrences, horizon and zone table", async () => {
    await using at = await nfzLedger();
    const answer = await at.declare(weekly({ noFastPath: true }));
    const [cluster] = answer.clusters;
    expect(cluster?.occurrences.slice(0, 2)).toEqual([
      { from: "2026-04-18T20:00:00.000Z", to: "2026-04-18T22:00:00.000Z" },
      { from: "2026-04-25T20:00:00.000Z", to: "2026-04-25T22:00:00.000Z" },
    ]);
    // 400 days after its start, which is later than the decision.
    expect(cluster?.resolvedUntil).toBe("2027-05-23T20:00:00.000Z");
    const [event] = await at.events("weekly");
    expect(event?.data).toMatchObject({ noFastPath: true, tzdata: expect.any(String) });
  });

  test("comes at least a millisecond after every decision of its process", async () => {
    await using at = await nfzLedger();
    at.deciding.onDecided(Date.parse("2026-04-15T12:00:00.500Z"));
    expect((await at.declare(freeze())).at).toBe("2026-04-15T12:00:00.501Z");
    at.setClock("2026-04-15T11:00:00Z");
    expect((await at.declare(freeze({ nfz: "other" }))).at).toBe("2026-04-15T12:00:00.502Z");
  });
});

describe("an id that is there", () => {
  test("for one of the clusters is refused", async () => {
    await using at = await nfzLedger("alpha", "beta");
    await at.declare(freeze());
    const error = await expectRefused(
      at.declare(freeze({ clusters: ["alpha", "beta"] })),
      "nfz-exists",
    );
    expect(error.extra).toMatchObject({
      nfz: "freeze",
      asOf: { sequence: 3 },
      event: null,
      clusters: [],
      leftOut: ["alpha", "beta"],
    });
    expect(await at.events("freeze")).toHaveLength(1);
  });

  test("for other clusters is added to further ones with the same times, scope and policy", async () => {
    await using at = await nfzLedger("alpha", "beta");
    const scope = { racks: ["r1"] };
    await at.declare(weekly({ scope, noFastPath: false }));
    at.setClock("2026-06-01T00:00:00Z");
    const answer = await at.declare(weekly({ scope, clusters: ["beta"] }));
    expect(answer.clusters.map(({ cluster }) => cluster)).toEqual(["beta"]);
    expect(answer.clusters[0]?.occurrences[0]?.from).toBe("2026-06-06T20:00:00.000Z");
  });

  test.each<[string, Partial<DeclareBody>]>([
    ["times", { occurrences: [{ ...afternoon, to: "2026-04-15T16:00:00Z" }] }],
    ["scope", { scope: { racks: ["r2"] } }],
    ["policy for what is in flight", { inFlight: "pause" }],
    ["word about the fast path", { noFastPath: true }],
    ["kind of times", { occurrences: undefined, recurrence: weekly().recurrence }],
  ])("for other clusters is refused to further ones with another %s", async (_what, other) => {
    await using at = await nfzLedger("alpha", "beta");
    await at.declare(freeze());
    await at.declare(freeze({ nfz: "same" }));
    await at.declare(freeze({ nfz: "same", clusters: ["beta"] }));
    await expectRefused(at.declare(freeze({ clusters: ["beta"], ...other })), "nfz-exists");
    expect(await at.events("freeze")).toHaveLength(1);
  });

  test("only for clusters that the caller may not see is refused, and they are not named", async () => {
    await using at = await nfzLedger("alpha", "beta");
    await at.declare(freeze());
    const caller = { clusters: new Set(["beta"]) };
    const error = await expectRefused(
      at.declare(freeze({ clusters: ["beta"] }), { caller }),
      "nfz-exists",
    );
    expect(error.message).not.toContain("alpha");
  });

  test("of a declaration that was retracted is free", async () => {
    await using at = await nfzLedger();
    const { clusters } = await at.declare(freeze());
    await at.state("FactRetracted", noon, { eventId: clusters[0]?.event?.id });
    expect((await at.declare(freeze())).outcome).toBe("appended");
  });
});

describe("a declaration is refused", () => {
  test.each<[string, Partial<DeclareBody>, string]>([
    ["whose id is a word of addresses", { nfz: "preview" }, "/nfz"],
    ["for no cluster", { clusters: [] }, "/clusters"],
    ["with an empty list in its scope", { scope: { racks: [] } }, "/scope/racks"],
    ["without times", { occurrences: undefined }, "/occurrences"],
    ["with times of both kinds", { recurrence: weekly().recurrence }, "/occurrences"],
  ])("%s as an invalid request that names the member", async (_why, wrong, path) => {
    await using at = await nfzLedger();
    const error = await expectRefused(at.declare(freeze(wrong)), "invalid-request");
    expect(error.errors.map((each) => each.path)).toEqual([path]);
  });

  test("with a rule of another form as an invalid request that names its part", async () => {
    await using at = await nfzLedger();
    const rule = { ...weekly().recurrence, rrule: "FREQ=WEEKLY;BYHOUR=3" } as never;
    const error = await expectRefused(at.declare(weekly({ recurrence: rule })), "invalid-request");
    expect(error.errors[0]?.path).toBe("/recurrence/rrule");
  });

  test("for a cluster that is not there, or that the caller may not see, before anything else of its state", async () => {
    await using at = await nfzLedger("alpha", "beta");
    await at.declare(freeze());
    const error = await expectRefused(
      at.declare(freeze({ clusters: ["alpha", "none"] })),
      "not-found",
    );
    expect(error.errors).toEqual([{ path: "/clusters/1", message: "is not known" }]);
    const caller = { clusters: new Set(["beta"]) };
    await expectRefused(at.declare(freeze(), { caller }), "not-found");
  });

  test.each<[string, string, DeclareBody]>([
    ["ended", "that is over", freeze({ occurrences: [{ to: "2026-04-15T12:00:00Z" }] })],
    [
      "empty",
      "that ends where it begins",
      freeze({ occurrences: [{ from: afternoon.from, to: afternoon.from }] }),
    ],
    [
      "in-the-past",
      "that began more than five minutes ago",
      freeze({ occurrences: [{ from: "2026-04-15T11:54:59.999Z", to: afternoon.to }] }),
    ],
    [
      "duration",
      "that lasts longer than 366 days",
      freeze({ occurrences: [{ to: "2027-04-16T12:00:00.001Z" }] }),
    ],
    [
      "same-start",
      "that begins when another does",
      freeze({ occurrences: [afternoon, { ...afternoon, to: "2026-04-15T14:00:00Z" }] }),
    ],
    [
      "local-time-skipped",
      "by a rule whose start the clocks skip",
      weekly({
        recurrence: {
          rrule: "FREQ=YEARLY;BYMONTH=3",
          start: "2027-03-28T02:30",
          zone: "Europe/Amsterdam",
          durationMs: 60_000,
        },
      }),
    ],
  ])("as %s for an occurrence %s", async (because, _what, body) => {
    await using at = await nfzLedger();
    const error = await expectRefused(at.declare(body), "window-refused", because);
    expect(error.extra).toMatchObject({ clusters: [], leftOut: ["alpha"], event: null });
    expect(await at.events(body.nfz)).toEqual([]);
  });
});
