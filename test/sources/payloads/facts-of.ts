/** What events come to, told without ids: what was down, under maintenance or unseen, from when to when, and the rest. */
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import { effectiveFacts } from "../../projections/effective-facts-at.ts";

export interface Told {
  readonly kind: string;
  readonly node: string;
  readonly from: string;
  readonly to: string | null;
  readonly category?: string;
  readonly data?: object;
}

const pairs = [
  ["fault", "NodeFailed", "NodeReturned"],
  ["maintenance", "NodeMaintenanceStarted", "NodeMaintenanceEnded"],
] as const;

export function factsOf(events: readonly StoredEvent[]): Told[] {
  const facts = effectiveFacts(events as unknown as RawEvent[], events.length);
  const told: Told[] = [];
  const taken = new Set<string>();
  for (const [kind, startType, endType] of pairs) {
    const ends = facts.filter(({ type }) => type === endType);
    for (const fact of facts.filter(({ type }) => type === startType)) {
      const { node, faultId, maintenanceId, category } = fact.data as Record<string, string>;
      const id = faultId ?? maintenanceId ?? "";
      const own = ends.filter(
        ({ data }) => idOf(data) === id && (data as { node: string }).node === node,
      );
      if (own.length > 1) throw new Error(`${id} ends ${own.length} times`);
      for (const each of [fact, ...own]) taken.add(each.id);
      told.push({
        kind,
        node: node ?? "",
        from: formatInstant(fact.occurredAt),
        to: own[0] === undefined ? null : formatInstant(own[0].occurredAt),
        ...(category === undefined ? {} : { category }),
      });
    }
  }
  for (const fact of facts.filter(({ id }) => !taken.has(id)))
    told.push({
      kind: fact.type,
      node: "",
      from: formatInstant(fact.occurredAt),
      to: null,
      data: fact.data,
    });
  return told.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function idOf(data: object): string | undefined {
  const { faultIds, maintenanceId } = data as { faultIds?: string[]; maintenanceId?: string };
  return faultIds?.[0] ?? maintenanceId;
}
