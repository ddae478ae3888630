/** Which events must be read whole, because a look at their bytes is not enough. */
import { definitionOf, eventTypes } from "../../events/catalogue.ts";
import { piecesOfStream } from "../../events/stream.ts";
import { maxEventBytes } from "../../limits/events.ts";
import type { TypesToNote } from "./leaf-block.ts";

/** System events, corrections, and types that require an actor or a reason are always read; they are few. */
export const typesToNote: TypesToNote = {
  known: eventTypes,
  noted: new Set(
    eventTypes.filter((type) => {
      const { entity, needs } = definitionOf(type);
      return entity === "system" || entity === "correction" || needs !== undefined;
    }),
  ),
  streams: new Map(
    eventTypes.flatMap((type) => {
      const pieces = piecesOfStream(type);
      return pieces === null ? [] : [[type, pieces] as const];
    }),
  ),
  longLeafBytes: maxEventBytes,
};
