/** The form that takes a webhook back to a position. */
import type { WebhookStatus } from "../../../sinks/webhooks/webhooks.ts";
import type { ExplainedForm } from "../../decisions/form.ts";

/** It offers what is missing at the receiver: the oldest dead letter, else what failed, else the next event. */
export function replayForm({ webhook, state, dead }: WebhookStatus): ExplainedForm {
  const next = (state?.cursor ?? 0) + 1;
  const from = Math.min(dead.letters[0]?.sequence ?? next, state?.failing?.sequence ?? next, next);
  return {
    id: `replay-${webhook.name}`,
    button: "Replay",
    title: `Replay ${webhook.name}`,
    about:
      "Everything from a sequence on is delivered, again or for the first time. A webhook that has stopped goes on; a receiver knows by its id what it has already.",
    address: `/v1/webhooks/${webhook.name}/replay`,
    send: "Replay",
    fixed: {},
    fields: [
      { kind: "number", at: "/from", label: "From sequence", value: String(from), isNeeded: true },
    ],
    example: { from },
  };
}
