/** Answers about the release plan and what could be applied to a node. */
import { z } from "zod";
import { pendingReasons } from "../../../projections/release-plan/pending-updates.ts";
import { leftOutReasons } from "../../../projections/release-plan/plan.ts";
import { ms, nullableInstant, position, wholeCount } from "../../answers/schemas.ts";
import { catalogue } from "../../events/catalogue.ts";

const name = z.string();
const ratio = z.number().min(0).max(1).nullable();
const { updates, urgency } = catalogue.RolloutSubmitted.data.shape;
const next = z.string().nullable().describe("The address of the next page; null on the last page.");
const about = { asOf: position, at: nullableInstant, cluster: name };

const wave = z.strictObject({
  rollouts: z.array(name).describe("In queue order."),
  touched: wholeCount.describe("Nodes in service that it takes out of service."),
  batches: wholeCount.describe("In how many batches, so that the target is met throughout."),
  stops: wholeCount.describe("How often jobs are stopped: once for each batch that they run on."),
  nodeMs: ms.describe("Expected node-time out of service."),
  nis: ratio.describe("The least share of members in service meanwhile; null without members."),
  testedTogether: z.boolean().describe("Whether one passed test covers all of its updates."),
  notBefore: nullableInstant.describe(
    "The first instant at which no no-fly zone holds any of them; null if that is unknown.",
  ),
  jobs: z.array(z.strictObject({ job: name, stops: wholeCount })).describe("Most stops first."),
});

export const releasePlanAnswer = z
  .strictObject({
    ...about,
    members: wholeCount,
    inService: wholeCount.describe("Members in service."),
    nisTarget: z.number(),
    batch: wholeCount.describe("Nodes that may be out of service at once."),
    waves: z.array(wave),
    leftOut: z
      .array(z.strictObject({ rollout: name, because: z.enum(leftOutReasons) }))
      .describe(
        "failed-alone: its own updates failed a test; nis-floor: it takes nodes out of service, and none may be.",
      ),
    stops: wholeCount,
    nodeMs: ms,
    budgetLeftNodeMs: z
      .int()
      .nullable()
      .describe("What is left of the month's error budget; null if the month has not begun."),
  })
  .meta({ id: "ReleasePlan" });

export const pendingPage = z
  .strictObject({
    ...about,
    node: name,
    state: z.enum(["down", "maintenance", "unknown", "in-service", "not-a-member"]),
    remainingMs: ms
      .nullable()
      .describe("Until the latest planned end of its maintenance; null if nothing says that."),
    total: wholeCount.describe("Number of rollouts on all pages."),
    pending: z
      .array(
        z.strictObject({
          rollout: name,
          applicable: z.boolean(),
          reasons: z
            .array(z.enum(pendingReasons))
            .describe(
              "Why not. The node works (in-service), a no-fly zone holds it, it was not tested with what could be applied before it, or with what it would meet (co-test), or the maintenance ends before (time).",
            ),
          expectedMs: ms.describe("Expected time out of service."),
          updates,
          urgency: urgency.nullable(),
        }),
      )
      .describe("The queued rollouts that target the node, in queue order."),
    next,
  })
  .meta({ id: "PendingUpdates" });
