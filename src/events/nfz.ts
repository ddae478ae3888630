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
  nodeScope,
  text,
  zone,
} from "./fields/fields.ts";

const nfz = { nfz: nfzName, cluster: clusterName };
const changed = {
  ...nfz,
  occurrence: instant.describe("The `from` of the occurrence."),
  to: instant.describe("When it ends now."),
};

export const nfzEvents = {
  NfzDeclared: eventType({
    version: 1,
    entity: "nfz",
    meaning: "Somebody declares a no-fly zone: when nothing may be rolled out, and where.",
    instants: ["occurrences[].from", "occurrences[].to"],
    data: z.strictObject({
      ...nfz,
      scope: nodeScope.optional().describe("Where it holds. Default: in the whole cluster."),
      occurrences: z
        .array(
          z.strictObject({
            from: instant.describe("Its first instant."),
            to: instant.describe("The first instant after it."),
          }),
        )
        .max(maxOccurrences)
        .describe("Every time that it holds, already resolved from the recurrence."),
      inFlight: z
        .enum(["finish", "pause", "rollback"])
        .describe("What rollouts do that are under way when it begins."),
      recurrence: z
        .strictObject({
          rrule: longText.describe("An RRULE of RFC 5545."),
          start: text.describe("Local date and time of the first occurrence."),
          zone,
          durationMs,
        })
        .optional()
        .describe("The rule that the occurrences were resolved from; kept for reference."),
      tzdata: text.optional().describe("Version of the zone table that resolved the occurrences."),
    }),
  }),
  NfzExtended: eventType({
    version: 1,
    entity: "nfz",
    meaning: "An occurrence will end later than declared.",
    instants: ["occurrence", "to"],
    data: z.strictObject(changed),
  }),
  NfzShortened: eventType({
    version: 1,
    entity: "nfz",
    meaning: "An occurrence will end earlier than declared.",
    instants: ["occurrence", "to"],
    data: z.strictObject(changed),
  }),
  NfzLifted: eventType({
    version: 1,
    entity: "nfz",
    meaning: "The occurrence that is running ends now.",
    data: z.strictObject(nfz),
  }),
  NfzCancelled: eventType({
    version: 1,
    entity: "nfz",
    meaning: "The occurrence that is running ends now, and there are no later ones.",
    data: z.strictObject(nfz),
  }),
};
