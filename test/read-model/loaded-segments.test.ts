/** Segments that are loaded from the file tell an entity of all their events at once. */
import { describe, expect, test } from "vitest";
import { formatInstant } from "../../projections/time/instant.ts";
import type { OracleEvent } from "../oracle/facts/oracle-event.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { documentOf } from "./document-of.ts";
import { expectPlain, newPath, sizes, started } from "./kept-file.ts";
import { ListStore } from "./list-store.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";

const begin = Date.UTC(2026, 2, 1);
const hour = 3_600_000;
const idOf = (sequence: number) => `00000000-0000-4000-8000-${String(sequence).padStart(12, "0")}`;

/** An event with what it says and the hour at which it happened. */
type Said = readonly [type: string, hours: number, data: object];

/** Filled up with what is about another node, to whole segments. */
function segmentsOf(...segments: readonly (readonly Said[])[]): OracleEvent[] {
  const events = segments.flatMap((said) => [
    ...said,
    ...Array.from({ length: sizes.segmentEvents - said.length }, (_, i): Said => {
      return ["NodeCommissioned", i, { cluster: "c1", node: "other" }];
    }),
  ]);
  return events.map(([type, hours, data], i) => {
    const occurredAt = formatInstant(begin + hours * hour);
    const recordedAt = formatInstant(begin + 1_000 * hour + i);
    return { id: idOf(i + 1), type, occurredAt, recordedAt, data };
  });
}

const node = { cluster: "c1", node: "n1" };
const failed = (faultId: string) => ({ ...node, faultId, category: "hardware" });

const movedLater = [
  [
    ["NodeCommissioned", 0, node],
    ["NodeFailed", 1, failed("f1")],
    ["FactCorrected", 1, { eventId: idOf(2), occurredAt: formatInstant(begin + 10 * hour) }],
  ],
  [
    ["NodeFailed", 5, failed("f2")],
    ["NodeReturned", 6, { ...node, faultIds: ["f2"] }],
  ],
  [
    ["NodeFailed", 7, failed("f3")],
    ["NodeReturned", 7.5, { ...node, faultIds: ["f3"] }],
    ["NodeFailed", 8, failed("f4")],
    ["NodeReturned", 9, { ...node, faultIds: ["f4"] }],
  ],
] satisfies Said[][];

const movedAmongOthers = [
  [
    ["NodeCommissioned", 0, node],
    ["NodeFailed", 4, failed("f1")],
  ],
  [
    ["NodeReturned", 9, { ...node, faultIds: ["f1"] }],
    ["FactCorrected", 4, { eventId: idOf(2), occurredAt: formatInstant(begin + 2 * hour) }],
    ["NodeFailed", 3, failed("f2")],
    ["NodeReturned", 5, { ...node, faultIds: ["f2"] }],
  ],
] satisfies Said[][];

const ofOneMillisecond = [
  [
    ["NodeCommissioned", 0, node],
    ["NodeFailed", 7, failed("f1")],
  ],
  [
    ["NodeFailed", 7, failed("f2")],
    ["NodeReturned", 7, { ...node, faultIds: ["f1"] }],
    ["NodeReturned", 8, { ...node, faultIds: ["f2"] }],
  ],
] satisfies Said[][];

describe("segments that are loaded give the documents of the plain fold", () => {
  test.each([
    ["with events before one that a correction had moved to later", movedLater],
    ["with a correction of an earlier segment's event, and events around it", movedAmongOthers],
    ["with several events of one millisecond", ofOneMillisecond],
  ])("%s", async (name, segments) => {
    const events = storedHistory(segmentsOf(...segments));
    const path = newPath(name.replaceAll(" ", "-"));
    await (await started(new ListStore(events), path)).stop();
    const store = new ListStore(events);
    const loaded = await started(store, path);
    expect(store.readsAfter).toEqual([events.length]);
    expectPlain(loaded.model, events, name);
    for (let hours = 0; hours < 14; hours++) {
      const [from, to] = [hours, hours + 1].map((each) => formatInstant(begin + each * hour));
      const request = { cluster: "c1", period: `${from}/${to}` };
      for (const P of [events.length, sizes.segmentEvents]) {
        const plain = plainClusterViewAt(rawHistory(events), "c1", P);
        expect(documentOf(loaded.model.view("c1", P), request)).toBe(documentOf(plain, request));
      }
    }
    await loaded.stop();
  });
});
