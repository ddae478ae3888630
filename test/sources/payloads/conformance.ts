/** What a ledger says of a case of payloads, whatever it is stored in: the answers and events worked out by hand. */
import { expect } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import type { Expected } from "./deliveries.ts";
import { deliver, eventsOf, prepare, sourceOf } from "./deliveries.ts";

/** Delivers a case and checks all of it; before each payload and at the end it asks for the ledger, which may have been opened anew. Returns how many events it gave. */
export async function checkedEvents(
  expected: Expected,
  folder: string,
  ledgerNow: () => Promise<Ledger>,
): Promise<number> {
  const before = await prepare(await ledgerNow(), expected);
  const source = sourceOf(expected.config);
  const answers: object[] = [];
  for (const { file } of expected.deliveries) {
    const answer = await deliver(await ledgerNow(), source, folder, file);
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
  const events = (await eventsOf(await ledgerNow())).slice(before);
  expect(events.map((event) => shown(event, events)).sort(byText)).toEqual(
    expected.events.map((event) => ({ ...event })).sort(byText),
  );
  expect(
    new Set(events.map(({ attribution }) => `${attribution.source} ${attribution.actor}`)),
  ).toEqual(new Set(events.length === 0 ? [] : [`${source.kind}:${source.name} tests`]));
  return events.length;
}

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
