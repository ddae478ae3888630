/** The SLA document and its sections in answers, made from the catalogue of its fields. */
import { z } from "zod";
import { blockedFields } from "../../../projections/document/sections/rollouts.ts";
import { catalogue } from "../../../projections/document/catalogue.ts";
import type { MemberName } from "../../../projections/document/catalogue.ts";
import {
  findingFields,
  findingsByKind,
} from "../../../projections/document/sections/data-quality.ts";
import { issuedField, ledgerFields } from "../../../projections/document/sections/head.ts";
import { apart } from "../../../projections/document/sections/apart.ts";
import { membersOf, schemaOf } from "./fields.ts";

/** The schema of each section of the document. */
export const sections = Object.fromEntries(
  Object.entries(catalogue).map(([name, { field }]) => [name, named(name, schemaOf(field))]),
) as Record<MemberName, z.ZodType>;

/** Gives a section a schema name, because several answers contain it. */
function named(name: string, schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodObject)) return schema;
  return schema.meta({ id: `${name[0]?.toUpperCase()}${name.slice(1)}Section` });
}

const document = { ...sections, ...membersOf(ledgerFields) };

export const slaDocument = z.strictObject(document).meta({ id: "SlaDocument" });

export const issuedDocument = z
  .strictObject({ ...document, issued: schemaOf(issuedField) })
  .meta({ id: "IssuedDocument" });

export const blockedRollout = membersOf(blockedFields);
export const findingRow = membersOf(findingFields);
/** Only the counts of findings. */
export const findingTally = z.strictObject({ findings: schemaOf(findingsByKind) });

export const scopeSection = schemaOf(apart.scope);
export const fleetSection = schemaOf(apart.fleet);
export const recoverySection = schemaOf(apart.recovery);
