/** Formats values for the text report, by the kind that the catalogue gives their field. */
import { assertNever } from "../../../projections/arithmetic/invariants.ts";
import type { Field, ScalarField } from "../../../projections/document/entry/field.ts";
import { isScalar } from "../../../projections/document/entry/field.ts";
import {
  duration,
  instantShort,
  metText,
  nodeHours,
  number,
  percent,
  percentTarget,
  rate,
} from "./figures.ts";
import type { Scalar } from "../layout.ts";

/** A cell of a list: a value, or several of them. */
export function cellText(field: Field, value: unknown): string {
  if (isScalar(field)) return valueText(field, (value ?? null) as Scalar);
  if (field.kind === "list") return (value as readonly string[]).join(", ");
  if (field.kind !== "rows") return JSON.stringify(value);
  const fields = Object.entries(field.row);
  return (value as readonly Record<string, unknown>[])
    .map((row) => fields.map(([name, each]) => cellText(each, row[name])).join(" to "))
    .join("; ");
}

export function valueText(field: ScalarField, value: Scalar): string {
  if (value === null) return field.kind === "verdict" ? metText(null) : (field.absent ?? "-");
  if (typeof value === "number") return numberText(field, value);
  if (typeof value === "string") return field.kind === "instant" ? instantShort(value) : value;
  if (field.kind === "verdict") return metText(value);
  const [holds, holdsNot] = field.words ?? ["yes", "no"];
  return value ? holds : holdsNot;
}

function numberText({ kind, unit }: ScalarField, value: number): string {
  switch (kind) {
    case "ratio":
      return percent(value);
    case "target":
      return percentTarget(value);
    case "durationMs":
      return duration(value);
    case "nodeMs":
      return nodeHours(value);
    case "hours":
      return `${number(value)} h`;
    case "nodeHours":
      return `${number(value)} node-h`;
    case "rate":
      return unit === undefined ? rate(value) : `${rate(value)} ${unit}`;
    case "count":
    case "position":
    case "choice":
    case "eventId":
    case "flag":
    case "instant":
    case "name":
    case "text":
    case "verdict":
      return number(value);
    default:
      return assertNever(kind, "kind of field");
  }
}
