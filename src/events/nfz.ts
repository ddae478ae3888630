/** Events of a no-fly zone: a window in which a scope takes no maintenance. */
import { z } from "zod";
import { maxOccurrences } from "../limits/events.ts";
import { eventType } from "./event-type.ts";
import {
  clusterName,
  durationMs,
  instant,
  longText,
  nfzName,
  placeOfNodes,
  text,
  zone,
} from "./fields/fields.ts";

const nfz = { nfz: nfzName, cluster: clusterName };
const changed = {
  ...nfz,
  occurrence: instant.describe("The `from` of the occurrence."),
  to: instant,
};

export const nfzEvents = {
  NfzDeclared: eventType({
    version: 1,
    entity: "nfz",
    meaning: "A no-fly zone with its occurrences, resolved to UTC when it was declared.",
    instants: ["occurrences[].from", "occurrences[].to"],
    data: z.strictObject({
      ...nfz,
      scope: placeOfNodes.optional(),
      occurrences: z.array(z.strictObject({ from: instant, to: instant })).max(maxOccurrences),
      inFlight: z.enum(["finish", "pause", "rollback"]),
      recurrence: z
        .strictObject({ rrule: longText, start: text, zone, durationMs })
        .optional()
        .describe("RFC 5545 RRULE, local start, zone, elapsed duration."),
      tzdata: text.optional().describe("Version of the zone table that resolved the occurrences."),
    }),
  }),
  NfzExtended: eventType({
    version: 1,
    entity: "nfz",
    meaning: "The occurrence ends later.",
    instants: ["occurrence", "to"],
    data: z.strictObject(changed),
  }),
  NfzShortened: eventType({
    version: 1,
    entity: "nfz",
    meaning: "The occurrence ends earlier.",
    instants: ["occurrence", "to"],
    data: z.strictObject(changed),
  }),
  NfzLifted: eventType({
    version: 1,
    entity: "nfz",
    meaning: "The running occurrence ends here.",
    data: z.strictObject(nfz),
  }),
  NfzCancelled: eventType({
    version: 1,
    entity: "nfz",
    meaning: "The running occurrence ends here and the later ones are dropped.",
    data: z.strictObject(nfz),
  }),
};
