/** Corrections: facts about facts. They live in the stream of the event that they name. */
import { z } from "zod";
import { eventType } from "./event-type.ts";
import { eventId, instant } from "./fields/fields.ts";

export const correctionEvents = {
  FactCorrected: eventType({
    version: 1,
    entity: "correction",
    meaning:
      "An earlier event was wrong: it happened at another time, or with other data. Its type stays.",
    instants: ["occurredAt"],
    needs: ["actor", "reason"],
    eventIds: ["eventId"],
    data: z.strictObject({
      eventId,
      occurredAt: instant.optional(),
      data: z
        .record(z.string(), z.unknown())
        .optional()
        .describe("The whole new data of the named event's type."),
    }),
  }),
  FactRetracted: eventType({
    version: 1,
    entity: "correction",
    meaning: "An earlier event was wrong: it did not happen.",
    needs: ["actor", "reason"],
    eventIds: ["eventId"],
    data: z.strictObject({ eventId }),
  }),
};
