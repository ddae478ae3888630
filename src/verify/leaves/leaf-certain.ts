/**
 * A fast way to be certain that the ledger would have accepted a leaf. Everything except the data is checked by its
 * bytes; the data are parsed, written again and checked against the schema of their version. Only leaves of plain ASCII are
 * decided this way. In any doubt the answer is no; the leaf is then read whole, with the checks of an append, which also
 * say what is wrong.
 */
import { isLedgerError, LedgerError } from "../../errors.ts";
import { isCanonical } from "../../events/canonical/canonical.ts";
import type { EventType } from "../../events/catalogue.ts";
import { isEventType } from "../../events/catalogue.ts";
import { checkData } from "../../events/check/check.ts";
import { maxEventDepth, maxNameLength, maxTextLength } from "../../limits/events.ts";
import { whyNotTaken } from "./check-noted.ts";
import { statedLeaf } from "../../tree/leaf.ts";
import type { PositionSpans } from "./leaf-position.ts";
import { hasMarks, instantIn, occurredAtOf } from "./leaf-position.ts";

const name = (text: string): Uint8Array => Buffer.from(text);
/** The members that may come before the data, in this order. */
const leadNames = [name('"actor":"'), name('"causationId":"'), name('"correlationId":"')];
const dataName = name('"data":');
const decisionName = name('},"decision":{');
const idName = name(',"id":"');

/** How JSON.stringify begins to write a lone surrogate. */
const loneSurrogate = String.raw`\ud`;

const [openBrace, quote, comma, backslash] = [0x7b, 0x22, 0x2c, 0x5c];

/** `spans` are those of the leaf. The leaf has the form that the ledger writes; its stream is checked elsewhere. */
export function isCertain(
  bytes: Buffer,
  begin: number,
  end: number,
  spans: PositionSpans,
  type: string,
): boolean {
  if (!isEventType(type)) return false;
  const dataAt = plainDataAt(bytes, begin, spans);
  if (dataAt === 0 || hasDecision(bytes, dataAt, spans.idAt))
    return isTakenWhole(bytes.toString("utf8", begin, end));
  const json = bytes.toString("utf8", dataAt, spans.idAt - idName.length);
  return areDataTaken(type, spans.schemaVersion, json);
}

/** Data end with a brace; between them and the id the ledger writes nothing but a decision. */
function hasDecision(bytes: Buffer, dataAt: number, idAt: number): boolean {
  return bytes.subarray(dataAt, idAt).includes(decisionName);
}

function isTakenWhole(text: string): boolean {
  try {
    return whyNotTaken(statedLeaf(text, 0)) === null;
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
    return false;
  }
}

function areDataTaken(type: EventType, version: number, json: string): boolean {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
  // Parsed values are plain, so JSON.stringify writes them canonically except for the order and for lone surrogates.
  if (!isSorted(data, 0) || JSON.stringify(data) !== json || json.includes(loneSurrogate))
    return false;
  const checked = checkData(type, version, data, "/data");
  if (checked instanceof LedgerError) return false;
  // The schema may have parsed an instant, which has only one canonical text.
  return checked === data || isCanonical(checked, json);
}

/** Whether the members of every object are in canonical order, and the nesting is not too deep. */
function isSorted(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth > maxEventDepth) return false;
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth + 1));
  let previous = "";
  for (const key in value) {
    // No type has a member with an empty name, so the first name comes after the empty text.
    if (key <= previous || !isSorted((value as Record<string, unknown>)[key], depth + 1))
      return false;
    previous = key;
  }
  return true;
}

/** The offset of the data if everything around them is plain and valid; 0 if it is not, or must be read in full. */
function plainDataAt(bytes: Buffer, begin: number, spans: PositionSpans): number {
  const { idAt } = spans;
  const occurredAt = occurredAtOf(idAt);
  const isPlain =
    bytes[begin] === openBrace &&
    stands(bytes, idAt - idName.length, idName) &&
    hasMarks(bytes, occurredAt) &&
    !Number.isNaN(instantIn(bytes, occurredAt)) &&
    isPlainOrNone(bytes, spans.reasonAt, spans.reasonEnd, maxTextLength) &&
    isPlainOrNone(bytes, spans.sourceAt, spans.sourceEnd, maxNameLength) &&
    isPlainOrNone(bytes, spans.ticketAt, spans.ticketEnd, maxNameLength);
  if (!isPlain) return 0;
  let at = begin + 1;
  for (const lead of leadNames) {
    if (!stands(bytes, at, lead)) continue;
    const from = at + lead.length;
    const to = bytes.indexOf(quote, from);
    if (!isPlainText(bytes, from, to, maxNameLength) || bytes[to + 1] !== comma) return 0;
    at = to + 2;
  }
  const dataAt = at + dataName.length;
  return stands(bytes, at, dataName) && dataAt < idAt - idName.length ? dataAt : 0;
}

function stands(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

function isPlainOrNone(bytes: Uint8Array, from: number, to: number, most: number): boolean {
  return from === 0 || isPlainText(bytes, from, to, most);
}

/** Whether the bytes are a text that needs no escape and is neither empty nor too long. */
function isPlainText(bytes: Uint8Array, from: number, to: number, most: number): boolean {
  if (to <= from || to - from > most) return false;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte > 0x7e || byte === quote || byte === backslash) return false;
  }
  return true;
}
