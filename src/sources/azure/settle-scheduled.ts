/**
 * What a document of Azure Scheduled Events adds to what is known of one node. Of each event the first announcement of
 * one plan, the first start and the first end stand: whoever tells them again tells nothing new.
 */
import { formatInstant } from "../../../projections/time/instant.ts";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import type { EventType } from "../../events/catalogue.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { maxFutureSkewMs } from "../../limits/events.ts";
import type { SourceOf } from "../config/sources-file.ts";
import type { Draft } from "../reconcile/drafts.ts";
import { eventIdOf } from "../reconcile/kind-types.ts";
import { sourceTag } from "../reconcile/names.ts";
import type { Stated } from "../reconcile/stated.ts";
import type { Settled } from "../reconcile/task.ts";
import { ScheduledState, type ScheduledStates, readScheduled } from "./scheduled-state.ts";

/** What a document says of one event on one node. */
export interface Telling {
  /** The id of the maintenance or fault. */
  readonly id: string;
  readonly type: string;
  readonly status: "scheduled" | "started" | "completed" | "cancelled";
  readonly isPlatform: boolean;
  /** Whether the machine goes away for good. */
  readonly isRemoved: boolean;
  /** How long it takes, if Azure says so. */
  readonly statedMs: number | null;
  /** Of what is scheduled. */
  readonly plan: { readonly from: number; readonly to: number } | null;
}

export interface Document {
  readonly agent: string;
  readonly observedAt: number;
  /** Whether the node is the agent's own. */
  readonly isOwn: boolean;
  readonly nowMs: number;
  readonly tellings: readonly Telling[];
  /** The ids of those that it lists and that were refused: they are not gone. */
  readonly unread: ReadonlySet<string>;
}

interface NodePlace {
  readonly cluster: string;
  readonly node: string;
}

export function settleScheduled(
  source: Pick<SourceOf<"azure-scheduled-events">, "kind" | "name">,
  place: NodePlace,
  document: Document,
  events: readonly StoredEvent[],
): Settled {
  const states = readScheduled(sourceTag(source), events);
  const work = new ScheduledWork({ source: source.name, ...place }, document, states);
  for (const telling of document.tellings) {
    const state = states.byId.get(telling.id) ?? new ScheduledState(telling.id);
    if (telling.isRemoved) work.removed(telling);
    else if (telling.status === "scheduled") work.scheduled(state, telling);
    else if (telling.status === "started") work.started(state, telling);
    else work.gone(state, true);
  }
  const listed = new Set([...document.unread, ...document.tellings.map(({ id }) => id)]);
  for (const state of states.byId.values()) {
    const isTold = document.isOwn || state.agent === document.agent;
    if (!listed.has(state.id) && isTold) work.gone(state, false);
  }
  return work.settled();
}

class ScheduledWork {
  readonly #drafts: Draft[] = [];
  #absorbed = 0;
  #found = 0;
  readonly #place: NodePlace & { readonly source: string };
  readonly #document: Document;
  readonly #states: ScheduledStates;

  constructor(
    place: NodePlace & { readonly source: string },
    document: Document,
    states: ScheduledStates,
  ) {
    this.#place = place;
    this.#document = document;
    this.#states = states;
  }

  settled(): Settled {
    return { drafts: this.#drafts, absorbed: this.#absorbed, duplicates: 0, found: this.#found };
  }

  scheduled(state: ScheduledState, { id, plan }: Telling): void {
    const { observedAt } = this.#document;
    const { started, ended } = state;
    const from = plan === null ? "" : formatInstant(plan.from);
    const same = state.announced.find((each) => each.data["plannedFrom"] === from);
    const isTooLate = started !== null && observedAt >= started.occurredAt;
    if (plan === null || isTooLate || (same !== undefined && !this.#cameBack(same))) {
      this.#absorbed++;
      return;
    }
    if (same !== undefined) {
      this.#bringBack(same);
      return;
    }
    const wasFault = started?.event.type === "NodeFailed" && !started.isForeign;
    // It was announced after all: maintenance, not a broken host.
    if (wasFault)
      for (const each of [started, ended])
        if (each !== null) this.#retract(each, "it was announced");
    const planned = { plannedFrom: from, plannedTo: formatInstant(plan.to) };
    this.#state("NodeMaintenanceAnnounced", id, observedAt, { maintenanceId: id, ...planned });
    if (!wasFault) return;
    this.#state("NodeMaintenanceStarted", id, started.occurredAt, { maintenanceId: id });
    if (ended !== null && !ended.isForeign)
      this.#state("NodeMaintenanceEnded", id, ended.occurredAt, { maintenanceId: id });
  }

  started(state: ScheduledState, telling: Telling): void {
    const { observedAt } = this.#document;
    const { id, type, isPlatform } = telling;
    if (state.started !== null) {
      // What had not passed when it began may have passed by now.
      if (state.ended !== null || !this.#freezeEnds(state.started, telling)) this.#absorbed++;
      return;
    }
    const isAnnounced = state.announced.length > 0;
    const isBroken = !isAnnounced && isPlatform && (type === "Reboot" || type === "Redeploy");
    if (isBroken) {
      const cause = { category: "hardware", component: "host" };
      this.#state("NodeFailed", id, observedAt, { faultId: id, ...cause });
      return;
    }
    // Announcements that seemed to be cancelled were not.
    for (const each of state.announced) this.#bringBack(each);
    this.#state("NodeMaintenanceStarted", id, observedAt, { maintenanceId: id });
    this.#endFreeze(observedAt, telling);
  }

  /** States the end of a freeze that began earlier; returns whether it did. */
  #freezeEnds(started: Stated, telling: Telling): boolean {
    if (started.event.type !== "NodeMaintenanceStarted" || started.isForeign) return false;
    return this.#endFreeze(started.occurredAt, telling);
  }

  /** Azure lists a freeze for some ten minutes after the node serves again: it ends after the time that is stated. */
  #endFreeze(startedAt: number, { id, type, statedMs }: Telling): boolean {
    if (type !== "Freeze" || statedMs === null) return false;
    const endsAt = startedAt + statedMs;
    if (endsAt > this.#document.nowMs + maxFutureSkewMs) return false;
    this.#state("NodeMaintenanceEnded", id, endsAt, { maintenanceId: id });
    return true;
  }

  /** It is in the document no more, or said to be over. */
  gone(state: ScheduledState, isListed: boolean): void {
    const { observedAt } = this.#document;
    const { id, started, ended, announced } = state;
    const told = started === null ? announced : [started];
    if (told.length === 0 || told.some((each) => observedAt <= each.occurredAt)) {
      if (isListed) this.#absorbed++;
      return;
    }
    if (!isListed) this.#found++;
    const open = announced.filter((each) => !each.isRetracted && !each.isForeign);
    if (started === null && open.length > 0) {
      for (const each of open) this.#retract(each, "Azure cancelled it");
    } else if (started === null || ended !== null || started.isStruck) {
      this.#absorbed++;
    } else if (started.event.type === "NodeFailed") {
      this.#state("NodeReturned", id, observedAt, { faultIds: [id] });
    } else {
      this.#state("NodeMaintenanceEnded", id, observedAt, { maintenanceId: id });
    }
  }

  /** A machine that is taken away leaves the cluster when that begins: nobody is there to see the end. If it is cancelled, it stays. */
  removed({ id, status }: Telling): void {
    const eventId = eventIdOf(this.#place, "NodeDecommissioned", id, 0);
    const isTaken = status === "started" || status === "completed";
    if (!isTaken || this.#states.ids.has(eventId)) {
      this.#absorbed++;
      return;
    }
    this.#add("NodeDecommissioned", eventId, this.#document.observedAt, {});
  }

  /** Whether a document tells an announcement again after it seemed to be cancelled. */
  #cameBack(announced: Stated): boolean {
    const cancelled = announced.cancelledAt();
    return cancelled !== null && this.#document.observedAt > cancelled;
  }

  #bringBack(stated: Stated): void {
    for (const id of stated.ownRetractions()) this.#retractEvent(id, "it was not cancelled");
  }

  #state(type: EventType, id: string, at: number, data: object): void {
    this.#add(type, eventIdOf(this.#place, type, id, at), at, data);
  }

  #add(type: EventType, id: string, at: number, data: object): void {
    const { cluster, node } = this.#place;
    // A document may list an event twice.
    if (this.#states.ids.has(id) || this.#drafts.some((draft) => draft.id === id)) {
      this.#absorbed++;
      return;
    }
    this.#drafts.push({
      id,
      type,
      occurredAt: formatInstant(at),
      data: { cluster, node, ...data },
      correlationId: this.#document.agent,
    });
  }

  #retract({ event }: Stated, reason: string): void {
    this.#retractEvent(event.id, reason);
  }

  #retractEvent(eventId: string, reason: string): void {
    const data = { eventId };
    const n = String(this.#states.touched.get(eventId) ?? 0);
    this.#drafts.push({
      id: stableId([this.#place.source, "FactRetracted", eventId, canonicalJson(data), n]),
      type: "FactRetracted",
      occurredAt: formatInstant(this.#document.observedAt),
      data,
      correlationId: this.#document.agent,
      reason,
    });
  }
}
