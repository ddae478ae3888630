/** The catalogue of fields as a list, each with its path in the document. */
import { apart } from "../../projections/document/sections/apart.ts";
import { catalogue, headMembers } from "../../projections/document/catalogue.ts";
import type { Field, Fields } from "../../projections/document/entry/field.ts";
import { isScalar, unitOf } from "../../projections/document/entry/field.ts";
import { issuedField, ledgerFields } from "../../projections/document/sections/head.ts";

/** A field as the glossary shows it. */
export interface DescribedField {
  /** `[]` stands for each row of a list, `{cause}` for each key of a map. */
  readonly path: string;
  readonly title: string;
  readonly meaning: string;
  /** Empty if it has no unit. */
  readonly unit: string;
  readonly nullable: boolean;
  /** When it is `null`, unless that means only that there is nothing to measure. */
  readonly nullWhen: string | null;
  readonly optional: boolean;
  /** The first version of the definitions that has the field; `null` if all have it. */
  readonly since: string | null;
}

export interface DescribedSection {
  /** `null` for several members under one heading. */
  readonly name: string | null;
  readonly title: string;
  readonly fields: readonly DescribedField[];
}

/** Every field of the document by section, then the fields that only some answers have. */
export function describedSections(): DescribedSection[] {
  const members = Object.entries(catalogue).map(([name, { field }]) => [name, field] as const);
  const head = members.filter(([name]) => headMembers.has(name));
  const sections = members.filter(([name]) => !headMembers.has(name));
  const ofLedger: Fields = { ...ledgerFields, issued: issuedField };
  return [
    together("The document itself", [...head, ...Object.entries(ofLedger)]),
    ...sections.map(([name, field]) => ({
      name,
      title: field.title,
      fields: [...fieldsOf(name, field)],
    })),
    together("Apart from the document", Object.entries(apart)),
  ];
}

function together(
  title: string,
  members: readonly (readonly [name: string, field: Field])[],
): DescribedSection {
  return {
    name: null,
    title,
    fields: members.flatMap(([name, field]) => [...fieldsOf(name, field)]),
  };
}

function* fieldsOf(path: string, field: Field): Generator<DescribedField> {
  const { title, meaning } = field;
  yield {
    path,
    title,
    meaning,
    unit: isScalar(field) ? unitOf(field) : "",
    nullable: isScalar(field) && field.nullable === true,
    nullWhen: isScalar(field) ? (field.nullWhen ?? null) : null,
    optional: field.optional === true,
    since: field.since ?? null,
  };
  if (field.kind === "record") {
    for (const [name, each] of Object.entries(field.fields)) {
      yield* fieldsOf(`${path}.${name}`, each);
    }
  } else if (field.kind === "rows") {
    for (const [name, each] of Object.entries(field.row)) {
      yield* fieldsOf(`${path}[].${name}`, each);
    }
  } else if (field.kind === "map") {
    const key = `${path}.{${field.key.title.toLowerCase()}}`;
    if (field.each.kind === "record") {
      for (const [name, each] of Object.entries(field.each.fields)) {
        yield* fieldsOf(`${key}.${name}`, each);
      }
    } else yield* fieldsOf(key, field.each);
  }
}
