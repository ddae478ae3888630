/** Events of a no-fly zone: a window in which a scope takes no maintenance. */
import { z } from "zod";
import { maxExceptions, maxOccurrences } from "../limits/events.ts";
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
const occurrence = z.strictObject({
  from: instant.describe("Its first instant."),
  to: instant.describe("The first instant after it."),
});
const resolvedUntil = instant
  .optional()
  .describe(
    "Up to where the occurrences of a rule that goes on are listed; left out where it ends before.",
  );
const tzdata = text.describe("Version of the zone table that resolved the occurrences.");
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
    instants: ["occurrences[].from", "occurrences[].to", "resolvedUntil"],
    data: z.strictObject({
      ...nfz,
      scope: nodeScope.optional().describe("Where it holds. Default: in the whole cluster."),
      occurrences: z
        .array(occurrence)
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
          except: z
            .array(text)
            .max(maxExceptions)
            .optional()
            .describe("Local starts of the rule's occurrences that are left out."),
        })
        .optional()
        .describe("The rule that the occurrences were resolved from."),
      resolvedUntil,
      noFastPath: z
        .boolean()
        .optional()
        .describe("Whether it holds rollouts on the fast path too. Default: false."),
      tzdata: tzdata.optional(),
    }),
  }),
  NfzResolved: eventType({
    version: 1,
    entity: "nfz",
    meaning:
      "More occurrences of a rule are listed, or those to come are listed anew by another zone table.",
    instants: ["after", "resolvedUntil", "occurrences[].from", "occurrences[].to"],
    data: z.strictObject({
      ...nfz,
      after: instant.describe(
        "Occurrences that begin here or later, and that no extension or shortening names, are dropped.",
      ),
      resolvedUntil,
      occurrences: z
        .array(occurrence)
        .max(maxOccurrences)
        .describe("What is added, where no occurrence has that `from` yet; may be empty."),
      tzdata,
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
