/** What a request asks the ledger to decide: who asks, what they state, and the id that makes a retry safe. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Asked } from "../../../decisions/command/asked.ts";
import { requestHash } from "../../../decisions/command/asked.ts";
import { longText, text } from "../../../events/fields/fields.ts";
import { maxReadWaitMs } from "../../../limits/requests.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import type { ApiRequest } from "../../server/api.ts";
import { keyedId } from "../../query/idempotency-key.ts";
import { positionQuery } from "../../query/query.ts";

/** Members that every command's body has. */
export const saidMembers = {
  id: z
    .guid()
    .optional()
    .describe(
      "The id of the command's first event. A repeated command gets the first answer again.",
    ),
  actor: text.describe("Who asks."),
  reason: longText.optional(),
  ticket: text.optional(),
  correlationId: text.optional(),
  causationId: text.optional(),
};

export const commandQuery = z.strictObject({ minSequence: positionQuery.minSequence });

interface SaidBody {
  readonly id?: string | undefined;
  readonly actor: string;
  readonly reason?: string | undefined;
  readonly ticket?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
}

type Request = Pick<ApiRequest, "headers" | "url"> & {
  readonly raw: Pick<ApiRequest["raw"], "rawHeaders">;
  readonly body: SaidBody;
  readonly query: { readonly minSequence?: number | undefined };
};

/** Waits until the facts that the request must see are projected. Until keys have roles, whoever may write has every role. */
export async function askedOf(ledger: Ledger, request: Request, command: string): Promise<Asked> {
  const { body, query } = request;
  const { minSequence = 0 } = query;
  if (minSequence > 0) await ledger.waitFor(minSequence, maxReadWaitMs);
  const { actor, reason, ticket, correlationId, causationId } = body;
  const [path = ""] = request.url.split("?");
  return {
    command,
    caller: { actor, roles: null, clusters: null },
    said: { reason, ticket, correlationId, causationId },
    id: (body.id ?? keyedId(request) ?? randomUUID()).toLowerCase(),
    request: requestHash(command, path, body),
    minSequence,
  };
}
