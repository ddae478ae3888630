/** Bodies of foreign systems: read as text first, and wider than the interface's own. */
import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { LedgerError } from "../../errors.ts";
import { maxPayloadMembers } from "../../limits/sources.ts";
import type { ApiRequest } from "../server/api.ts";
import type { BodyIntake } from "./body-intake.ts";
import { wholeBody } from "./body-reading.ts";
import { parseJsonText } from "../../json/json-text.ts";

/** The whole body as text. Throws `too-large`, `malformed-json` for what is not UTF-8. */
export async function bodyText(bodies: BodyIntake, request: ApiRequest): Promise<string> {
  const { body } = request;
  if (body === undefined || body === null)
    throw new LedgerError("invalid-request", "The request has no body.");
  const bytes = await wholeBody(bodies, request.raw, body as Readable);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new LedgerError("malformed-json", "The text is not UTF-8.");
}

export function payloadJson(text: string): unknown {
  return parseJsonText(text, { maxMembers: maxPayloadMembers });
}
