/** `POST /v1/clock`: an operator accepts a clock that was ahead, so that recording continues. */
import { z } from "zod";
import { longText, text } from "../../events/fields/fields.ts";
import type { ApiContext } from "./context.ts";
import type { Api } from "../server/api.ts";
import { keyedId } from "../query/idempotency-key.ts";
import { documented, problemAnswers } from "../../answers/schemas.ts";
import { appendedEvent } from "../schemas/submit.ts";
import { submissionJson } from "../submissions/submission-json.ts";

const acceptance = z.strictObject({
  actor: text.optional().describe("Who states it. Default: the key's name."),
  reason: longText.describe("Why the clock is right, or what happened."),
  ticket: text.optional(),
});

export function clockRoutes(app: Api, { ledger }: ApiContext): void {
  app.post(
    "/v1/clock",
    {
      schema: {
        operationId: "acceptClock",
        summary: "Accept a clock that was ahead",
        tags: ["operation"],
        description:
          "Writes `ClockJumpAccepted`. If the server's clock has jumped ahead (`/readyz` says so), nothing is recorded until the clock is corrected or accepted here. If ledger time is ahead of the clock, this records who knows about it. Refused if there is nothing to accept.",
        body: acceptance,
        response: documented({
          200: {
            description: "Already recorded, with the same Idempotency-Key.",
            content: { "application/json": { schema: appendedEvent } },
          },
          201: {
            description: "Appended and durable.",
            content: { "application/json": { schema: appendedEvent } },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const { ticket, ...said } = request.body;
      const submission = await ledger.acceptClock(
        ticket === undefined ? said : { ...said, ticket },
        keyedId(request),
      );
      if (submission.status === "refused") throw submission.error;
      return reply
        .code(submission.status === "duplicate" ? 200 : 201)
        .send(submissionJson(submission));
    },
  );
}
