/** Requests and answers about no-fly zones. */
import { z } from "zod";
import { rolloutStates } from "../../../projections/rollouts/status.ts";
import {
  clusterName,
  instant,
  longText,
  nfzName,
  nodeScope,
  text,
} from "../../events/fields/fields.ts";
import { maxExceptions, maxListLength } from "../../limits/events.ts";
import { maxDeclaredOccurrences } from "../../limits/nfz.ts";
import {
  instantText,
  nfzInCluster,
  nfzInForce,
  nullableInstant,
  position,
} from "../../answers/schemas.ts";
import { decided } from "./decisions.ts";
import { nfzTimeline } from "./timelines.ts";

const occurrenceName = instant.describe("The `from` of the occurrence.");

const clusters = z.array(clusterName).min(1).max(maxListLength);

/** A declaration, without the members of every command. The decider parses the rule and checks the lists. */
export const declaration = {
  nfz: nfzName,
  clusters: z
    .union([z.literal("all"), clusters], {
      error: 'must be a list of at least one cluster\'s name, or "all"',
    })
    .describe("Names of clusters, or `all` for those known now."),
  scope: nodeScope
    .optional()
    .describe(
      "The nodes that it covers: those that match each of nodes, racks and SKUs given. Default: all.",
    ),
  inFlight: z
    .enum(["finish", "pause", "rollback"])
    .describe("What rollouts in flight must do when it begins."),
  noFastPath: z
    .boolean()
    .optional()
    .describe("Whether it holds rollouts on the fast path too. Default: false."),
  reason: longText.describe("Why. Shown in calendars."),
  occurrences: z
    .array(
      z.strictObject({
        from: instant.optional().describe("Its first instant. Default: now."),
        to: instant.describe("The first instant after it."),
      }),
    )
    .min(1)
    .max(maxDeclaredOccurrences)
    .optional()
    .describe("Single occurrences. Give either these or a recurrence."),
  recurrence: z
    .strictObject({
      rrule: longText.describe(
        "An RRULE of RFC 5545: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY with INTERVAL, COUNT, UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYSETPOS and WKST.",
      ),
      start: text.describe(
        "Local date and time of the first occurrence, such as 2026-03-07T22:00.",
      ),
      zone: text.describe("The IANA time zone of its local times."),
      durationMs: z.int().describe("The duration of each occurrence: from a minute to 366 days."),
      except: z
        .array(text)
        .max(maxExceptions)
        .optional()
        .describe("Local starts of occurrences to leave out."),
    })
    .optional(),
};

/** A change, without the members of every command. */
const changed = {
  reason: longText.describe("Why."),
  clusters: clusters.optional().describe("Default: all clusters of the no-fly zone."),
};
export const endChange = {
  ...changed,
  occurrence: occurrenceName,
  to: instant.describe("The new end."),
};
export const skipChange = { ...changed, occurrence: occurrenceName };
export const wholeChange = changed;

export const nfzAnswer = z
  .strictObject({
    nfz: z.string(),
    ...decided,
    clusters: z.array(nfzInCluster).describe("By name: where the command was carried out."),
    leftOut: z.array(z.string()).describe("Clusters in which the command does not apply."),
  })
  .meta({ id: "NfzAnswer" });

const met = z.array(
  z.strictObject({
    rollout: z.string(),
    state: z.enum(rolloutStates),
    urgency: z.string().nullable(),
    deadline: nullableInstant,
  }),
);

export const nfzPreview = z
  .strictObject({
    nfz: z.string(),
    at: instantText.describe("The instant at which it would be declared."),
    asOf: position,
    occurrences: z.array(
      z.strictObject({
        from: instantText,
        to: instantText,
        local: z
          .strictObject({ from: z.string(), to: z.string() })
          .nullable()
          .describe("What the clocks of the recurrence's zone show; null for a single occurrence."),
        note: z
          .enum(["gap", "overlap"])
          .nullable()
          .describe(
            "gap: the clocks skip its local start, so it begins at a later local time. overlap: its local start occurs twice, and it begins at the first.",
          ),
      }),
    ),
    resolvedUntil: nullableInstant.describe(
      "Up to where the occurrences of the rule would be recorded; null if none follow.",
    ),
    tzdata: z.string().nullable().describe("The zone table used; null for single occurrences."),
    clusters: z.array(
      z.strictObject({
        cluster: z.string(),
        waiting: met.describe("Queued rollouts that would wait while it is in force."),
        inFlight: met.describe("Rollouts in flight that it would affect."),
      }),
    ),
  })
  .meta({ id: "NfzPreview" });

export const nfzAtAnswer = z.strictObject({
  cluster: z.string(),
  at: nullableInstant.describe("The instant that the answer is about."),
  asOf: position,
  inForce: z
    .array(nfzInForce)
    .describe("By name, each with the interval that its occurrences form without a gap."),
  nextChange: nullableInstant.describe(
    "The first later instant at which the zones in force change; null if none is recorded.",
  ),
  resolvedUntil: nullableInstant.describe(
    "Up to where the occurrences of all of these zones are recorded; null if there are no later ones.",
  ),
});

export const oneNfz = z.strictObject({
  asOf: position,
  at: nullableInstant,
  nfz: z.string(),
  clusters: z.array(nfzTimeline).describe("By cluster."),
});
