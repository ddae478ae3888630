/** What is said when time makes it true: once, by one process, and found again by every other. */
import { describe, expect, test, vi } from "vitest";
import type { DataOf } from "../../../src/events/catalogue.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { Noticer } from "../../../src/sinks/notices/noticer.ts";
import { noticeId } from "../../../src/sinks/notices/notice.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { FakeTime } from "../fake-time.ts";

type NoticerOptions = ConstructorParameters<typeof Noticer>[0];
type Stated = readonly [occurredAt: string, type: string, data: object];

const cluster = "alpha";
const day = (n: number, time = "00:00:00") => `2026-04-${String(n).padStart(2, "0")}T${time}Z`;

async function state(ledger: Ledger, stated: readonly Stated[]): Promise<void> {
  for (const [occurredAt, type, data] of stated) {
    const [submission] = await ledger.submit([
      anEvent({ occurredAt, type, data: { cluster, ...data } }),
    ]);
    if (submission?.status !== "appended") throw new Error(JSON.stringify(submission));
  }
}

async function saidIn(ledger: Ledger): Promise<string[]> {
  const said: string[] = [];
  for await (const { data, occurredAt } of ledger.store.readStream("ledger-notices")) {
    const { notice, key } = data as DataOf<"NoticeRaised">;
    said.push(`${notice} ${key} at ${new Date(occurredAt).toISOString()}`);
  }
  return said;
}

async function observed(instant: string, more: Partial<NoticerOptions> = {}) {
  const time = new FakeTime(instant);
  const temporary = temporaryLedger();
  const ledger = await temporary.open({ clock: time.clock });
  const failures: unknown[] = [];
  const noticerOf = (options: Partial<NoticerOptions> = more) =>
    new Noticer({
      ledger,
      isInCharge: () => true,
      sealing: () => null,
      onRaised: () => undefined,
      onFailure: (error) => failures.push(error),
      after: time.after,
      ...options,
    });
  return {
    time,
    ledger,
    failures,
    noticerOf,
    noticer: noticerOf(),
    said: () => saidIn(ledger),
    async [Symbol.asyncDispose]() {
      await temporary[Symbol.asyncDispose]();
    },
  };
}

const zone: Stated = [
  day(1),
  "NfzDeclared",
  { nfz: "freeze", inFlight: "pause", occurrences: [{ from: day(10), to: day(12) }] },
];
const twentyNodes: readonly Stated[] = Array.from({ length: 20 }, (_, i): Stated => [
  "2026-02-01T00:00:00Z",
  "NodeCommissioned",
  { node: `n${i}` },
]);
const failed = (node: string, at: string): Stated => [
  at,
  "NodeFailed",
  { node, faultId: "f1", category: "hardware" },
];

describe("a notice", () => {
  test("says that a no-fly zone began, and that it ended, at its own instants", async () => {
    await using its = await observed(day(9, "23:00:00"));
    await state(its.ledger, [zone]);
    await its.noticer.look();
    expect(await its.said()).toEqual([]);
    its.time.set(day(10, "00:00:07"));
    await its.noticer.look();
    const began = `nfz.began alpha freeze ${day(10, "00:00:00.000")} at ${day(10, "00:00:00.000")}`;
    expect(await its.said()).toEqual([began]);
    its.time.set(day(12));
    await its.noticer.look();
    await its.noticer.look();
    const ended = `nfz.ended alpha freeze ${day(12, "00:00:00.000")} at ${day(12, "00:00:00.000")}`;
    expect(await its.said()).toEqual([began, ended]);
  });

  test("is said of a zone that is lifted early at the instant of the lift", async () => {
    await using its = await observed(day(11));
    await state(its.ledger, [zone, [day(10, "06:00:00"), "NfzLifted", { nfz: "freeze" }]]);
    await its.noticer.look();
    expect(await its.said()).toContain(
      `nfz.ended alpha freeze ${day(10, "06:00:00.000")} at ${day(10, "06:00:00.000")}`,
    );
  });

  test("is not said of zones that ended long ago, as in a history that is imported", async () => {
    await using its = await observed("2026-05-20T00:00:00Z");
    await state(its.ledger, [zone]);
    await its.noticer.look();
    expect(await its.said()).toEqual([]);
  });

  test("says that a fault is overdue a millisecond after the repair target", async () => {
    await using its = await observed(day(4));
    await state(its.ledger, [...twentyNodes, failed("n0", day(2))]);
    await its.noticer.look();
    expect(await its.said()).toEqual([]);
    its.time.set(day(4, "00:00:00.001"));
    await its.noticer.look();
    expect(await its.said()).toEqual([`fault.overdue alpha n0 f1 at ${day(4, "00:00:00.001")}`]);
  });

  test("says that a release is overdue only when the timers had time to make it", async () => {
    await using its = await observed(day(12, "00:01:00"));
    await state(its.ledger, [
      zone,
      [
        day(9),
        "RolloutSubmitted",
        {
          rollout: "r1",
          updates: [{ component: "driver", version: "2" }],
          impact: { kind: "impactless" },
          urgency: "routine",
        },
      ],
      [day(11), "RolloutBlocked", { rollout: "r1", nfzIds: ["freeze"] }],
    ]);
    const releases = async () => (await its.said()).filter((text) => text.startsWith("release"));
    await its.noticer.look();
    expect(await releases()).toEqual([]);
    its.time.set(day(12, "00:02:01"));
    await its.noticer.look();
    expect(await releases()).toEqual([
      `release.overdue alpha r1 ${day(11, "00:00:00.000")} at ${day(12, "00:02:01.000")}`,
    ]);
  });

  test("says once that a month is at risk, and once that it is missed", async () => {
    // 20 nodes and 30 days: the budget is 30 node-days.
    await using its = await observed(day(9, "14:00:00"));
    const three = ["n0", "n1", "n2"].map((node) => failed(node, day(1, "14:00:00")));
    await state(its.ledger, [...twentyNodes, ...three]);
    const ofAgreement = async () => (await its.said()).filter((text) => text.startsWith("sla"));
    await its.noticer.look();
    // 24 node-days.
    expect(await ofAgreement()).toEqual([`sla.at_risk alpha 2026-04 at ${day(9, "14:00:00.000")}`]);
    its.time.set(day(11, "14:00:01"));
    await state(its.ledger, [failed("n3", day(11, "14:00:01"))]);
    await its.noticer.look();
    expect(await ofAgreement()).toHaveLength(2);
    expect((await ofAgreement())[1]).toContain("sla.missed alpha 2026-04");
    its.time.set(day(12));
    await its.noticer.look();
    expect(await ofAgreement()).toHaveLength(2);
  });

  test("says that a month is at risk while both slower burn rates are above 1", async () => {
    await using its = await observed(day(4, "06:00:00"));
    const two = ["n0", "n1"].map((node) => failed(node, day(2)));
    await state(its.ledger, [...twentyNodes, ...two]);
    await its.noticer.look();
    expect(await its.said()).toContain(`sla.at_risk alpha 2026-04 at ${day(4, "06:00:00.000")}`);
  });

  test("says of a month that is over which targets it missed", async () => {
    await using its = await observed("2026-05-01T01:00:00Z");
    const repaired: Stated = [day(20), "NodeReturned", { node: "n0", faultIds: ["f1"] }];
    await state(its.ledger, [...twentyNodes, failed("n0", day(2)), repaired]);
    await its.noticer.look();
    expect(await its.said()).toEqual(["sla.missed alpha 2026-04 at 2026-05-01T01:00:00.000Z"]);
    const [event] = await its.ledger.store.findByIds([
      noticeId({ notice: "sla.missed", key: "alpha 2026-04" }),
    ]);
    expect(event?.attribution).toEqual({
      actor: "fleetledger",
      reason: "2026-04 missed its target of repair time",
    });
  });

  test("says once a day that seals are behind, when they have been so for an hour", async () => {
    const behind = {
      sealedSize: 1,
      sealedAtMs: Date.parse(day(3)),
      witness: "w",
      isBehind: true,
      failures: 3,
      lastError: "no answer",
      corruption: null,
    };
    await using its = await observed(day(3), { sealing: () => behind });
    await its.noticer.look();
    its.time.set(day(3, "00:59:59"));
    await its.noticer.look();
    expect(await its.said()).toEqual([]);
    for (const at of [day(3, "01:00:00"), day(3, "20:00:00"), day(4)]) {
      its.time.set(at);
      await its.noticer.look();
    }
    expect((await its.said()).map((text) => text.split(" at ")[0])).toEqual([
      "seal.behind 2026-04-03",
      "seal.behind 2026-04-04",
    ]);
  });

  test("says that a ledger which is not what it was is not sealed any more", async () => {
    const stopped = {
      sealedSize: 0,
      sealedAtMs: null,
      witness: null,
      isBehind: false,
      failures: 0,
      lastError: "sealing the ledger: event 3 is not what was stored",
      corruption: "event 3 is not what was stored",
    };
    await using its = await observed(day(3), { sealing: () => stopped });
    await its.noticer.look();
    its.time.set(day(3, "01:00:00"));
    await its.noticer.look();
    expect((await its.said()).map((text) => text.split(" at ")[0])).toEqual([
      "seal.behind 2026-04-03",
    ]);
  });

  test("is said once, however many processes look at the same time, and never again", async () => {
    await using its = await observed(day(10, "01:00:00"));
    await state(its.ledger, [zone]);
    await Promise.all([its.noticer.look(), its.noticerOf().look(), its.noticerOf().look()]);
    await its.noticerOf().look();
    expect(await its.said()).toHaveLength(1);
    expect(its.failures).toEqual([]);
  });

  test("is said by the process that drives the timers alone", async () => {
    let isInCharge = false;
    await using its = await observed(day(10, "01:00:00"), { isInCharge: () => isInCharge });
    await state(its.ledger, [zone]);
    await its.noticer.look();
    expect(await its.said()).toEqual([]);
    expect(its.time.nextInMs).toBe(1_000);
    isInCharge = true;
    await its.noticer.look();
    expect(await its.said()).toHaveLength(1);
  });

  test("is looked for when the next one is due, and at least every minute", async () => {
    await using its = await observed(day(9, "23:59:50"));
    await state(its.ledger, [zone]);
    await its.noticer.look();
    expect(its.time.nextInMs).toBe(10_000);
    its.time.set(day(10));
    await its.noticer.look();
    expect(its.time.nextInMs).toBe(60_000);
  });

  test("is looked for as soon as a zone is declared", async () => {
    await using its = await observed(day(10, "01:00:00"));
    its.noticer.start();
    await state(its.ledger, [zone]);
    await expect.poll(its.said).toHaveLength(1);
    await its.noticer.stop();
  });

  test("that could not be appended is said at the next look", async () => {
    await using its = await observed(day(10, "01:00:00"));
    await state(its.ledger, [zone]);
    vi.spyOn(its.ledger, "submitSystem").mockRejectedValueOnce(new Error("the store is away"));
    await its.noticer.look();
    expect(its.failures).toEqual([new Error("the store is away")]);
    expect(its.time.nextInMs).toBe(5_000);
    await its.noticer.look();
    expect(await its.said()).toHaveLength(1);
  });
});
