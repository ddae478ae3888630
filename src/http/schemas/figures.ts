/** Figures that are apart from the SLA document, for the documentation of the interface. */
import { z } from "zod";
import { ms, wholeCount } from "../../answers/schemas.ts";

const ratio = z
  .number()
  .nullable()
  .describe("From 0 to 1, nine decimals; null without anything to measure.");

export const scopeSection = z
  .object({ rack: z.string().optional(), sku: z.string().optional() })
  .describe("The part of the cluster that the figure is about.");

export const fleetSection = z
  .looseObject({
    clusters: wholeCount,
    raw: ratio,
    contractual: ratio,
    memberNodeMs: ms,
    inServiceNodeMs: ms,
    downNodeMs: ms,
    maintenanceNodeMs: ms,
    unknownNodeMs: ms,
    excludedNodeMs: ms,
    note: z.string().optional(),
  })
  .describe("All clusters together, where none is named: sums, and the quotients of the sums.");

const seconds = z.number().nullable();

export const recoverySection = z
  .object({
    recoveries: wholeCount.describe("Interruptions that were resumed in the window."),
    secondsPerDoubling: seconds.describe(
      "Slope of recovery time over log2 of the nodes; null with fewer than three recoveries, or one size only.",
    ),
    from: seconds.describe("Start of its 95 % interval."),
    to: seconds.describe("End of its 95 % interval."),
  })
  .describe("Recovery time against the size of jobs; not part of the SLA document.");
