/** Every event type; where rules.md ranks types, in that order. */
import type { z } from "zod";
import { accessEvents } from "./access.ts";
import { clusterEvents } from "./cluster.ts";
import { correctionEvents } from "./correction.ts";
import type { EventTypeDefinition } from "./event-type.ts";
import { jobEvents } from "./job.ts";
import { nfzEvents } from "./nfz.ts";
import { nodeEvents } from "./node.ts";
import { systemEvents } from "./system.ts";
import { coTestEvents, rolloutEvents } from "./rollout.ts";

export const catalogue = {
  ...clusterEvents,
  ...nodeEvents,
  ...jobEvents,
  ...rolloutEvents,
  ...coTestEvents,
  ...nfzEvents,
  ...correctionEvents,
  ...systemEvents,
  ...accessEvents,
};

export type EventType = keyof typeof catalogue;

/** The kinds of thing that events are about. */
export type EntityName = (typeof catalogue)[EventType]["entity"];

/** The data of a type as they are stored: complete, valid, with instants in canonical form. */
export type DataOf<T extends EventType> = z.output<(typeof catalogue)[T]["data"]>;

export const eventTypes = Object.keys(catalogue) as EventType[];

export function isEventType(name: string): name is EventType {
  return Object.hasOwn(catalogue, name);
}

/** The definition of a type, whichever it is. */
export function definitionOf(type: EventType): EventTypeDefinition<z.ZodType, EntityName> {
  return catalogue[type];
}

const decidedOfNodes: ReadonlySet<EventType> = new Set<EventType>([
  "NodeMaintenanceAnnounced",
  "NodeMaintenanceStarted",
  "NodeMaintenanceEnded",
  "NodeMaintenanceRefused",
  "NodeScaleAllowed",
  "NodeScaleDenied",
]);

/** Whether the ledger decides events of this type when it is asked; others are facts whoever states them. */
export function mayBeDecided(type: EventType): boolean {
  const { entity } = definitionOf(type);
  return entity === "rollout" || entity === "nfz" || decidedOfNodes.has(type);
}

/** Whether only the ledger itself writes events of this type. */
export function isSystemEvent(type: EventType): boolean {
  return definitionOf(type).entity === "system";
}
