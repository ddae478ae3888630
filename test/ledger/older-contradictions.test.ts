/** What a ledger took before contradictions were refused stays: form is asked of what comes in, not of what is there. */
import { expect, test } from "vitest";
import { slaDocumentOf } from "../../src/reports/figures.ts";
import { verifyStore } from "../../src/verify/verify.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import type { EventType } from "../../src/events/catalogue.ts";
import { normaliseData } from "../../src/events/check/normalise.ts";
import { streamOf } from "../../src/events/stream.ts";
import type { EventStore } from "../../src/store/port.ts";
import { openEmbeddedStore } from "../../src/store/sqlite/embedded.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { verifier } from "../seals/sealed-ledger.ts";
import { contradictory, occurredAt } from "../events/contradictory-events.ts";
import { corrected, retracted, uuid } from "./sample-events.ts";
import { temporaryLedger } from "./temporary-ledger.ts";

/** What overrides have needed at all times. */
const because = { actor: "ann", reason: "it could not wait" };

const nil = "00000000-0000-0000-0000-000000000000";

/** Puts an event into the store as an earlier version would have, without a look at what it says. */
async function putThere(
  store: EventStore,
  id: string,
  type: EventType,
  sent: Readonly<Record<string, unknown>>,
): Promise<void> {
  const data = normaliseData(type, sent);
  const stream = streamOf(type, data);
  if (stream === null) throw new Error(`${type} has no stream`);
  let last: bigint | null = null;
  for await (const { revision } of store.readStream(stream)) last = revision;
  const at = Date.parse(occurredAt);
  const event = { id, type, schemaVersion: 1, occurredAt: at, data };
  const texts = { dataJson: canonicalJson(data), attributionJson: canonicalJson(because) };
  const [outcome] = await store.append([
    {
      stream,
      expectedRevision: last ?? "no-stream",
      events: [{ ...event, ...texts }],
      recordedAt: [at],
    },
  ]);
  if (outcome?.ok !== true) throw new Error(`${type} was not taken`);
}

test("a ledger with events that contradict themselves can be opened, verified, folded and corrected", async () => {
  await using temporary = temporaryLedger();
  const store = await openEmbeddedStore({ path: temporary.path, mode: "write" });
  for (const [i, { type, data }] of contradictory.entries()) {
    await putThere(store, uuid(i + 1), type as EventType, data);
  }
  await putThere(store, nil, "NodeCommissioned", { cluster: "alpha", node: "n1" });
  await store.close();

  const ledger = await temporary.open();
  const head = contradictory.length + 1;
  await ledger.waitFor(head, 600_000);
  const { findings } = await verifyStore(leafStore(ledger.store), { verifier });
  expect(findings.map(({ message }) => message)).toEqual([expect.stringMatching(/^not sealed/)]);
  const period = "2026-03-01T00:00:00Z/2026-03-01T11:00:00Z";
  const { nfz, dataQuality } = slaDocumentOf(ledger.view("alpha", head), { period, zone: "UTC" });
  // Of the declarations of one zone the first holds, with the occurrence of it that has a length.
  expect(nfz.map(({ occurrences }) => occurrences.length)).toEqual([1]);
  expect(dataQuality.findings).toEqual({});

  // Of the maintenance: another time of the same; a retraction; the nil UUID is still an id there.
  const results = await ledger.submit([
    corrected(101, uuid(1), { occurredAt: "2026-03-01T11:00:01Z" }),
    retracted(102, uuid(3)),
    retracted(103, nil),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["appended", "appended", "appended"]);
  // What is stated anew is held to the form.
  const [again] = await ledger.submit([corrected(104, uuid(1), { data: contradictory[0]?.data })]);
  expect(again).toMatchObject({ status: "refused", error: { code: "invalid-event" } });
});

test("an event that was appended by an older version is answered as a duplicate, even if it would be refused today", async () => {
  await using temporary = temporaryLedger();
  const store = await openEmbeddedStore({ path: temporary.path, mode: "write" });
  const commissioned = { type: "NodeCommissioned", data: { cluster: "alpha", node: "n1" } };
  const older = [...contradictory, commissioned].map(({ type, data }, i) => ({
    id: i === contradictory.length ? nil : uuid(i + 1),
    type,
    data,
  }));
  for (const { id, type, data } of older) await putThere(store, id, type as EventType, data);
  await store.close();

  const ledger = await temporary.open();
  const sent = older.map((each) => ({ ...each, occurredAt, ...because }));
  for (const options of [{}, { wholeParts: true }]) {
    const again = await ledger.submit(sent, options);
    const places = again.map((each) => (each.status === "duplicate" ? each.sequence : each));
    expect(places).toEqual(sent.map((_, i) => i + 1));
  }
  const others = sent.map((each) => ({ ...each, reason: "another" }));
  const codes = new Set<string>();
  for (const each of await ledger.submit(others)) {
    codes.add(each.status === "refused" ? each.error.code : each.status);
  }
  expect([...codes]).toEqual(["id-conflict"]);
});
