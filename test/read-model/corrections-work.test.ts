/** What many corrections of one event cost: counted by blocks of code that were run, not by a clock. */
import { take } from "./take.ts";
import { describe, expect, test } from "vitest";
import type { ClusterView } from "../../projections/view.ts";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { EffectiveFacts } from "../../projections/facts/effective-facts.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { eventHistory } from "../../src/answers/event-history.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import type { EventStore } from "../../src/store/port.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { countedWork } from "../counted-work.ts";
import { begin, History, hourMs, idOf, iso } from "../projections/history.ts";

const failureOf = (node: string) =>
  ({ cluster: "c", node, faultId: "f", category: "hardware" }) as const;

type Correct = (history: History, i: number) => void;

const kinds: Readonly<Record<string, Correct>> = {
  "that say the same": (history) => {
    history.add("FactCorrected", 9, { eventId: idOf(2), data: failureOf("n") });
  },
  "that each move it to another time": (history, i) => {
    const occurredAt = iso(begin + 2 * hourMs + i * 60_000);
    history.add("FactCorrected", 9, { eventId: idOf(2), occurredAt });
  },
  "that each move it to another node": (history, i) => {
    history.add("FactCorrected", 9, { eventId: idOf(2), data: failureOf(`n${i}`) });
  },
  "that are each retracted": (history, i) => {
    if (i % 2 === 0) history.add("FactRetracted", 9, { eventId: idOf(2) });
    else history.add("FactRetracted", 9, { eventId: idOf(history.events.length) });
  },
  "of which the latest is retracted again and again": (history, i) => {
    const occurredAt = iso(begin + 2 * hourMs + i * 60_000);
    if (i % 4 < 2) history.add("FactCorrected", 9, { eventId: idOf(2), occurredAt });
    else history.add("FactRetracted", 9, { eventId: idOf(history.events.length - 1) });
  },
};

function correctedTimes(count: number, correct: Correct): RawEvent[] {
  const history = new History();
  history.add("NodeCommissioned", 0, { node: "n" });
  history.add("NodeFailed", 1, { node: "n", faultId: "f", category: "hardware" });
  for (let i = 0; i < count; i++) correct(history, i);
  return history.events;
}

const report = (view: ClusterView) => {
  const period = `${iso(begin)}/${iso(begin + 9 * hourMs)}`;
  return JSON.stringify(slaDocument(view, { period }, firstZones));
};

interface Ways {
  readonly live: number;
  readonly asOf: number;
  readonly afterAnother: number;
  readonly plain: number;
  readonly asTheyCome: number;
  readonly history: number;
}

/** What each way to look at the event costs. */
async function costs(count: number, correct: Correct): Promise<Ways> {
  const events = correctedTimes(count, correct);
  const stored = events as readonly unknown[] as StoredEvent[];
  const model = new LiveModel();
  const documents: string[] = [];
  const live = await countedWork(() => {
    take(model, stored);
    documents.push(report(model.view("c")));
  });
  const asOf = await countedWork(() => {
    for (const part of [4, 3, 2]) report(model.view("c", Math.floor(events.length / part)));
  });
  const plain = await countedWork(() => {
    documents.push(report(plainClusterViewAt(events, "c", events.length)));
  });
  expect(documents[0]).toBe(documents[1]);
  const asTheyCome = await countedWork(() => {
    const facts = new EffectiveFacts(new Set(events.map(({ id }) => id)));
    for (const event of events) facts.take(event);
    facts.all();
  });
  const returned = new History();
  returned.events.push(...events);
  returned.add("NodeReturned", 8, { node: "n", faultIds: ["f"] });
  const afterAnother = await countedWork(() => {
    take(model, (returned.events as readonly unknown[] as StoredEvent[]).slice(-1));
    report(model.view("c"));
  });
  const [, failure] = stored;
  if (failure === undefined) throw new Error("there is no failure");
  const failed = { ...failure, revision: 1n };
  const store = {
    async *readStream() {
      for (const each of stored.slice(2)) yield { ...each, revision: BigInt(each.sequence) };
    },
  } as unknown as EventStore;
  const history = await countedWork(async () => {
    await eventHistory(store, failed, Infinity);
  });
  return { live, asOf, afterAnother, plain, asTheyCome, history };
}

describe("eight times as many corrections of one event", () => {
  test.each(Object.entries(kinds))(
    "%s cost about eight times the work, however they are read",
    async (_, correct) => {
      // What is computed once and kept is computed here.
      await costs(50, correct);
      const few = await costs(100, correct);
      const many = await costs(800, correct);
      for (const way of Object.keys(few) as (keyof Ways)[]) {
        // With their square it would be sixty-four times.
        expect(many[way] / few[way], way).toBeLessThan(12);
      }
    },
  );
});
