/** The answers of the lists: what exists at an instant and in a window. */
import { z } from "zod";
import { faultGroupings } from "../../answers/lists/faults.ts";
import { jobStates } from "../../answers/lists/jobs.ts";
import { interruptionKinds } from "../../../projections/jobs/timeline.ts";
import { instantText, ms, nullableInstant, position, wholeCount } from "../../answers/schemas.ts";

const text = z.string().nullable();
const ratio = z.number().nullable();

export const nodeStates = ["in-service", "down", "maintenance", "unknown"] as const;
export const faultGroupNames = Object.keys(faultGroupings) as (keyof typeof faultGroupings)[];

/** Members of every list besides its rows. */
const head = {
  asOf: position,
  at: nullableInstant.describe("The instant of the states."),
  windows: z
    .array(z.strictObject({ cluster: z.string(), from: instantText, to: instantText }))
    .describe(
      "The window of each cluster: as requested, cut at ledger time, or else the 30 days up to the instant.",
    ),
  total: wholeCount.describe("Number of rows on all pages."),
  next: z
    .string()
    .nullable()
    .describe("The address of the next page, at the same position and instant."),
};

export const nodeList = z.strictObject({
  ...head,
  nodes: z.array(
    z.strictObject({
      cluster: z.string(),
      node: z.string(),
      rack: text,
      sku: text,
      state: z.enum(nodeStates),
      since: nullableInstant.describe(
        "When the oldest cause of the state began: an open fault, maintenance or lost observation. In service: when it returned or was commissioned; null if that was before the window.",
      ),
      openFaults: z.array(z.string()).describe("Ids of its faults that are open at the instant."),
      faults: wholeCount.describe("Faults that began in the window."),
      boundExceeded: z
        .boolean()
        .describe("Whether these are more than chance explains: a repeat offender."),
    }),
  ),
});

export const faultList = z.strictObject({
  ...head,
  faults: z
    .array(
      z.strictObject({
        cluster: z.string(),
        node: z.string(),
        faultId: z.string(),
        category: z.string(),
        component: text,
        rack: text,
        sku: text,
        since: instantText,
        until: nullableInstant.describe("null if it is open at the window's end."),
        outcome: z.enum(["open", "repaired", "censored"]),
        durationMs: ms.describe("Repair time; for an open fault, its age at the window's end."),
        targetMs: ms,
        overTarget: z.boolean(),
        eventId: z.string().describe("The event of its failure."),
      }),
    )
    .optional()
    .describe("Rows; absent when groups are requested."),
  groups: z
    .array(
      z.strictObject({
        cluster: z.string(),
        group: z.string(),
        faults: wholeCount,
        open: wholeCount,
        overTarget: wholeCount,
        repaired: wholeCount,
        censored: wholeCount.describe("Ended by the node's decommissioning."),
        meanMs: ms.nullable().describe("Of the repaired faults, like the two percentiles."),
        medianMs: ms.nullable(),
        p90Ms: ms.nullable(),
      }),
    )
    .optional()
    .describe("Groups, most faults first; absent unless requested."),
});

export const jobList = z.strictObject({
  ...head,
  jobs: z.array(
    z.strictObject({
      cluster: z.string(),
      job: z.string(),
      state: z.enum(jobStates).describe("At the instant."),
      nodes: z.int().nullable().describe("Nodes held at the instant."),
      startedAt: nullableInstant.describe(
        "Of its run at the instant, or of its last run before it.",
      ),
      endedAt: nullableInstant,
      outcome: z.enum(["completed", "failed", "cancelled"]).nullable(),
      interruption: z
        .strictObject({
          since: instantText,
          kind: z.enum(interruptionKinds),
          faultId: text,
          node: text,
          eventId: z.string(),
        })
        .nullable()
        .describe("What interrupts it at the instant."),
      uptime: ratio,
      ettr: ratio,
      runningMs: ms,
      interruptedMs: ms,
      pausedMs: ms,
      keptMs: ms,
      checkpointingMs: ms,
      lostMs: ms,
      interruptions: wholeCount,
      crashes: wholeCount,
    }),
  ),
});
