import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { typesToNote } from "../../src/verify/leaves/types-to-note.ts";
import { lookAtBlock } from "../../src/verify/leaves/leaf-block.ts";
import { isCertain } from "../../src/verify/leaves/leaf-certain.ts";
import { verifyStore } from "../../src/verify/verify.ts";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import { streamOf } from "../../src/events/stream.ts";
import { leafStore } from "../../src/store/leaf-store.ts";
import { failed } from "../ledger/sample-events.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import type { ForgedEvent } from "./forged-bundle.ts";
import { honestEvents, verifiedForgery } from "./forged-bundle.ts";
import { verifier } from "../seals/sealed-ledger.ts";

/** The first event of a type, with its sequence. */
function first(events: readonly ForgedEvent[], type: string): { event: ForgedEvent; at: number } {
  const at = events.findIndex((event) => event.type === type);
  const event = events[at];
  if (event === undefined) throw new Error(`no ${type} among the events`);
  return { event, at: at + 1 };
}

/** Moves a recorded time by so many milliseconds. */
function moved(event: ForgedEvent, ms: number): void {
  event.recordedAt = new Date(Date.parse(event.recordedAt) + ms).toISOString();
}

const fill = (length: number): string => "x".repeat(length);

interface Forgery {
  readonly broken: string;
  /** Breaks the rule; gives the sequence of the event that is wrong then. */
  readonly change: (events: ForgedEvent[]) => number;
  readonly message: RegExp;
}

const forgeries: readonly Forgery[] = [
  {
    broken: "a recorded time that goes back by more than clocks differ",
    change(events) {
      const { event, at } = first(events, "NodeReturned");
      moved(event, -6 * 60_000);
      return at;
    },
    message: /^it was recorded at .*: recorded times must not decrease$/,
  },
  {
    broken: "an event in the stream of another node of its cluster",
    change(events) {
      const { event, at } = first(events, "NodeCommissioned");
      event.data["node"] = "n2";
      return at;
    },
    message: /^NodeCommissioned is in node-alpha:n1, which is not the stream of its data$/,
  },
  {
    broken: "an event in the stream of another kind",
    change(events) {
      const { event, at } = first(events, "ClusterRegistered");
      event.stream = "node-alpha:n9";
      return at;
    },
    message: /^ClusterRegistered is in node-alpha:n9/,
  },
  {
    broken: "a seal in the stream of a node",
    change(events) {
      const { event, at } = first(events, "LedgerSealed");
      event.stream = "node-alpha:n9";
      return at;
    },
    message: /^LedgerSealed is in node-alpha:n9/,
  },
  {
    broken: "a correction of an event that is not there",
    change(events) {
      const { event, at } = first(events, "FactCorrected");
      event.data["eventId"] = "00000000-0000-4000-8000-0000000000ff";
      return at;
    },
    message: /does not name an earlier event$/,
  },
  {
    broken: "a correction of an event that stands after it",
    change(events) {
      const { event, at } = first(events, "FactCorrected");
      event.data["eventId"] = events.at(-1)?.id;
      return at;
    },
    message: /does not name an earlier event$/,
  },
  {
    broken: "a correction of a system event",
    change(events) {
      const { event, at } = first(events, "FactCorrected");
      event.data["eventId"] = first(events, "LedgerSealed").event.id;
      return at;
    },
    message: /names a system event \(LedgerSealed\)$/,
  },
  {
    broken: "a correction in another stream than the event that it names",
    change(events) {
      const { event, at } = first(events, "FactCorrected");
      event.stream = "node-beta:n1";
      return at;
    },
    message: /it corrects an event of node-alpha:n1 but is in node-beta:n1$/,
  },
  {
    broken: "a correction with data that the event's type does not have",
    change(events) {
      const { event, at } = first(events, "FactCorrected");
      event.data["data"] = { cluster: "alpha", node: "n1" };
      return at;
    },
    message: /the ledger would not have accepted it: invalid NodeFailed/,
  },
  {
    broken: "a correction for which nobody gives a reason",
    change(events) {
      const { event, at } = first(events, "FactCorrected");
      delete event["reason"];
      return at;
    },
    message: /the ledger would not have accepted it: FactCorrected needs reason/,
  },
  {
    broken: "an id that an earlier event has",
    change(events) {
      const { event, at } = first(events, "NodeReturned");
      event.id = events[0]?.id ?? "";
      return at;
    },
    message: /^the id .* is already used by event 1$/,
  },
  {
    broken: "an event of more than 64 KiB",
    change(events) {
      const { event, at } = first(events, "NodeFailed");
      event.data["codes"] = Array.from({ length: 300 }, (_, i) => `${i}${fill(250)}`);
      return at;
    },
    message: /the ledger would not have accepted it: \/data has \d+ bytes .*the limit is 65536/,
  },
  {
    broken: "a recorded time that is no day of any calendar",
    change(events) {
      const { event, at } = first(events, "NodeFailed");
      event.recordedAt = event.recordedAt.replace(/^\d{4}-\d\d-\d\d/, "2026-02-30");
      return at;
    },
    message: /no instant in recordedAt/,
  },
  ...(
    [
      [
        "policyEventId",
        "00000000-0000-4000-8000-0000000000ff",
        /says policy .*ff, but its document has none/,
      ],
      [
        "definitions",
        "measures 99",
        /cannot be recomputed: .* was issued by the definitions "measures 99"/,
      ],
      ["tzdata", "2026a", /says tzdata|a different document|cannot be recomputed/],
    ] as const
  ).map(([field, value, message]) => ({
    broken: `an issued report with another ${field} than its document's`,
    change(events: ForgedEvent[]) {
      const { event, at } = first(events, "ReportIssued");
      event.data[field] = value;
      return at;
    },
    message,
  })),
  {
    broken: "an issued report with other bounds of its period than its document's",
    change(events) {
      const { event, at } = first(events, "ReportIssued");
      const period = event.data["period"] as object;
      event.data["period"] = { ...period, to: "2026-03-01T00:00:00.000Z" };
      return at;
    },
    message: /says period 2026-01 .*03-01.*, but its document has 2026-01 .*02-01/,
  },
  {
    broken: "a report that is issued twice",
    change(events) {
      const { event } = first(events, "ReportIssued");
      events.push({ ...event, id: "00000000-0000-4000-8000-0000000000fe" });
      return events.length;
    },
    message: /^report alpha-january is issued twice$/,
  },
];

describe("a bundle that somebody with the secret key has altered and signed again", () => {
  test("is verified if no rule is broken", async () => {
    const { findings, lines } = await verifiedForgery(await honestEvents());
    expect(findings).toEqual([]);
    expect(lines.find(({ what }) => what === "recorded times")?.words).toMatch(/none goes back$/);
  });

  test.each(forgeries)("is not verified with $broken", async ({ change, message }) => {
    const events = await honestEvents();
    const sequence = change(events);
    const { findings } = await verifiedForgery(events);
    const named = findings.filter((finding) => finding.sequence === sequence);
    expect(named.map((finding) => finding.message)).toContainEqual(expect.stringMatching(message));
  });

  test("is verified if recorded times decrease by no more than clocks of instances differ, with the amount reported", async () => {
    const events = await honestEvents();
    const event = events.at(-1);
    if (event === undefined) throw new Error("no events");
    moved(event, -2_000);
    const { findings, lines } = await verifiedForgery(events);
    expect(findings).toEqual([]);
    const words = lines.find(({ what }) => what === "recorded times")?.words;
    expect(words).toMatch(
      /1 are earlier than that of a preceding event, by at most (19|20)\d\d ms/,
    );
  });
});

test("a store without a seal is not verified, because nothing in it is signed", async () => {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  await ledger.submit([failed(1)]);
  const { findings } = await verifyStore(leafStore(ledger.store), { verifier });
  expect(findings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^not sealed: nothing here is signed/),
  ]);
});

describe("the stream that an event's data determine", () => {
  const unit = fc.constantFrom("a", "b", ":", '"', "\\", "{", "}", "[", "]");
  const name = fc.string({ minLength: 1, maxLength: 5, unit });
  const streams = fc.record({ cluster: name, node: name, more: fc.string(), other: name });

  function misfitsOf(stream: string, data: object): readonly number[] {
    const at = "2026-01-01T00:00:00.000Z";
    const id = "00000000-0000-4000-8000-000000000001";
    const event = { actor: '{"data":{"cluster":"x"}}', data, id, occurredAt: at, recordedAt: at };
    const place = { revision: 0, schemaVersion: 1, stream, type: "NodeCommissioned" };
    const bytes = Uint8Array.from(Buffer.from(`\n${canonicalJson({ ...event, ...place })}`));
    return lookAtBlock(
      { bytes, ends: Uint32Array.of(bytes.length), first: 0 },
      typesToNote,
      isCertain,
    ).misfits;
  }

  test("is checked by the bytes, whatever names and other members contain", () => {
    fc.assert(
      fc.property(streams, ({ cluster, node, more, other }) => {
        const nested = { cluster: "x", node: ["y", { node: more }] };
        const data = { a: nested, cluster, m: more, node, z: nested };
        const stream = streamOf("NodeCommissioned", data) ?? "";
        expect(misfitsOf(stream, data)).toEqual([]);
        const [changed] = [{ ...data, node: other }];
        expect(misfitsOf(stream, changed)).toEqual(other === node ? [] : [0]);
        expect(misfitsOf(`${stream}x`, data)).toEqual([0]);
        expect(misfitsOf(stream, { ...data, node: 7 })).toEqual([0]);
        expect(misfitsOf(stream, { a: nested, cluster })).toEqual([0]);
      }),
    );
  });
});
