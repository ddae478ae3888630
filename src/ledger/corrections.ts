/**
 * What a correction or retraction must be: it names an event of lower sequence that is not the ledger's
 * own; new data are whole and valid for that event's type, and a correction of a correction keeps what
 * that one names. It lives in the stream of the event that it names.
 */
import type { EventType } from "../events/catalogue.ts";
import { definitionOf, isOwnType } from "../events/catalogue.ts";
import { checkData, contradictionOf, futureFault, withData } from "../events/check.ts";
import type { CheckedEvent } from "../events/envelope.ts";
import { LedgerError } from "../errors.ts";
import { parseInstant } from "../time/instant.ts";

/** What is needed of the event that a correction names. */
export interface CorrectionTarget {
  readonly type: EventType;
  readonly stream: string;
  readonly occurredAt: number;
  readonly data: object;
}

/** The event of that id (lower case) that will stand before the correction; `null` if there is none. */
export type FindTarget = (id: string) => Promise<CorrectionTarget | null>;

type Json = Record<string, unknown>;

/** The correction with its data in canonical form, and its stream; or why it is refused. */
export async function placeCorrection(
  event: CheckedEvent,
  find: FindTarget,
  nowMs: number,
  isStored: boolean = false,
): Promise<{ event: CheckedEvent; stream: string } | LedgerError> {
  const data = event.data as Json;
  const target = await find(String(data["eventId"]));
  if (target === null || isOwnType(target.type)) return noTarget(data["eventId"], target);
  const checked = await checkNewData(event.type, data, target, {
    find,
    nowMs,
    isStored,
    path: "/data",
  });
  if (checked instanceof LedgerError) return checked;
  if (checked === data) return { event, stream: target.stream };
  const placed = withData(event, checked);
  return placed instanceof LedgerError ? placed : { event: placed, stream: target.stream };
}

interface Context {
  readonly find: FindTarget;
  readonly nowMs: number;
  /** It was taken in before: that it makes an event contradict itself is not looked at. */
  readonly isStored: boolean;
  readonly path: string;
}

/** The data of a correction (or of a correction's new data) that names `target`. */
async function checkNewData(
  type: EventType,
  data: Json,
  target: CorrectionTarget,
  context: Context,
): Promise<Json | LedgerError> {
  if (type !== "FactCorrected") return data;
  const { occurredAt, data: inner } = data;
  const at = typeof occurredAt === "string" ? parseInstant(occurredAt) : null;
  const late = at === null ? null : futureFault(at, context.nowMs, `${context.path}/occurredAt`);
  if (late !== null) return late;
  const path = `${context.path}/data`;
  // What the correction leaves as it is stands in the event that it names.
  const standing = {
    data: inner === undefined ? "the data of the event that it corrects: " : path,
    occurredAt:
      at === null ? "the occurredAt of the event that it corrects" : `${context.path}/occurredAt`,
  };
  const happened = at ?? target.occurredAt;
  const contradiction = (stated: object): LedgerError | null =>
    context.isStored ? null : contradictionOf(target.type, stated, standing, happened);
  if (inner === undefined) return contradiction(target.data) ?? data;
  const valid = checkData(target.type, definitionOf(target.type).version, inner, path);
  if (valid instanceof LedgerError) return valid;
  const contradicted = contradiction(valid);
  if (contradicted !== null) return contradicted;
  if (definitionOf(target.type).entity !== "correction") return { ...data, data: valid };
  const kept = await checkKeptName(target, valid, { ...context, path });
  return kept instanceof LedgerError ? kept : { ...data, data: kept };
}

/** New data for a correction: it goes on naming what it named, and what it says is valid for that. */
async function checkNamed(
  target: CorrectionTarget,
  data: Json,
  context: Context,
): Promise<Json | LedgerError> {
  const named = await context.find(String(data["eventId"]));
  if (named === null) return noTarget(data["eventId"], named);
  return await checkNewData(target.type, data, named, context);
}

async function checkKeptName(
  target: CorrectionTarget,
  data: Json,
  context: Context,
): Promise<Json | LedgerError> {
  const { eventId } = target.data as Json;
  if (data["eventId"] === eventId) return await checkNamed(target, data, context);
  const message = `must go on naming ${String(eventId)}`;
  const path = `${context.path}/eventId`;
  return new LedgerError("invalid-event", `${path} ${message}`, { errors: [{ path, message }] });
}

function noTarget(id: unknown, target: CorrectionTarget | null): LedgerError {
  const message =
    target === null
      ? "names no event that stands before it"
      : `names an event of the ledger's own (${target.type})`;
  return new LedgerError("target-not-found", `${String(id)}: ${message}`, {
    errors: [{ path: "/data/eventId", message }],
  });
}
