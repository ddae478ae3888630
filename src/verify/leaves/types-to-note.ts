/** Which events a quick look at their bytes is not enough for. */
import { definitionOf, eventTypes } from "../../events/catalogue.ts";
import { piecesOfStream } from "../../events/stream.ts";
import { maxEventBytes } from "../../limits/events.ts";
import type { TypesToNote } from "./leaf-block.ts";

/** Always read are system events, corrections, and what needs an actor or a reason: there are few of them. */
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
