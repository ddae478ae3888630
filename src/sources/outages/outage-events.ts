/** The ledger's events that an outage log stands for. Their ids come from what is in the log, so that a second import appends nothing. */
import { firstInstantAtOrAfterLocal } from "../../../projections/time/zone-table.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ClusterMembers } from "./outage-members.ts";
import type { TimeForm } from "./local-time.ts";
import type { OutageMap } from "./outage-map.ts";
import type { Outage } from "./outage-row.ts";
import type { OutageRow } from "./outage-rows.ts";
import { stableId } from "../../events/fields/stable-id.ts";

/** An event as a sender states it. */
export interface OutgoingEvent {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly reason?: string;
}

/** Registration and memberships of one cluster: a cluster from its nodes' commissioning on. */
export function* membershipEvents(
  cluster: string,
  members: ClusterMembers,
  map: OutageMap,
  form: TimeForm,
): Generator<OutgoingEvent> {
  if (map.members === undefined) return;
  const from = localInstant(map.members.from, form);
  const source = `${map.name}:members`;
  const event = (type: string, occurredAt: string, data: OutgoingEvent["data"]): OutgoingEvent => ({
    id: stableId([map.name, type, occurredAt, JSON.stringify(data)]),
    type,
    occurredAt,
    data,
    source,
  });
  yield event("ClusterRegistered", from, { cluster, zone: form.zoneName });
  const to = map.members.to === undefined ? null : localInstant(map.members.to, form);
  for (const node of members.nodes) {
    yield event("NodeCommissioned", from, { cluster, node });
    if (to !== null) yield event("NodeDecommissioned", to, { cluster, node });
  }
}

/** The failure of a row's outage, then its return, if it has one. */
export function outageEvents(row: OutageRow, outage: Outage, map: OutageMap): OutgoingEvent[] {
  const { cluster, node, category, component, notes } = outage;
  const faultId = `row-${row.number}`;
  const source = `${map.name}:${faultId}`;
  const choices = notes.filter((note) => note.kind === "local-time-twice").map(({ text }) => text);
  const attribution = choices.length === 0 ? { source } : { source, reason: choices.join("; ") };
  const id = (type: string) => stableId([map.name, type, String(row.number), ...row.fields]);
  const failure: OutgoingEvent = {
    id: id("NodeFailed"),
    type: "NodeFailed",
    occurredAt: formatInstant(outage.failedAt),
    data: { cluster, node, faultId, category, ...(component === null ? {} : { component }) },
    ...attribution,
  };
  if (outage.returnedAt === null) return [failure];
  const returned: OutgoingEvent = {
    id: id("NodeReturned"),
    type: "NodeReturned",
    occurredAt: formatInstant(outage.returnedAt),
    data: { cluster, node, faultIds: [faultId] },
    ...attribution,
  };
  return [failure, returned];
}

/** The first instant of a local date or time of the map. */
function localInstant(text: string, form: TimeForm): string {
  const time = text.length === 10 ? `${text}T00:00` : text;
  const localMs = Date.parse(`${time}Z`);
  return formatInstant(firstInstantAtOrAfterLocal(form.zone, localMs));
}
