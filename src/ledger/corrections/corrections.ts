/**
 * The rules for corrections and retractions: one names an event of lower sequence that is not a system event; new data
 * are complete and valid for that event's type; a correction of a correction names the same event. It is stored in the
 * stream of the event that it names.
 */
import type { EventType } from "../../events/catalogue.ts";
import { definitionOf, isSystemEvent } from "../../events/catalogue.ts";
import {
  checkData,
  contradictionOf,
  contradictionWithTime,
  futureError,
  withData,
} from "../../events/check/check.ts";
import { isHeldAgainstTime } from "../../events/check/contradictions.ts";
import type { Pointers } from "../../events/check/contradictions.ts";
import type { CheckedEvent } from "../../events/envelope.ts";
import { LedgerError } from "../../errors.ts";
import type { HeldFacts } from "./held-facts.ts";
import { parseInstant } from "../../../projections/time/instant.ts";

/** The members that are needed of the event that a correction names. */
export interface CorrectionTarget {
  readonly type: EventType;
  readonly stream: string;
  readonly data: object;
}

/** The event of that id (lower case) that will precede the correction; `null` if there is none. */
type FindTarget = (id: string) => Promise<CorrectionTarget | null>;

type Json = Record<string, unknown>;

/** What a correction is checked against, besides its form. */
interface Against {
  /** The ledger's clock: no instant may be further ahead of it than the limit. */
  readonly nowMs: number;
  /**
   * The present facts, which a correction must not make contradictory; `null` for stored corrections, which are not
   * checked again.
   */
  readonly held: HeldFacts | null;
}

/** For a stored correction: only its form is checked. */
export const asStored: Against = { nowMs: Infinity, held: null };

/** The correction with its data in canonical form, and its stream; or why it is refused. */
export async function resolveCorrection(
  event: CheckedEvent,
  find: FindTarget,
  against: Against,
): Promise<{ event: CheckedEvent; stream: string } | LedgerError> {
  const data = event.data as Json;
  const target = await find(String(data["eventId"]));
  if (target === null || isSystemEvent(target.type)) return noTarget(data["eventId"], target);
  const checked = await checkNewData(event.type, data, target, { find, ...against, path: "/data" });
  if (checked instanceof LedgerError) return checked;
  const resolved = checked === data ? event : withData(event, checked);
  if (resolved instanceof LedgerError) return resolved;
  const error = event.type === "FactCorrected" ? await heldError(resolved, find, against) : null;
  return error ?? { event: resolved, stream: target.stream };
}

interface Context extends Against {
  readonly find: FindTarget;
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
  const late = at === null ? null : futureError(at, context.nowMs, `${context.path}/occurredAt`);
  if (late !== null) return late;
  if (inner === undefined) return data;
  const path = `${context.path}/data`;
  const valid = checkData(target.type, definitionOf(target.type).version, inner, path);
  if (valid instanceof LedgerError) return valid;
  const contradicted = context.held === null ? null : contradictionOf(target.type, valid, path);
  if (contradicted !== null) return contradicted;
  if (definitionOf(target.type).entity !== "correction") return { ...data, data: valid };
  const kept = await checkKeptName(target, valid, { ...context, path });
  return kept instanceof LedgerError ? kept : { ...data, data: kept };
}

/** Why the fact would contradict itself after the correction; what it leaves out keeps its corrected value. */
async function heldError(
  correction: CheckedEvent,
  find: FindTarget,
  { held }: Against,
): Promise<LedgerError | null> {
  if (held === null) return null;
  let rootId = "";
  let root: CorrectionTarget | null = null;
  let data = correction.data as Json;
  // A correction may name a correction, and so on, down to the fact.
  for (;;) {
    rootId = String(data["eventId"]);
    root = await find(rootId);
    if (root === null || definitionOf(root.type).entity !== "correction") break;
    data = root.data as Json;
  }
  if (root === null || !isHeldAgainstTime(root.type)) return null;
  const after = await held.after(rootId, correction);
  if (after === null) return null;
  return contradictionWithTime(root.type, after.data, pointersOf(correction), after.occurredAt);
}

/** The JSON pointers at which a correction, at any depth, states the fact's data and instant. */
function pointersOf(correction: CheckedEvent): Pointers {
  let said = correction.data as Json;
  let path = "/data";
  for (;;) {
    const inner = said["data"] as Json | undefined;
    if (inner === undefined || !("eventId" in inner)) break;
    [said, path] = [inner, `${path}/data`];
  }
  return {
    data: said["data"] === undefined ? null : `${path}/data`,
    occurredAt: said["occurredAt"] === undefined ? null : `${path}/occurredAt`,
  };
}

/** New data for a correction must name the same event, and be valid for it. */
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
  const message = `must still name ${String(eventId)}`;
  const path = `${context.path}/eventId`;
  return new LedgerError("invalid-event", `${path} ${message}`, { errors: [{ path, message }] });
}

function noTarget(id: unknown, target: CorrectionTarget | null): LedgerError {
  const message =
    target === null ? "does not name an earlier event" : `names a system event (${target.type})`;
  return new LedgerError("target-not-found", `${String(id)}: ${message}`, {
    errors: [{ path: "/data/eventId", message }],
  });
}
