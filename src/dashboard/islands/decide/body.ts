/** What has been filled in, as the body that is sent: fields say by JSON pointers where they stand in it. */
import type { Field } from "../../decisions/form.ts";

/** Text of a field, ticks, the chosen way, or rows of such values. */
export type Value = string | boolean | number | readonly string[] | readonly Values[];
export type Values = Readonly<Record<string, Value>>;

/** Names of fields within a form: two may have one pointer, as the ways of a field do. */
export function keyOf(field: Field): string {
  return `${field.kind} ${field.at}`;
}

export function startingValues(fields: readonly Field[], actor: string): Values {
  return Object.fromEntries(fields.flatMap((field) => startOf(field, actor)));
}

function startOf(field: Field, actor: string): (readonly [string, Value])[] {
  const key = keyOf(field);
  switch (field.kind) {
    case "check":
      return [[key, false]];
    case "choice":
      return [[key, field.choices[0]?.value ?? ""]];
    case "several":
      return [[key, field.chosen]];
    case "rows":
      return [[key, [startingValues(field.columns, actor)]]];
    case "either":
      return [
        [key, 0],
        ...field.ways.flatMap((way) => way.fields.flatMap((each) => startOf(each, actor))),
      ];
    case "instant":
      return [[key, fieldOfInstant(field.value ?? "")]];
    default:
      return [[key, field.at === "/actor" ? actor : (field.value ?? "")]];
  }
}

/** The value of a `datetime-local` field for an instant in UTC: without its zone, and without seconds that are none. */
function fieldOfInstant(instant: string): string {
  return instant
    .replace(/Z$/, "")
    .replace(/(\.000)$/, "")
    .replace(/(T\d\d:\d\d):00$/, "$1");
}

/** The body; fields that are left empty are not in it. */
export function bodyOf(
  fields: readonly Field[],
  values: Values,
  fixed: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const body: Record<string, unknown> = structuredClone({ ...fixed });
  for (const field of fields) add(body, field, values);
  return body;
}

function add(body: Record<string, unknown>, field: Field, values: Values): void {
  const value = values[keyOf(field)];
  if (field.kind === "either") {
    const way = field.ways[Number(value)];
    if (way?.value !== undefined) put(body, field.at, way.value);
    for (const each of way?.fields ?? []) add(body, each, values);
    return;
  }
  if (field.kind === "rows") {
    const rows = value as readonly Values[];
    put(
      body,
      field.at,
      rows.map((row) => bodyOf(field.columns, row)),
    );
    return;
  }
  const written = writtenOf(field, value);
  if (written !== undefined) put(body, field.at, written);
}

function writtenOf(field: Field, value: Value | undefined): unknown {
  if (field.kind === "check") return value === true ? true : undefined;
  if (field.kind === "several") return value;
  const text = textOf(value).trim();
  if (text === "") return undefined;
  switch (field.kind) {
    case "number":
      return Number(text);
    case "hours":
      return Math.round(Number(text) * 3_600_000);
    case "instant":
      // A browser leaves seconds out where they are none.
      return /T\d\d:\d\d$/.test(text) ? `${text}:00Z` : `${text}Z`;
    case "names":
      return splitNames(text);
    default:
      return text;
  }
}

/** What a field with text has. */
export function textOf(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Commas within brackets belong to a hostlist. */
function splitNames(text: string): string[] {
  return text
    .split(/,(?![^[]*\])/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function put(body: Record<string, unknown>, pointer: string, value: unknown): void {
  const names = pointer.slice(1).split("/");
  const last = names.pop() ?? "";
  let into = body;
  for (const name of names) {
    const inner = (into[name] ?? {}) as Record<string, unknown>;
    into[name] = inner;
    into = inner;
  }
  into[last] = value;
}
