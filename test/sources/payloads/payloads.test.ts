/** Payloads of the field give the events that were worked out for them by hand. */
import { describe, expect, test } from "vitest";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import {
  cases,
  clock,
  deliver,
  eventsOf,
  factsAfter,
  hasPayloads,
  prepare,
  sourceOf,
} from "./deliveries.ts";

describe.skipIf(!hasPayloads).each(cases)("%s", (_name, folder, expected) => {
  test("each delivery is answered as expected, and the ledger has the expected events", async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    const before = await prepare(ledger, expected);
    const source = sourceOf(expected.config);
    const answers: object[] = [];
    for (const { file } of expected.deliveries) {
      const answer = await deliver(ledger, source, folder, file);
      answers.push({
        file,
        ...answer,
        status: 200,
        rows: answer.observations,
        refused: answer.refused.length,
      });
    }
    expect(answers).toMatchObject(
      expected.deliveries.map(({ file, expect: said }) => ({ file, ...said })),
    );
    const events = (await eventsOf(ledger)).slice(before);
    expect(events.map((event) => shown(event, events)).sort(byText)).toEqual(
      expected.events.map((event) => ({ ...event })).sort(byText),
    );
    expect(
      new Set(events.map(({ attribution }) => `${attribution.source} ${attribution.actor}`)),
    ).toEqual(new Set(events.length === 0 ? [] : [`${source.kind}:${source.name} tests`]));
  });

  test.runIf(expected.figures !== undefined)("the faults are those expected", async () => {
    const facts = await factsAfter(
      expected,
      folder,
      expected.deliveries.map(({ file }) => file),
    );
    expect(facts.filter(({ kind }) => kind === "fault").map(({ from, to }) => [from, to])).toEqual(
      expected.figures?.faults,
    );
  });
});

function byText(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

/** An event as the expected files write it. */
function shown(event: StoredEvent, events: readonly StoredEvent[]): object {
  if (event.type === "FactCorrected") {
    const { eventId, occurredAt } = event.data as { eventId: string; occurredAt: string };
    const target = events.find(({ id }) => id === eventId);
    const data = target?.data as { faultId?: string; faultIds?: string[] } | undefined;
    const of = data?.faultId ?? data?.faultIds?.[0];
    return { type: event.type, corrects: `${target?.type} ${of}`, newOccurredAt: occurredAt };
  }
  const { type, data, attribution } = event;
  const isJob = type.startsWith("Job");
  return {
    type,
    occurredAt: formatInstant(event.occurredAt),
    data,
    ...(isJob ? { correlationId: attribution.correlationId } : {}),
  };
}
