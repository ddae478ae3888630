/** The answers to commands. */
import { z } from "zod";
import { shownRolloutStates } from "../../../projections/rollouts/status.ts";
import {
  decisionEvent,
  decisionOutcomes,
  documented,
  instantText,
  position,
  problemAnswers,
} from "../../answers/schemas.ts";

/** Members of every answer to a command. */
export const decided = {
  outcome: z
    .enum(decisionOutcomes)
    .describe("Recorded now, already so before, or the repeat of a command with this id."),
  at: instantText.describe("The instant of the decision."),
  asOf: position.describe(
    "Of the command's last event, or else the position that the decision saw.",
  ),
};

export const rolloutAnswer = z
  .strictObject({
    rollout: z.string(),
    cluster: z.string(),
    state: z.enum(shownRolloutStates),
    ...decided,
    event: decisionEvent
      .nullable()
      .describe("The event of the command, or the earlier one that made it so."),
    further: z.array(decisionEvent).describe("Further events of the command, in order."),
    covered: z
      .array(
        z.strictObject({
          nfz: z.string(),
          by: z.string().describe("The event that granted the override, or `fast-path`."),
        }),
      )
      .optional()
      .describe(
        "Of start and resume: the no-fly zones in force that it may pass, and what permits it.",
      ),
  })
  .meta({ id: "RolloutAnswer" });

/** The answers of a command, by status. */
export function commandAnswers(schema: z.ZodType): Readonly<Record<string | number, unknown>> {
  const content = { "application/json": { schema } };
  return documented({
    200: { description: "Nothing to do, or a repeat of a command with this id.", content },
    201: { description: "Decided, appended and durable.", content },
    ...problemAnswers,
  });
}
