/**
 * The rows of a document as JSON, kept with their texts. The next document of a running month has nearly all of them again:
 * those are not written anew.
 */
import type { RowsField } from "../../projections/document/entry/field.ts";
import { writtenRecord } from "../../projections/document/write.ts";
import { at } from "../../projections/arithmetic/invariants.ts";
import type { Steps } from "../turns.ts";

/** A list's rows, as their figure computed them, and the JSON of each. */
export interface RowTexts {
  readonly rows: readonly object[];
  readonly texts: readonly string[];
}

/** Of each list of a document. */
export type KeptRows = ReadonlyMap<RowsField, RowTexts>;

/** What a row costs besides its text, roughly: most have three ids of events. */
const rowBytes = 400;

export function bytesOfRows(kept: KeptRows): number {
  let bytes = 0;
  for (const { texts } of kept.values()) for (const text of texts) bytes += text.length + rowBytes;
  return bytes;
}

/** Rows that are looked at in one step. */
const rowsPerStep = 200;

/** Rows that may have been added or removed in one place before a row is no longer found near where it was. */
const near = 8;

/** The JSON of each row; a row that the list had before is that one, with its text. */
export function* rowTexts(
  { row: fields }: RowsField,
  rows: readonly object[],
  before: RowTexts = { rows: [], texts: [] },
): Steps<RowTexts> {
  const names = Object.keys(fields);
  const kept: object[] = [];
  const texts: string[] = [];
  let expected = 0;
  let missed = 0;
  for (const row of rows) {
    const found = placeOf(names, row, before.rows, expected, missed);
    missed = found === null ? missed + 1 : 0;
    expected = (found ?? expected) + 1;
    if (found === null) {
      kept.push(row);
      // Each by itself: a part of a longer text would keep all of that in memory.
      texts.push(JSON.stringify(writtenRecord(fields, row)));
    } else {
      // Of two equal rows the older one: if each document had its own, more memory would be cleared after it.
      kept.push(at(before.rows, found));
      texts.push(at(before.texts, found));
    }
    if (texts.length % rowsPerStep === 0) yield;
  }
  return { rows: kept, texts };
}

/**
 * Where an equal row is: near where it is expected if the rows since the last one that was found were changed, not added.
 * Where many were added or removed at once, all are looked at, but seldom, because it takes long: when 8 rows were missed
 * since then, 16, 32 and so on.
 */
function placeOf(
  names: readonly string[],
  row: object,
  rows: readonly object[],
  expected: number,
  missed: number,
): number | null {
  for (let away = 0; away <= near; away++) {
    if (isSame(names, row, rows[expected + away])) return expected + away;
    if (away > 0 && isSame(names, row, rows[expected - away])) return expected - away;
  }
  if (missed < near || !Number.isInteger(Math.log2(missed))) return null;
  const found = rows.findIndex((each) => isSame(names, row, each));
  return found === -1 ? null : found;
}

type Members = Readonly<Record<string, unknown>>;

/** Whether two rows have the same text: all that is written of them is equal, or their lists element by element. */
function isSame(names: readonly string[], row: object, other: object | undefined): boolean {
  if (other === undefined) return false;
  for (const name of names) {
    const a = (row as Members)[name];
    const b = (other as Members)[name];
    if (a !== b && !(Array.isArray(a) && Array.isArray(b) && isSameList(a, b))) return false;
  }
  return true;
}

function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, i) => each === b[i]);
}
