/** What is known of an append's events from memory, once the mirror has taken them. */
import { expect, test } from "vitest";
import type { AppendOutcome, StreamAppend } from "../../../src/store/port.ts";
import { ExpectedEvents } from "../../../src/store/mirror/expected.ts";
import { checkedEvents, part } from "../../contract/sample-events.ts";

const stream = "node-alpha:n1";

function taken(firstRevision: bigint, sequences: readonly number[]): AppendOutcome {
  return { ok: true, position: { firstRevision, sequences, duplicate: false } };
}

/** The events of a part in transactions of one event each, at sequences from 11 on. */
function noteOneByOne(expected: ExpectedEvents, whole: StreamAppend, first: bigint): void {
  for (const [i, event] of whole.events.entries()) {
    const one = { ...whole, events: [event], recordedAt: whole.recordedAt.slice(i, i + 1) };
    expected.note([one], [taken(first + BigInt(i), [11 + i])]);
  }
}

test("a part that the mirror has taken as it was sent has its position", () => {
  const expected = new ExpectedEvents();
  const sent = part(stream, 4n, checkedEvents(3));
  expected.expect(sent);
  noteOneByOne(expected, sent, 5n);
  const position = { firstRevision: 5n, sequences: [11, 12, 13], duplicate: false };
  expect(expected.positionOf(sent)).toEqual(position);
});

test("a part has no position before the mirror has all of it, nor after it was forgotten", () => {
  const expected = new ExpectedEvents();
  const sent = part(stream, "no-stream", checkedEvents(2));
  expected.expect(sent);
  expect(expected.positionOf(sent)).toBeNull();
  noteOneByOne(expected, { ...sent, events: sent.events.slice(0, 1) }, 0n);
  expect(expected.positionOf(sent)).toBeNull();
  noteOneByOne(expected, sent, 0n);
  expect(expected.positionOf(sent)).not.toBeNull();
  expected.forget(sent);
  expect(expected.positionOf(sent)).toBeNull();
});

test("events that nobody expects, and parts that the mirror refuses, are not noted", () => {
  const expected = new ExpectedEvents();
  const sent = part(stream, "no-stream", checkedEvents(1));
  noteOneByOne(expected, sent, 0n);
  expected.expect(sent);
  expect(expected.positionOf(sent)).toBeNull();
  expected.note([sent], [{ ok: false, error: new Error("refused") }]);
  expect(expected.positionOf(sent)).toBeNull();
});

const [event] = checkedEvents(1);
const others: readonly (readonly [string, Partial<StreamAppend>])[] = [
  ["in another stream", { stream: "node-alpha:n2" }],
  ["recorded at another time", { recordedAt: [5_001] }],
  ["with other data", { events: [{ ...event!, dataJson: "{}" }] }],
  ["with another attribution", { events: [{ ...event!, attributionJson: '{"actor":"a"}' }] }],
  ["that occurred at another time", { events: [{ ...event!, occurredAt: 1 }] }],
];

test.each(others)("an event that the mirror has %s is not the one that was sent", (_, other) => {
  const expected = new ExpectedEvents();
  const sent = part(stream, "no-stream", [event!]);
  expected.expect(sent);
  expected.note([{ ...sent, ...other }], [taken(0n, [1])]);
  expect(expected.positionOf(sent)).toBeNull();
});

test("an event that the mirror has at another revision is not where it was sent to", () => {
  const expected = new ExpectedEvents();
  const sent = part(stream, "no-stream", checkedEvents(1));
  expected.expect(sent);
  expected.note([sent], [taken(1n, [1])]);
  expect(expected.positionOf(sent)).toBeNull();
});
