/** Strict schemas, made from the catalogue of the document's fields. */
import { assertNever } from "../../../projections/arithmetic/invariants.ts";
import { z } from "zod";
import type {
  Field,
  Fields,
  MapField,
  ScalarField,
} from "../../../projections/document/entry/field.ts";
import { isScalar, scalarKinds, unitOf } from "../../../projections/document/entry/field.ts";

/**
 * The schema of a field. All its members are required, except those that the catalogue marks as optional or as missing
 * in reports of earlier definitions; no others are allowed.
 */
export function schemaOf(field: Field): z.ZodType {
  const schema = valueSchema(field).describe(descriptionOf(field));
  return field.optional === true || field.since !== undefined ? schema.optional() : schema;
}

/** The schemas of a record's members, to be combined with others. */
export function membersOf(fields: Fields): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([name, each]) => [name, schemaOf(each)]));
}

function valueSchema(field: Field): z.ZodType {
  switch (field.kind) {
    case "record":
      return z.strictObject(membersOf(field.fields));
    case "rows":
      return z.array(z.strictObject(membersOf(field.row)));
    case "list":
      return z.array(z.string());
    case "map":
      return mapSchema(field);
    default: {
      const schema = scalarSchema(field);
      return field.nullable === true ? schema.nullable() : schema;
    }
  }
}

function mapSchema({ key: { values, complete }, each }: MapField): z.ZodType {
  const value = valueSchema(each);
  if (values === undefined) return z.record(z.string(), value);
  const member = complete === true ? value : value.optional();
  return z.strictObject(Object.fromEntries(values.map((name) => [name, member])));
}

function scalarSchema({ kind, values }: ScalarField): z.ZodType {
  if (values !== undefined) return z.literal([...values]);
  switch (kind) {
    case "flag":
    case "verdict":
      return z.boolean();
    case "instant":
      return z.iso.datetime();
    case "count":
    case "position":
      return z.int().min(0);
    case "durationMs":
    case "nodeMs":
      return z.int();
    case "ratio":
    case "target":
      return z.number().min(0).max(1);
    case "rate":
    case "hours":
    case "nodeHours":
      return z.number();
    case "choice":
    case "eventId":
    case "name":
    case "text":
      return z.string();
    default:
      return assertNever(kind, "kind of field");
  }
}

function descriptionOf(field: Field): string {
  const described = valueDescription(field);
  return field.since === undefined
    ? described
    : `${described} Since ${field.since}: reports of earlier definitions are without it.`;
}

function valueDescription(field: Field): string {
  if (!isScalar(field)) return field.meaning;
  const unit = unitOf(field);
  const { form } = scalarKinds[field.kind];
  const ofNull = field.nullWhen === undefined ? "" : `null where ${field.nullWhen}.`;
  return [field.meaning, ofNull, form, unit === "" || unit === "ratio" ? "" : `Unit: ${unit}.`]
    .filter((part) => part !== "")
    .join(" ");
}
