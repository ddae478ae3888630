/** How an event type is described: its schema, the version it is at, where it lives and what it means. */
import type { z } from "zod";

export interface EventTypeDefinition<
  S extends z.ZodType = z.ZodType,
  Entity extends string = string,
> {
  /** The type's own fields, newest version. */
  readonly data: S;
  /** Newest schema version; older ones are upcast on reading (`upcast.ts`). */
  readonly version: number;
  /** The kind of thing that it is about; each has streams, and most have a fold of their own (`projections/kinds.ts`). */
  readonly entity: Entity;
  /** What it says, for the reader of the catalogue and of the API's documentation. */
  readonly meaning: string;
  /** Dotted paths of instants in the data; `[]` walks a list. */
  readonly instants?: readonly string[];
  /** Members of the data that are ids of events: they are kept in lower case. */
  readonly eventIds?: readonly string[];
  /** Envelope fields that this type cannot do without. */
  readonly needs?: readonly ("actor" | "reason")[];
}

export function eventType<S extends z.ZodType, const Entity extends string>(
  definition: EventTypeDefinition<S, Entity>,
): EventTypeDefinition<S, Entity> {
  return definition;
}
