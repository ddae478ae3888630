/**
 * Azure Scheduled Events, as the agent on each machine posts them: the whole document each time, with the instant at
 * which the agent read it. What is missing from a later document is over.
 */
import { parseInstant } from "../../../projections/time/instant.ts";
import { futureError } from "../../events/check/check.ts";
import { maxNameLength } from "../../limits/events.ts";
import { streamOf } from "../../events/stream.ts";
import { nameError, namedNode } from "../config/node-name.ts";
import { textAt } from "../config/template.ts";
import type { SourceOf } from "../config/sources-file.ts";
import { Seen, isRecord, notOfForm } from "../reconcile/seen.ts";
import { parseNotBefore } from "./not-before.ts";
import { type Document, type Telling, settleScheduled } from "./settle-scheduled.ts";

type Source = SourceOf<"azure-scheduled-events">;
type Json = Readonly<Record<string, unknown>>;

export interface NamedNode {
  readonly cluster: string;
  readonly node: string;
}

/** The agent that a payload is from; throws `invalid-request` if the body is of another form. */
export function agentOf(body: unknown): string {
  return envelope(body).agent;
}

/** `known` are the nodes that earlier documents of the agent named. */
export function seeScheduledEvents(
  source: Source,
  body: unknown,
  { nowMs, known }: { readonly nowMs: number; readonly known: readonly NamedNode[] },
): Seen {
  const { agent, observedAt, events } = envelope(body);
  const seen = new Seen(source.name, nowMs);
  const own = namedNode(source, { resource: agent, agent });
  const byStream = new Map<string, { place: NamedNode; tellings: Telling[]; path: string }>();
  const at = (place: NamedNode) => {
    const stream = streamOf("NodeMaintenanceStarted", { ...place }) ?? "";
    const found = byStream.get(stream) ?? { place, tellings: [], path: "" };
    byStream.set(stream, found);
    return found;
  };
  for (const place of [own, ...known]) if (nameError(place) === null) at(place);
  const unread = new Set<string>();
  for (const [i, event] of events.entries()) {
    const path = `/document/Events/${i}`;
    const tellings = tellingsOf(source, seen, event, agent, path);
    if (tellings === null) unread.add(idOf(source, event));
    for (const { place, telling } of tellings ?? []) {
      const found = at(place);
      found.path ||= path;
      // A document may list an event or a machine twice.
      if (found.tellings.some(({ id }) => id === telling.id)) seen.absorbed++;
      else found.tellings.push(telling);
    }
  }
  const late = futureError(observedAt, nowMs, "/observedAt");
  if (late !== null) {
    seen.refuse("/observedAt", late.message);
    return seen;
  }
  for (const [stream, { place, tellings, path }] of byStream) {
    const isOwn = place.cluster === own.cluster && place.node === own.node;
    const document: Document = { agent, observedAt, isOwn, nowMs, tellings, unread };
    seen.tasks.push({
      stream,
      path,
      settle: (stored) => settleScheduled(source, place, document, stored),
    });
  }
  return seen;
}

function envelope(body: unknown) {
  const document = isRecord(body) ? body["document"] : undefined;
  const events = isRecord(document) ? document["Events"] : undefined;
  const agent = isRecord(body) ? body["agent"] : undefined;
  const observed = isRecord(body) ? body["observedAt"] : undefined;
  const observedAt = typeof observed === "string" ? parseInstant(observed) : null;
  const isName = typeof agent === "string" && agent !== "" && agent.length <= maxNameLength;
  if (!isName || observedAt === null || !Array.isArray(events))
    throw notOfForm("{agent, observedAt, document} with the document of Azure Scheduled Events");
  return { agent, observedAt, events: events as unknown[] };
}

/** The id of its maintenance or fault; that of no event, if it has none. */
function idOf({ name }: Source, event: unknown): string {
  const eventId = isRecord(event) ? event["EventId"] : undefined;
  return typeof eventId === "string" ? `${name}:${eventId.toLowerCase()}` : "";
}

/** What an event tells of each of its machines; `null` if it is refused. */
function tellingsOf(
  source: Source,
  seen: Seen,
  event: unknown,
  agent: string,
  path: string,
): { place: NamedNode; telling: Telling }[] | null {
  const resources = isRecord(event) ? event["Resources"] : undefined;
  if (!isRecord(event) || !Array.isArray(resources)) {
    seen.total++;
    seen.refuse(path, "/Resources must be a list of machines");
    return null;
  }
  seen.total += resources.length;
  const refuse = (detail: string) => {
    // Each of its machines is an observation of its own.
    for (const [k] of resources.entries()) seen.refuse(`${path}/Resources/${k}`, detail);
    return null;
  };
  if (typeof event["EventId"] !== "string" || event["EventId"] === "")
    return refuse("/EventId is missing");
  const telling = tellingOf(source, event);
  if (typeof telling === "string") return refuse(telling);
  if (telling === null) {
    seen.ignored += resources.length;
    return [];
  }
  return resources.flatMap((resource: unknown, k) => {
    const place = namedNode(source, { ...event, resource, agent });
    const error = nameError(place);
    if (error === null) return [{ place, telling }];
    seen.refuse(`${path}/Resources/${k}`, error);
    return [];
  });
}

/** The last instant that can be written with a year of four digits. */
const latestInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** `null` if it is ignored; a text says why it cannot be read. */
function tellingOf(source: Source, event: Json): Telling | string | null {
  const type = textAt(event, ["EventType"]);
  const status = textAt(event, ["EventStatus"]);
  const seconds = event["DurationInSeconds"];
  const isRemoved = type === "Preempt" || type === "Terminate";
  if ((isRemoved && !source.membership) || seconds === 0) return null;
  const id = idOf(source, event);
  if (id.length > maxNameLength || !id.isWellFormed()) return "/EventId is too long, or no text";
  const isPlatform = event["EventSource"] !== "User";
  const stated = typeof seconds === "number" && seconds > 0 ? seconds : null;
  const statedMs = stated === null ? null : Math.max(1, Math.round(stated * 1_000));
  if (statedMs !== null && statedMs > latestInstant) return "/DurationInSeconds is too long";
  const common = {
    id,
    type,
    isPlatform,
    isRemoved,
    statedMs,
  };
  if (status === "Started") return { ...common, status: "started", plan: null };
  if (status === "Completed") return { ...common, status: "completed", plan: null };
  if (status === "Canceled" || status === "Cancelled")
    return { ...common, status: "cancelled", plan: null };
  if (status !== "Scheduled") return `/EventStatus "${status.slice(0, 40)}" is not known`;
  const from = parseNotBefore(textAt(event, ["NotBefore"]));
  if (from === null) return "/NotBefore must be an instant";
  const plannedMs = statedMs ?? unstated(source, type) * 1_000;
  if (from + plannedMs > latestInstant) return "/DurationInSeconds is too long";
  return { ...common, status: "scheduled", plan: { from, to: from + plannedMs } };
}

function unstated({ unstatedSeconds }: Source, type: string): number {
  if (type === "Freeze") return unstatedSeconds.freeze;
  return type === "Redeploy" ? unstatedSeconds.redeploy : unstatedSeconds.reboot;
}
