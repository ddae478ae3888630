/**
 * Reads an event's position from the end of its leaf without parsing the rest. In canonical form the members after
 * `data` are `id, occurredAt, reason?, recordedAt, revision, schemaVersion, source?, stream, ticket?, type`. They are
 * read backwards, byte by byte: the opening quote of a text is the first quote, going backwards, with an even number of
 * backslashes before it.
 */

import { minYear } from "../../../projections/time/instant.ts";

/** Offsets in a leaf's bytes: for each text, its first byte and the byte after its last. */
export interface PositionSpans {
  idAt: number;
  typeAt: number;
  typeEnd: number;
  streamAt: number;
  streamEnd: number;
  recordedAt: number;
  revision: number;
  schemaVersion: number;
  /** Both are 0 if the text is missing. */
  reasonAt: number;
  reasonEnd: number;
  sourceAt: number;
  sourceEnd: number;
  ticketAt: number;
  ticketEnd: number;
}

export const uuidLength = 36;
const instantLength = 24;

const name = (text: string): Uint8Array => Buffer.from(text);
const names = {
  id: name('"id":"'),
  occurredAt: name('","occurredAt":"'),
  reason: name(',"reason":'),
  recordedAt: name(',"recordedAt":"'),
  revision: name('","revision":'),
  schemaVersion: name(',"schemaVersion":'),
  source: name(',"source":'),
  stream: name(',"stream":'),
  ticket: name(',"ticket":'),
  type: name(',"type":'),
};
const [quote, backslash, digitZero] = [0x22, 0x5c, 0x30];
/** Every number of up to so many digits is a safe integer. */
const maxDigits = 15;

/** The part of a leaf that is read without the rest. */
export interface LeafPosition {
  readonly id: string;
  /** May be a type that the ledger does not know. */
  readonly type: string;
  readonly recordedAt: string;
}

/** The position in a leaf that is given as text; `null` if the leaf does not have the form that the ledger writes. */
export function leafPosition(leaf: string): LeafPosition | null {
  const bytes = Buffer.from(`\n${leaf}`);
  const spans = noSpans();
  if (!readPosition(bytes, 1, bytes.length, spans)) return null;
  const { idAt, typeAt, typeEnd, recordedAt } = spans;
  return {
    id: bytes.toString("latin1", idAt, idAt + uuidLength),
    type: bytes.toString("latin1", typeAt, typeEnd),
    recordedAt: bytes.toString("latin1", recordedAt, recordedAt + instantLength),
  };
}

export function noSpans(): PositionSpans {
  return {
    idAt: 0,
    typeAt: 0,
    typeEnd: 0,
    streamAt: 0,
    streamEnd: 0,
    recordedAt: 0,
    revision: 0,
    schemaVersion: 0,
    reasonAt: 0,
    reasonEnd: 0,
    sourceAt: 0,
    sourceEnd: 0,
    ticketAt: 0,
    ticketEnd: 0,
  };
}

/**
 * Reads the position of the event whose leaf is `bytes` from `begin` to `end` into `spans`. Returns `false` if the
 * leaf does not have the form that the ledger writes. Of instants, only the punctuation is checked.
 */
export function readPosition(
  bytes: Uint8Array,
  begin: number,
  end: number,
  spans: PositionSpans,
): boolean {
  if (bytes[end - 1] !== 0x7d || bytes[end - 2] !== quote) return false;
  spans.typeEnd = end - 2;
  spans.typeAt = textBefore(bytes, begin, end - 2);
  let at = before(bytes, begin, spans.typeAt - 1, names.type);
  let text = textBefore(bytes, begin, at - 1);
  const ticketAt = before(bytes, begin, text - 1, names.ticket);
  spans.ticketAt = ticketAt > 0 ? text : 0;
  spans.ticketEnd = ticketAt > 0 ? at - 1 : 0;
  if (ticketAt > 0) {
    at = ticketAt;
    text = textBefore(bytes, begin, at - 1);
  }
  spans.streamAt = text;
  spans.streamEnd = at - 1;
  at = before(bytes, begin, text - 1, names.stream);
  const hasSource = bytes[at - 1] === quote;
  spans.sourceAt = hasSource ? textBefore(bytes, begin, at - 1) : 0;
  spans.sourceEnd = hasSource ? at - 1 : 0;
  if (hasSource) at = before(bytes, begin, spans.sourceAt - 1, names.source);
  const versionAt = digitsBefore(bytes, at);
  spans.schemaVersion = numberOf(bytes, versionAt, at);
  at = before(bytes, begin, versionAt, names.schemaVersion);
  const revisionAt = digitsBefore(bytes, at);
  spans.revision = numberOf(bytes, revisionAt, at);
  at = before(bytes, begin, revisionAt, names.revision) - instantLength;
  spans.recordedAt = at;
  if (!hasMarks(bytes, at)) return false;
  at = before(bytes, begin, at, names.recordedAt);
  spans.reasonAt = 0;
  spans.reasonEnd = 0;
  if (at > 0 && !isId(bytes, begin, at)) {
    spans.reasonAt = textBefore(bytes, begin, at - 1);
    spans.reasonEnd = at - 1;
    at = before(bytes, begin, spans.reasonAt - 1, names.reason);
    if (!isId(bytes, begin, at)) return false;
  }
  spans.idAt = at - 1 - instantLength - names.occurredAt.length - uuidLength;
  return at > 0;
}

/** Whether an id and the event's instant come directly before `end`. */
function isId(bytes: Uint8Array, begin: number, end: number): boolean {
  const instant = end - 1 - instantLength;
  const idEnd = before(bytes, begin, instant, names.occurredAt);
  return bytes[end - 1] === quote && before(bytes, begin, idEnd - uuidLength, names.id) > 0;
}

/** Where `expected` begins if it ends at `end`; 0 if it does not, or would begin before `begin`. No leaf begins at 0. */
function before(bytes: Uint8Array, begin: number, end: number, expected: Uint8Array): number {
  const at = end - expected.length;
  if (at < begin) return 0;
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return 0;
  return at;
}

/** Where the text begins whose closing quote is at `close`; 0 if there is none. */
function textBefore(bytes: Uint8Array, begin: number, close: number): number {
  if (close <= begin || bytes[close] !== quote) return 0;
  for (let at = close - 1; at >= begin; at--) {
    if (bytes[at] !== quote) continue;
    let slash = at - 1;
    while (slash >= begin && bytes[slash] === backslash) slash--;
    if ((at - slash) % 2 === 1) return at + 1;
    at = slash + 1;
  }
  return 0;
}

/** Where the digits begin that end at `end`; 0 if there are none, too many, or a leading zero. */
function digitsBefore(bytes: Uint8Array, end: number): number {
  let at = end;
  while (at > 0 && isDigit(bytes[at - 1] ?? 0)) at--;
  if (at === end || end - at > maxDigits) return 0;
  return bytes[at] === digitZero && end - at > 1 ? 0 : at;
}

function isDigit(byte: number): boolean {
  return byte >= digitZero && byte <= digitZero + 9;
}

function numberOf(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) value = value * 10 + (bytes[at] ?? 0) - digitZero;
  return value;
}

/** Where the event's instant begins, if its id begins at `idAt`. */
export function occurredAtOf(idAt: number): number {
  return idAt + uuidLength + names.occurredAt.length;
}

/** Whether the punctuation is that of `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export function hasMarks(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at + 4] === 0x2d &&
    bytes[at + 7] === 0x2d &&
    bytes[at + 10] === 0x54 &&
    bytes[at + 13] === 0x3a &&
    bytes[at + 16] === 0x3a &&
    bytes[at + 19] === 0x2e &&
    bytes[at + 23] === 0x5a
  );
}

/** The canonical instant that begins at `at`, in milliseconds since the epoch; NaN if there is none. */
export function instantIn(bytes: Uint8Array, at: number): number {
  const two = (from: number): number => twoDigits(bytes, from);
  const year = two(at) * 100 + two(at + 2);
  const month = two(at + 5);
  const day = two(at + 8);
  const hour = two(at + 11);
  const minute = two(at + 14);
  const second = two(at + 17);
  const ms = Math.floor(two(at + 20) / 10) * 100 + two(at + 21);
  const isOne = hour <= 23 && minute <= 59 && second <= 59 && day >= 1 && year >= minYear;
  if (!isOne || !(day <= daysOf(year, month))) return Number.NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at] ?? 0;
  const ones = bytes[at + 1] ?? 0;
  if (!isDigit(tens) || !isDigit(ones)) return Number.NaN;
  return (tens - digitZero) * 10 + ones - digitZero;
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeap ? 29 : (monthDays[month - 1] ?? 0);
}
