/**
 * `Idempotency-Key`: a write without an id gets one derived from the key. Sent again, it is answered with the first
 * outcome; with other content, it is refused. Of several events the first has the key's id, and further ones an id made
 * from it and their index.
 */
import { LedgerError } from "../../errors.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import type { ApiRequest } from "../server/api.ts";

type WithHeaders = Pick<ApiRequest, "headers"> & {
  readonly raw: Pick<ApiRequest["raw"], "rawHeaders">;
};

export const idempotencyKeyPointer = "/header/idempotency-key";

/** The id for a key: a retry finds what it wrote before. Throws `invalid-request` for a malformed key. */
export function keyedId({ headers, raw }: WithHeaders): string | undefined {
  const key = headers["idempotency-key"];
  if (key === undefined) return undefined;
  // Several headers are joined to one text, which nobody intended.
  if (timesSent(raw.rawHeaders) > 1) throw unusable("must be sent once");
  if (typeof key === "string" && key !== "" && key.length <= 256) {
    return stableId(["idempotency-key", key]);
  }
  throw unusable("must have 1 to 256 characters");
}

function unusable(message: string): LedgerError {
  return new LedgerError("invalid-request", "The Idempotency-Key is invalid.", {
    errors: [{ path: idempotencyKeyPointer, message }],
  });
}

function timesSent(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === "idempotency-key")
    .length;
}

/** The note for a sender of both a key and an id; `null` for anybody else. */
export function unusedKeyNote(
  { headers }: Pick<ApiRequest, "headers">,
  id: unknown,
): string | null {
  if (headers["idempotency-key"] === undefined || id === undefined) return null;
  return "The event has its own id, which makes a retry safe, so Idempotency-Key was not used.";
}

/** Gives the event at an index, from 0, its id; an event that has one keeps it. */
export type GiveId = (event: unknown, index: number) => unknown;

export function idGiver(request: WithHeaders): GiveId {
  const id = keyedId(request);
  if (id === undefined) return (event) => event;
  return (event, index) => {
    if (typeof event !== "object" || event === null || Array.isArray(event)) return event;
    if (Object.hasOwn(event, "id")) return event;
    return { ...event, id: index === 0 ? id : stableId([id, String(index)]) };
  };
}
