/** Canonical JSON by RFC 8785: what is stored, hashed and compared. */
import canonicalize from "canonicalize";
import { maxCachedAttributions } from "../../limits/store.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Attribution } from "../envelope.ts";

/** Beyond this depth the quick way is not tried: what is nested so deeply may be a cycle. */
const maxQuickDepth = 64;

/** The canonical text of a JSON value. Throws for what is none (a lone surrogate, NaN, a cycle). */
export function canonicalJson(value: unknown): string {
  // The engine's own writer is several times faster, and right wherever the order is right already.
  if (isInOrder(value, 0)) return JSON.stringify(value);
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("not a JSON value");
  return text;
}

/** Whether the text from which a value was parsed is the canonical one. */
export function isCanonical(value: unknown, text: string): boolean {
  if (isInOrder(value, 0)) return JSON.stringify(value) === text;
  try {
    return canonicalize(value) === text;
  } catch (error) {
    // RFC 8785 has no form for a lone surrogate, nor for a number that is not finite.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** Whether JSON.stringify gives the canonical text: plain values, well-formed text, members in order. */
function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "boolean" || value === null) return true;
  if (typeof value !== "object" || depth > maxQuickDepth || "toJSON" in value) return false;
  if (Array.isArray(value)) return value.every((item) => isInOrder(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  let previous: string | null = null;
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(members)) {
    if (previous !== null && key <= previous) return false;
    if (!key.isWellFormed() || !isInOrder(members[key], depth + 1)) return false;
    previous = key;
  }
  return true;
}

/** What a sender stated: `data` and attribution as canonical text, at the version that is stored. */
export interface StatedParts {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** Milliseconds since the epoch. */
  readonly occurredAt: number;
  readonly dataJson: string;
  readonly attributionJson: string;
}

/** What the ledger adds to it, and the leaf says. */
export interface PositionParts {
  readonly stream: string;
  readonly revision: number | bigint;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
}

/** An event as its row holds it. */
type CanonicalParts = StatedParts & PositionParts;

/**
 * The canonical text of a stored event, the leaf that is hashed: RFC 8785 of `{actor?, causationId?,
 * correlationId?, data, decision?, id, occurredAt, reason?, recordedAt, revision, schemaVersion, source?, stream,
 * ticket?, type}`, instants as text, the revision as a number. Put together from the row's own
 * texts, in the order of the names: nothing is parsed, so every stored byte counts.
 * Throws for an attribution that is no JSON object and for a time that is none.
 */
export function canonicalEvent(parts: CanonicalParts): string {
  return joined(parts, parts, splitAttribution(parts.attributionJson));
}

/** As `canonicalEvent`, for an event that was checked just now: its attribution is taken as it is. */
export function canonicalCheckedEvent(event: StatedParts, position: PositionParts): string {
  return joined(event, position, cutAttribution(event.attributionJson));
}

function joined(
  event: StatedParts,
  position: PositionParts,
  { lead, decision, reason, source, ticket }: SplitAttribution,
): string {
  return `{${lead}"data":${event.dataJson},${decision}"id":${quoted(event.id)},"occurredAt":"${formatInstant(event.occurredAt)}",${reason}"recordedAt":"${formatInstant(position.recordedAt)}","revision":${position.revision},"schemaVersion":${event.schemaVersion},${source}"stream":${quoted(position.stream)},${ticket}"type":${quoted(event.type)}}`;
}

/** Printable ASCII but for the quote and the backslash: JSON needs no escape in it. */
const needsNoEscape = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return needsNoEscape.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** An attribution's members as text, each with its comma, where they go among the event's own. */
interface SplitAttribution {
  readonly lead: string;
  readonly decision: string;
  readonly reason: string;
  readonly source: string;
  readonly ticket: string;
}

const noAttribution: SplitAttribution = {
  lead: "",
  decision: "",
  reason: "",
  source: "",
  ticket: "",
};

/**
 * The members of an attribution in canonical form, cut where the names stand. Within a text a quote has
 * a backslash before it, so that `"reason":` is a name and nothing else.
 */
function cutAttribution(json: string): SplitAttribution {
  if (json === "{}") return noAttribution;
  const end = json.length - 1;
  const ticketAt = offsetOf(json, '"ticket":', end);
  const sourceAt = offsetOf(json, '"source":', ticketAt);
  const reasonAt = offsetOf(json, '"reason":', sourceAt);
  const decisionAt = offsetOf(json, '"decision":', reasonAt);
  const cut = (from: number, to: number): string => {
    if (from === to) return "";
    // What another member follows has its comma already.
    return to === end ? `${json.slice(from, to)},` : json.slice(from, to);
  };
  return {
    lead: cut(1, decisionAt),
    decision: cut(decisionAt, reasonAt),
    reason: cut(reasonAt, sourceAt),
    source: cut(sourceAt, ticketAt),
    ticket: cut(ticketAt, end),
  };
}

/** Where the name stands; `end` if it is not there. */
function offsetOf(json: string, name: string, end: number): number {
  const at = json.indexOf(name);
  return at < 0 ? end : at;
}

const attributionNames: Readonly<Record<keyof Attribution, true>> = {
  actor: true,
  causationId: true,
  correlationId: true,
  decision: true,
  reason: true,
  source: true,
  ticket: true,
};

function isAttribution(value: unknown): value is Attribution {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).every((name) => Object.hasOwn(attributionNames, name))
  );
}

const splits = new Map<string, SplitAttribution>([["{}", noAttribution]]);

function splitAttribution(json: string): SplitAttribution {
  const known = splits.get(json);
  if (known !== undefined) return known;
  const attribution: unknown = JSON.parse(json);
  // A member that the leaf would leave out, or a byte that parsing drops, could be changed unseen.
  if (!isAttribution(attribution) || canonicalJson(attribution) !== json) {
    throw new TypeError("not an attribution in canonical form");
  }
  const member = (name: keyof Attribution): string => {
    const value = attribution[name];
    return value === undefined ? "" : `"${name}":${canonicalJson(value)},`;
  };
  const split = {
    lead: member("actor") + member("causationId") + member("correlationId"),
    decision: member("decision"),
    reason: member("reason"),
    source: member("source"),
    ticket: member("ticket"),
  };
  if (splits.size >= maxCachedAttributions) splits.clear();
  splits.set(json, split);
  return split;
}
