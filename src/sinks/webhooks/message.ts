/** A message to a receiver: its id, and its body in either form. */
import { cloudEventJson } from "../../answers/cloud-event-json.ts";
import { eventJson } from "../../answers/event-json.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { reportAddress } from "../../reports/issued/report-json.ts";
import type { MessageType } from "./message-type.ts";
import type { Webhook } from "./webhooks-file.ts";

interface Message {
  /** The same at every attempt, so that a receiver knows what it has. */
  readonly id: string;
  readonly contentType: string;
  readonly body: string;
}

interface Told {
  readonly event: StoredEvent;
  readonly type: MessageType;
  /** The cluster that it is about; `null` if it is about none. */
  readonly cluster: string | null;
}

/** `origin` names the ledger. */
export function messageOf({ name, format }: Webhook, told: Told, origin: string): Message {
  const { event, type, cluster } = told;
  const of = event.type === "NoticeRaised" ? event.id : String(event.sequence);
  const id = `msg_${stableId([name, of])}`;
  if (format === "cloudevents") {
    const body = JSON.stringify(cloudEventJson(event, origin));
    return { id, contentType: "application/cloudevents+json", body };
  }
  const data = {
    sequence: event.sequence,
    cluster,
    event: eventJson(event),
    links: linksOf(event, cluster),
  };
  const body = JSON.stringify({ type, timestamp: formatInstant(event.occurredAt), data });
  return { id, contentType: "application/json", body };
}

/** Addresses at the ledger: the event, what it is about, and the page for people. */
function linksOf(event: StoredEvent, cluster: string | null): Readonly<Record<string, string>> {
  const { data } = event;
  const at = (...steps: string[]) => steps.map((step) => `/${encodeURIComponent(step)}`).join("");
  const page = at("events", event.id);
  const self = at("v1", "events", event.id);
  if ("report" in data) return { event: self, about: reportAddress(data.report), page };
  if ("rollout" in data) return { event: self, about: at("v1", "rollouts", data.rollout), page };
  if (cluster !== null && "node" in data && typeof data.node === "string")
    return { event: self, about: at("v1", "nodes", cluster, data.node), page };
  return { event: self, page };
}
