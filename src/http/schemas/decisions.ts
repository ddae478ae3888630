/** What commands are answered. */
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
    .describe("Whether it was recorded now, was so already, or was asked before with this id."),
  at: instantText.describe("The instant of the decision."),
  asOf: position.describe("That of the last event, else up to where facts were seen."),
};

export const rolloutAnswer = z
  .strictObject({
    rollout: z.string(),
    cluster: z.string(),
    state: z.enum(shownRolloutStates),
    ...decided,
    event: decisionEvent.nullable().describe("What the command made, or what made it so before."),
    further: z.array(decisionEvent).describe("Further events that it made, in their order."),
    covered: z
      .array(
        z.strictObject({
          nfz: z.string(),
          by: z.string().describe("The event that granted the override, or `fast-path`."),
        }),
      )
      .optional()
      .describe("Of start and resume: the no-fly zones in force that it may pass, and by what."),
  })
  .meta({ id: "RolloutAnswer" });

/** The answers of a command. */
export function commandAnswers(schema: z.ZodType): Readonly<Record<string | number, unknown>> {
  const content = { "application/json": { schema } };
  return documented({
    200: { description: "Nothing to do, or asked before with this id.", content },
    201: { description: "Decided, appended and durable.", content },
    ...problemAnswers,
  });
}
