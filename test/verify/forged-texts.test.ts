/** Leaves that whoever holds the key may sign, and that no ledger could hold: each is a finding, and what is none can be restored. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { isCertain } from "../../src/verify/leaves/leaf-certain.ts";
import { lookAtBlock } from "../../src/verify/leaves/leaf-block.ts";
import { typesToNote } from "../../src/verify/leaves/types-to-note.ts";
import { statedLeaf } from "../../src/tree/leaf.ts";
import { definitionOf, eventTypes } from "../../src/events/catalogue.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import { uuid } from "../ledger/sample-events.ts";
import { maxCorrectionDepth, maxCorrectionsPerEvent } from "../../src/limits/events.ts";
import type { ForgedEvent } from "./forged-bundle.ts";
import { honestEvents, verifiedForgery } from "./forged-bundle.ts";

/** The last honest event is the return of f9 in the cluster beta. */
const replaced = (what: string, by: string) => (leaf: string) => {
  if (!leaf.includes(what)) throw new Error(`no ${what} in ${leaf}`);
  return leaf.replace(what, by);
};

const noLedgerHolds: readonly (readonly [string, (leaf: string) => string, RegExp])[] = [
  ["no JSON", replaced('"faultIds":["f9"]', '"faultIds":[f9]'), /not JSON/],
  ["a key twice", replaced('"faultIds":', '"faultIds":["f8"],"faultIds":'), /not in canonical/],
  ["the node twice", replaced('"node":"n1"', '"node":"n1","node":"n1"'), /not in canonical/],
  [
    "members out of order",
    replaced('"cluster":"beta","faultIds":["f9"]', '"faultIds":["f9"],"cluster":"beta"'),
    /not in canonical/,
  ],
  ["a lone surrogate", replaced('["f9"]', String.raw`["\ud800"]`), /not in canonical/],
  ["a letter escaped", replaced('["f9"]', String.raw`["\u00669"]`), /not in canonical/],
  [
    "a letter escaped outside of the data",
    replaced('"prober"', String.raw`"\u0070rober"`),
    /canon/,
  ],
  ["a blank", replaced('"node":', '"node": '), /not in canonical/],
  ["a number out of range", replaced('["f9"]', "[1e999]"), /not in canonical/],
  ["a number with a zero before it", replaced('"revision":', '"revision":0'), /not JSON/],
  ["a number as actor", replaced('{"data"', '{"actor":5,"data"'), /actor is not text/],
  ["nothing as actor", replaced('{"data"', '{"actor":"","data"'), /\/actor/],
  ["a source that is too long", replaced("prober", "x".repeat(257)), /\/source/],
  ["a member of its own", replaced('"id":', '"extra":1,"id":'), /unknown field extra/],
  ["a version to come", replaced('"schemaVersion":1', '"schemaVersion":7'), /no version 7/],
  ["the version 0", replaced('"schemaVersion":1', '"schemaVersion":0'), /no version 0/],
  [
    "an id in capitals",
    (leaf) => leaf.replace(/"id":"[^"]*"/, '"id":"ABCDEF00-0000-4000-8000-000000000001"'),
    /not in the form in which the ledger writes it/,
  ],
  [
    "a node of a name that no node has",
    (leaf) => leaf.replaceAll(/"n1"/g, '"n 1,[x]"').replace("beta:n1", "beta:n 1,[x]"),
    /invalid NodeReturned: \/data\/node/,
  ],
  [
    "values nested without end",
    replaced('["f9"]', "[".repeat(20_000) + "]".repeat(20_000)),
    /invalid NodeReturned|not in canonical/,
  ],
  [
    "a key that changes prototypes",
    replaced('"node":', '"__proto__":{},"node":'),
    /canon|__proto__/,
  ],
  [
    "an occurredAt that is no day",
    replaced("2026-01-15T", "2026-02-30T"),
    /no instant in occurredAt/,
  ],
  ["an occurredAt with an offset", replaced("00:00:00.000Z", "00:00:00+00:00"), /no instant|form/],
];

/** A fault of the node n1 in the cluster beta as the last event, with these changes of its data. */
function lastFault(events: ForgedEvent[], change: object): void {
  const event = events.findLast(({ type }) => type === "NodeFailed");
  if (event === undefined) throw new Error("no fault among the events");
  const data = { ...event.data, faultId: "f10", ...change };
  events.push({ ...event, id: uuid(77), recordedAt: events.at(-1)?.recordedAt ?? "", data });
}

describe("a signed bundle whose last event no ledger could contain is not verified:", () => {
  test.each(noLedgerHolds)("%s", async (_, rewrite, message) => {
    const { findings } = await verifiedForgery(await honestEvents(), rewrite);
    expect(findings.map((finding) => finding.message)).toContainEqual(
      expect.stringMatching(message),
    );
  });

  test.each([
    ["a fault without an id", { faultId: undefined }, /\/data\/faultId/],
    ["a fault of no category that there is", { category: "gremlins" }, /\/data\/category/],
    ["a member that the type does not have", { colour: "red" }, /invalid NodeFailed/],
    ["a code that is no text", { codes: [79] }, /\/data\/codes\/0/],
  ])("%s", async (_, change, message) => {
    const events = await honestEvents();
    lastFault(events, change);
    const { findings } = await verifiedForgery(events);
    expect(findings).toMatchObject([
      { sequence: events.length, message: expect.stringMatching(message) },
    ]);
  });

  test("an instant in the data in a form that the ledger does not write", async () => {
    const events = await honestEvents();
    const last = events.at(-1);
    const maintenance = { cluster: "beta", node: "n1", maintenanceId: "m1" };
    const window = { from: "2026-02-01T00:00:00Z", to: "2026-02-02T00:00:00.000Z" };
    if (last === undefined) throw new Error("no events");
    events.push({
      ...last,
      id: uuid(77),
      type: "MaintenanceScheduled",
      data: { ...maintenance, ...window },
    });
    const { findings } = await verifiedForgery(events);
    expect(findings.map(({ sequence }) => sequence)).toEqual([events.length]);
  });
});

test("schemas admit no unknown members in facts, so the fast check need not look for dangerous ones", () => {
  const facts = eventTypes.filter((type) => !typesToNote.noted.has(type));
  expect(facts.length).toBeGreaterThan(20);
  for (const type of facts) {
    const schema = JSON.stringify(z.toJSONSchema(definitionOf(type).data, { io: "input" }));
    const objects = schema.match(/"type":"object"/g)?.length ?? 0;
    expect([type, schema.match(/"additionalProperties":false/g)?.length]).toEqual([type, objects]);
  }
});

describe("corrections of one event", () => {
  async function withCorrections(count: number, nameOf: (i: number, root: string) => string) {
    const events = await honestEvents();
    const correction = events.find(({ type }) => type === "FactCorrected");
    const fault = events.findLast(({ type }) => type === "NodeFailed");
    const last = events.at(-1);
    if (correction === undefined || fault === undefined || last === undefined)
      throw new Error("no correction, no fault or no events");
    for (let i = 0; i < count; i++) {
      const eventId = nameOf(i, fault.id);
      const place = { id: uuid(10_000 + i), stream: fault.stream, recordedAt: last.recordedAt };
      events.push({ ...correction, ...place, type: "FactRetracted", data: { eventId } });
      if (eventId !== fault.id || i === 0) continue;
      const data = { eventId, occurredAt: "2026-01-14T01:00:00.000Z" };
      events.push({ ...correction, ...place, type: "FactCorrected", data });
      events.splice(-2, 1);
    }
    return { findings: (await verifiedForgery(events)).findings };
  }

  test("are verified however many and however deep they are: only appends limit them", async () => {
    const many = await withCorrections(maxCorrectionsPerEvent + 1, (_, root) => root);
    expect(many.findings).toEqual([]);
    const nameOf = (i: number, root: string) => (i === 0 ? root : uuid(10_000 + i - 1));
    expect((await withCorrections(maxCorrectionDepth + 1, nameOf)).findings).toEqual([]);
  });
});

describe("any change of a leaf's text", () => {
  const pieces = fc.oneof(
    fc.constantFrom(...Array.from('"\\{}[],:01-enx ü\u0001🚀')),
    fc.constantFrom('"actor":"a",', '"ticket":"T",', "\\u0041", "\\n", "null", "1.0"),
  );
  const changes = fc.record({ at: fc.nat(), cut: fc.nat({ max: 3 }), piece: pieces });

  function changed(
    leaf: string,
    { at, cut, piece }: { at: number; cut: number; piece: string },
  ): string {
    const letters = Array.from(leaf);
    letters.splice(at % letters.length, cut, piece);
    return letters.join("");
  }

  function isPassed(leaf: string): boolean {
    const bytes = Uint8Array.from(Buffer.from(`\n${leaf}`));
    const block = { bytes, ends: Uint32Array.of(bytes.length), first: 0 };
    const { noted, misfits } = lookAtBlock(block, typesToNote, isCertain);
    return noted.length === 0 && misfits.length === 0;
  }

  test("that the ledger has signed is a finding, or else the bundle can be restored", async () => {
    const events = await honestEvents();
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        const forgery = verifiedForgery(events, (leaf) => changed(leaf, change));
        await expect(forgery).resolves.toBeDefined();
      }),
      { numRuns: 60 },
    );
  });

  test("passes the fast check, as genuine facts do, only if reading it whole finds nothing wrong", async () => {
    const leaves = (await honestEvents()).map((event) => canonicalJson(event));
    const facts = leaves.filter((leaf) => /"type":"Node/.test(leaf));
    expect(facts.filter((leaf) => !isPassed(leaf))).toEqual([]);
    fc.assert(
      fc.property(changes, fc.nat(), (change, which) => {
        const leaf = changed(leaves[which % leaves.length] ?? "", change);
        if (!isPassed(leaf)) return;
        expect(statedLeaf(leaf, 1).sequence).toBe(1);
      }),
      { numRuns: 3_000 },
    );
  });
});
