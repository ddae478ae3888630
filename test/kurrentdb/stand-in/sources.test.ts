/** Payloads of one source that two instances on one store take at the same time, and a restart between them. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { openLedger } from "../../../src/ledger/open-ledger.ts";
import { takePayload } from "../../../src/sources/intake/take-payload.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { eventsOf as allEvents, sourceOf } from "../../sources/payloads/deliveries.ts";
import { factsOf } from "../../sources/payloads/facts-of.ts";
import { freshFolder, ledgerOn } from "../ledger-on-server.ts";
import { startStandIn } from "./stand-in.ts";

const source = sourceOf({
  name: "am",
  kind: "alertmanager",
  cluster: "alpha",
  node: "{labels.instance}",
  rules: [{ match: {} }],
});
const meta = { actor: "key" };
const clock = { nowMs: () => Date.UTC(2026, 5, 1) };

const nodes = ["n1", "n2", "n3"];
const alert = (instance: string, from: string, to?: string) => ({
  status: to === undefined ? "firing" : "resolved",
  labels: { instance },
  startsAt: `2026-03-01T${from}:00Z`,
  endsAt: to === undefined ? "0001-01-01T00:00:00Z" : `2026-03-01T${to}:00Z`,
  fingerprint: "f1",
});
const group = (from: string, to?: string) => ({
  version: "4",
  groupKey: "g",
  alerts: nodes.map((node) => alert(node, from, to)),
});

/** Fires, began earlier, is resolved, is resolved later, fires again from the start: one outage of each node. */
const payloads = [
  group("10:00"),
  group("09:50"),
  group("10:00", "11:00"),
  group("10:00", "11:30"),
  group("10:00"),
  group("09:50", "11:20"),
];

async function open(name: string): Promise<Ledger> {
  const ledger = await openLedger({ store: name, mode: "write", clock });
  onTestFinished(() => ledger.close());
  return ledger;
}

async function caughtUp(ledger: Ledger): Promise<void> {
  for (const node of nodes) await ledger.store.reachEnd?.(`node-alpha:${node}`, Infinity);
}

async function factsAlone() {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open({ clock });
  for (const each of payloads) await takePayload(ledger, source, each, meta);
  return factsOf(await allEvents(ledger));
}

describe("two instances that take payloads of one source", () => {
  test("each to both at once settle anew what the other has appended, and tell each outage once", async () => {
    const standIn = await startStandIn();
    const server = ledgerOn(standIn.url);
    const both = [await open(server.name(freshFolder())), await open(server.name(freshFolder()))];
    for (const payload of payloads)
      await Promise.all(both.map((ledger) => takePayload(ledger, source, payload, meta)));
    const expected = await factsAlone();
    for (const ledger of both) {
      await caughtUp(ledger);
      expect(factsOf(await allEvents(ledger))).toEqual(expected);
    }
  });

  test("all at once, in any order, come to the same", async () => {
    const standIn = await startStandIn();
    const server = ledgerOn(standIn.url);
    const [one, other] = [
      await open(server.name(freshFolder())),
      await open(server.name(freshFolder())),
    ];
    await Promise.all(
      payloads.flatMap((payload, i) => {
        const [first, second] = i % 2 === 0 ? [one, other] : [other, one];
        return [
          takePayload(first, source, payload, meta),
          takePayload(second, source, payloads.toReversed()[i], meta),
        ];
      }),
    );
    await caughtUp(one);
    expect(factsOf(await allEvents(one))).toEqual(await factsAlone());
  });

  test("go on after a restart in the middle, with the mirror that was there or a new one", async () => {
    const standIn = await startStandIn();
    const server = ledgerOn(standIn.url);
    const mirror = freshFolder();
    for (const [i, payload] of payloads.entries()) {
      const ledger = await open(server.name(i === 3 ? freshFolder() : mirror));
      await takePayload(ledger, source, payload, meta);
      await ledger.close();
    }
    const ledger = await open(server.name(mirror));
    await caughtUp(ledger);
    expect(factsOf(await allEvents(ledger))).toEqual(await factsAlone());
  });
});
