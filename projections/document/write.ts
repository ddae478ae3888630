/** Writes figures as members of the document: every member of the catalogue, in its order, with instants as text. */
import { formatInstant } from "../time/instant.ts";
import type { Field, Fields, FigureOf, ValueOf } from "./entry/field.ts";

type Members = Readonly<Record<string, unknown>>;

/** The value of a field, from what its figure computed. Anything that the catalogue does not name is left out. */
export function written<const F extends Field>(field: F, figure: FigureOf<F>): ValueOf<F> {
  return valueOf(field, figure) as ValueOf<F>;
}

/** The same of a record of which only some fields are asked for. */
export function writtenRecord(fields: Fields, figure: object): Readonly<Record<string, unknown>> {
  return recordOf(fields, figure as Members);
}

function valueOf(field: Field, figure: unknown): unknown {
  if (figure === null) return null;
  switch (field.kind) {
    case "record":
      return recordOf(field.fields, figure as Members);
    case "rows":
      return (figure as readonly Members[]).map((each) => recordOf(field.row, each));
    case "map": {
      const { each } = field;
      const entries = Object.entries(figure as Members);
      // fromEntries defines own properties, so a key named `__proto__` is harmless too.
      return Object.fromEntries(entries.map(([key, value]) => [key, valueOf(each, value)]));
    }
    case "instant":
      return formatInstant(figure as number);
    default:
      return figure;
  }
}

/** Cached, because a document has many rows with the same fields. */
const known = new WeakMap<Fields, readonly (readonly [string, Field])[]>();

function entriesOf(fields: Fields): readonly (readonly [string, Field])[] {
  let entries = known.get(fields);
  if (entries === undefined) {
    entries = Object.entries(fields);
    known.set(fields, entries);
  }
  return entries;
}

function recordOf(fields: Fields, figure: Members): Members {
  const record: Record<string, unknown> = {};
  for (const [name, field] of entriesOf(fields)) {
    const value = figure[name];
    if (field.optional === true && (value === null || value === undefined)) continue;
    if (value === undefined) throw new TypeError(`a figure lacks its field "${name}"`);
    record[name] = valueOf(field, value);
  }
  return record;
}
