/** Payloads taken into a ledger of their own: the answers, and the events in short. */
import { formatInstant } from "../../../projections/time/instant.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import { takePayload } from "../../../src/sources/intake/take-payload.ts";
import type { Answer } from "../../../src/sources/intake/answer.ts";
import type { PayloadMeta } from "../../../src/sources/intake/take-payload.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { clock, eventsOf, sourceOf } from "../payloads/deliveries.ts";

interface Taken {
  readonly answers: readonly Answer[];
  /** Type, node and time of day of each event, with what is special of it. */
  readonly told: readonly string[];
  readonly events: readonly StoredEvent[];
}

export async function taken(
  config: object,
  bodies: readonly unknown[],
  meta: Partial<PayloadMeta> = {},
  metaOfEach: readonly Partial<PayloadMeta>[] = [],
): Promise<Taken> {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open({ clock });
  const source = sourceOf(config);
  const answers: Answer[] = [];
  for (const [i, body] of bodies.entries()) {
    const said = { actor: "key", ...meta, ...metaOfEach[i] };
    answers.push(await takePayload(ledger, source, body, said));
  }
  const events = await eventsOf(ledger);
  return { answers, events, told: events.map((event) => inShort(event, events)) };
}

/** A day on which the payloads of the tests tell what happened. */
export const day = "2026-03-02";
export const at = (time: string) => `${day}T${time}Z`;

function timeOf(instant: string): string {
  return instant.startsWith(day) ? instant.slice(11, 23).replace(/\.000$/, "") : instant;
}

function inShort(event: StoredEvent, events: readonly StoredEvent[]): string {
  const data = event.data as Record<string, unknown>;
  const target = events.find(({ id }) => id === data["eventId"]);
  if (target !== undefined) {
    const change =
      typeof data["occurredAt"] === "string" ? ` to ${timeOf(data["occurredAt"])}` : "";
    const { category } = (data["data"] ?? {}) as { readonly category?: string };
    return `${event.type} ${target.type}${change}${category === undefined ? "" : ` to ${category}`}`;
  }
  const { node, job, category, component, codes, outcome, cause, observer } = data;
  const { plannedFrom, plannedTo } = data as Record<string, string | undefined>;
  const plan =
    plannedFrom === undefined || plannedTo === undefined
      ? []
      : [`for ${timeOf(plannedFrom)} to ${timeOf(plannedTo)}`];
  return [
    event.type,
    node ?? job,
    timeOf(formatInstant(event.occurredAt)),
    ...[category, component, outcome, observer].filter((each) => each !== undefined),
    ...(codes === undefined ? [] : [JSON.stringify(codes)]),
    ...(cause === undefined ? [] : [JSON.stringify(cause)]),
    ...plan,
  ].join(" ");
}
