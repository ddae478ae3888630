/** What a request asks the ledger to decide: who asks, what they state, and the id that makes a retry safe. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Access } from "../../../access/access.ts";
import { openAccess, seesCluster } from "../../../access/access.ts";
import { actorOf } from "../../../access/actor.ts";
import { LedgerError } from "../../../errors.ts";
import type { Asked, Caller } from "../../../decisions/command/asked.ts";
import { requestHash } from "../../../decisions/command/asked.ts";
import { nilIdError } from "../../../events/check/check.ts";
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
  actor: text
    .optional()
    .describe(
      "Who asks: the key's name, or one that begins with it and a slash. Needed without keys.",
    ),
  reason: longText.optional(),
  ticket: text.optional(),
  correlationId: text.optional(),
  causationId: text.optional(),
};

export const commandQuery = z.strictObject({ minSequence: positionQuery.minSequence });

interface SaidBody {
  readonly id?: string | undefined;
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
  readonly ticket?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
}

type Request = Pick<ApiRequest, "access" | "headers" | "url"> & {
  readonly raw: Pick<ApiRequest["raw"], "rawHeaders">;
  readonly body: SaidBody;
  readonly query: { readonly minSequence?: number | undefined };
};

/** Waits until the facts that the request must see are projected. Throws `invalid-event` for the nil UUID. */
export async function askedOf(ledger: Ledger, request: Request, command: string): Promise<Asked> {
  const { body, query } = request;
  const { minSequence = 0 } = query;
  if (minSequence > 0) await ledger.waitFor(minSequence, maxReadWaitMs);
  const { actor, reason, ticket, correlationId, causationId } = body;
  const [path = ""] = request.url.split("?");
  const id = (body.id ?? keyedId(request) ?? randomUUID()).toLowerCase();
  // Commands on nodes record under ids made from it: appending would not notice.
  const wrongId = nilIdError(id);
  if (wrongId !== null) throw wrongId;
  return {
    command,
    caller: callerOf(request.access ?? openAccess, actor),
    said: { reason, ticket, correlationId, causationId },
    id,
    request: requestHash(command, path, body),
    minSequence,
  };
}

/** Throws `actor-refused`, and `invalid-request` where nobody is named. */
function callerOf(access: Access, given: string | undefined): Caller {
  const actor = actorOf(access, given);
  if (actor === undefined) {
    throw new LedgerError("invalid-request", "/actor: is missing", {
      errors: [{ path: "/actor", message: "is missing" }],
    });
  }
  const { roles, clusters } = access;
  const sees = { has: (cluster: string) => seesCluster(access, cluster) };
  return { actor, roles, clusters: clusters === null ? null : sees };
}
