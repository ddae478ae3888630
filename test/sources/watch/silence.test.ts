/** A dead monitor is not a dead node: what the ledger says of the nodes of a source that has fallen silent. */
import { describe, expect, test } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { SilenceWatch } from "../../../src/sources/watch/silence.ts";
import { SourceLog } from "../../../src/sources/watch/source-log.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { eventsOf } from "../payloads/deliveries.ts";

const configuration = {
  sources: [
    {
      name: "am",
      kind: "alertmanager",
      cluster: "alpha",
      node: "{labels.instance}",
      rules: [],
      observes: true,
      silentAfterSeconds: 300,
    },
  ],
};

const member = (node: string, more: object = {}) =>
  anEvent({
    type: "NodeCommissioned",
    occurredAt: "2026-04-01T00:00:00Z",
    data: { cluster: "alpha", node },
    ...more,
  });

/** A ledger with two members and one that has left, and a clock that the test sets. */
async function watched() {
  const temporary = temporaryLedger();
  let nowMs = Date.parse("2026-04-15T12:00:00Z");
  let isInCharge = true;
  let isHeard = true;
  const silences: string[] = [];
  const open = async () => {
    const ledger = await temporary.open({ clock: { nowMs: () => nowMs } });
    const log = new SourceLog(readSources(configuration).sources);
    const failures: unknown[] = [];
    const silence = new SilenceWatch({
      ledger,
      log,
      isInCharge: () => isInCharge,
      onSilent: async ({ source, since, at }) => {
        if (!isHeard) throw new Error("nobody hears it");
        const [from, by] = [since, at].map((each) => formatInstant(each).slice(11, 16));
        silences.push(`${source.name} since ${from}, too long by ${by}`);
      },
      onFailure: (error) => failures.push(error),
    });
    await silence.start();
    return { ledger, log, silence, failures };
  };
  let it = await open();
  const left = { cluster: "alpha", node: "gone" };
  await it.ledger.submit([
    member("n1"),
    member("n2"),
    member("gone"),
    anEvent({ type: "NodeDecommissioned", occurredAt: "2026-04-02T00:00:00Z", data: left }),
    member("elsewhere", { data: { cluster: "beta", node: "n1" } }),
  ]);
  await it.ledger.waitFor(5, 600_000);
  return {
    /** Lets minutes pass, without a look at each of them. */
    pass: (minutes: number) => (nowMs += minutes * 60_000),
    see: () => it.log.see("am", nowMs),
    look: () => it.silence.look(),
    isSilent: () => it.silence.of("am").isSilent,
    silences,
    setHeard: (isIts: boolean) => (isHeard = isIts),
    failures: () => it.failures.splice(0).map(String),
    setCharge: (isIts: boolean) => (isInCharge = isIts),
    told: async () => {
      expect(it.failures).toEqual([]);
      return (await eventsOf(it.ledger)).slice(5).map((event) => {
        const { node, observer } = event.data as { node: string; observer: string };
        return `${event.type} ${node} ${formatInstant(event.occurredAt).slice(11, 16)} ${observer}`;
      });
    },
    restart: async () => {
      await it.silence.stop();
      await it.ledger.close();
      it = await open();
    },
    [Symbol.asyncDispose]: async () => {
      await it.silence.stop();
      await temporary[Symbol.asyncDispose]();
    },
  };
}

const lost = ["NodeObservationLost n1 12:00 am", "NodeObservationLost n2 12:00 am"];
const restored = (at: string) => [
  `NodeObservationRestored n1 ${at} am`,
  `NodeObservationRestored n2 ${at} am`,
];

describe("a source that observes", () => {
  test("and is silent for too long makes the members of its cluster unobserved since it was seen", async () => {
    await using it = await watched();
    it.see();
    it.pass(4);
    await it.look();
    expect([await it.told(), it.isSilent()]).toEqual([[], false]);
    it.pass(1);
    await it.look();
    expect([await it.told(), it.isSilent()]).toEqual([lost, true]);
  });

  test("is silent once, however often it is looked, and until its next sign of life", async () => {
    await using it = await watched();
    it.see();
    for (let i = 0; i < 5; i++) {
      it.pass(6);
      await it.look();
    }
    it.see();
    await it.look();
    expect([await it.told(), it.isSilent()]).toEqual([[...lost, ...restored("12:30")], false]);
    it.pass(5);
    await it.look();
    expect((await it.told()).slice(4)).toEqual([
      "NodeObservationLost n1 12:30 am",
      "NodeObservationLost n2 12:30 am",
    ]);
  });

  test("that has never been seen is not missed", async () => {
    await using it = await watched();
    it.pass(60);
    await it.look();
    expect([await it.told(), it.isSilent()]).toEqual([[], false]);
  });

  test("that is silent stays so across a restart, and its next sign of life ends it", async () => {
    await using it = await watched();
    it.see();
    it.pass(6);
    await it.look();
    await it.restart();
    expect(it.isSilent()).toBe(true);
    it.pass(6);
    await it.look();
    it.see();
    await it.look();
    expect(await it.told()).toEqual([...lost, ...restored("12:12")]);
  });

  test("has all of its time again after a restart, since nobody could hear it meanwhile", async () => {
    await using it = await watched();
    it.see();
    await it.look();
    it.pass(60);
    await it.restart();
    await it.look();
    it.pass(4);
    await it.look();
    expect(await it.told()).toEqual([]);
    it.pass(1);
    await it.look();
    expect(await it.told()).toEqual(lost);
  });

  test("is stated silent by the process in charge alone, which hears what others have heard", async () => {
    await using it = await watched();
    it.setCharge(false);
    it.see();
    it.pass(6);
    await it.look();
    expect(await it.told()).toEqual([]);
    it.setCharge(true);
    await it.look();
    expect(await it.told()).toEqual(lost);
  });
});

describe("a silence", () => {
  test("is told once, with the last sign of life and when it had lasted too long", async () => {
    await using it = await watched();
    it.see();
    for (let i = 0; i < 3; i++) {
      it.pass(6);
      await it.look();
    }
    await it.restart();
    await it.look();
    expect(it.silences).toEqual(["am since 12:00, too long by 12:05"]);
    it.see();
    await it.look();
    it.pass(5);
    await it.look();
    expect(it.silences.slice(1)).toEqual(["am since 12:18, too long by 12:23"]);
  });

  test("that could not be told is told at the next look, and its nodes are unobserved once", async () => {
    await using it = await watched();
    it.see();
    it.pass(6);
    it.setHeard(false);
    await it.look();
    expect(it.silences).toEqual([]);
    expect(new Set(it.failures())).toEqual(new Set(["Error: nobody hears it"]));
    it.setHeard(true);
    await it.look();
    expect([it.silences, await it.told()]).toEqual([["am since 12:00, too long by 12:05"], lost]);
  });
});

describe("the configuration of a source that observes", () => {
  test("names one cluster, and how long it may be silent", () => {
    const [source] = configuration.sources;
    const refused = (change: object) => () => readSources({ sources: [{ ...source, ...change }] });
    expect(refused({ cluster: "{labels.cluster}" })).toThrow("/sources/0/cluster must name one");
    expect(refused({ silentAfterSeconds: undefined })).toThrow("silentAfterSeconds is needed");
  });
});
