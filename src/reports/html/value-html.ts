/** Formats values for pages, by the kind that the catalogue gives their field. */
import { assertNever } from "../../../projections/arithmetic/invariants.ts";
import type { Field, ScalarField } from "../../../projections/document/entry/field.ts";
import { isScalar } from "../../../projections/document/entry/field.ts";
import type { Scalar } from "../layout.ts";
import { duration, instant, noData, percent, percentTarget, rate, whole } from "./format.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";

/** A cell of a table: a value, or several of them. */
export function cellHtml(field: Field, value: unknown): Html {
  if (isScalar(field)) return valueHtml(field, (value ?? null) as Scalar);
  if (field.kind === "list") {
    const items = value as readonly string[];
    if (field.of === "eventId") return html`${items.map((id) => html`<code>${id}</code> `)}`;
    return html`${items.join(", ")}`;
  }
  if (field.kind !== "rows") return html`${JSON.stringify(value)}`;
  const fields = Object.entries(field.row);
  return html`${(value as readonly Record<string, unknown>[]).map(
    (row, i) =>
      html`${i > 0 && html`<br />`}${fields.map(
        ([name, each], n) => html`${n > 0 && " to "}${cellHtml(each, row[name])}`,
      )}`,
  )}`;
}

/** For a ratio, `target` decides how many digits are shown: more if the ratio is close to it. */
export function valueHtml(field: ScalarField, value: Scalar, target?: Scalar): Html {
  if (value === null) return html`${field.absent ?? (field.optional === true ? "" : noData)}`;
  if (typeof value === "number") return html`${numberText(field, value, target)}`;
  if (typeof value === "string") {
    if (field.kind === "instant") return instant(value);
    return field.kind === "eventId" ? html`<code>${value}</code>` : html`${value}`;
  }
  if (field.kind === "verdict") return verdict(value);
  const [holds, holdsNot] = field.words ?? ["yes", "no"];
  return html`${value ? holds : holdsNot}`;
}

/** Whether a target is met. */
export function verdict(met: boolean | null): Html {
  if (met === null) return html`nothing to measure`;
  return met ? html`<span class="met">✓ met</span>` : html`<span class="missed">✗ missed</span>`;
}

function numberText({ kind, unit }: ScalarField, value: number, target?: Scalar): string {
  switch (kind) {
    case "ratio":
      return typeof target === "number" ? percent(value, target) : percent(value);
    case "target":
      return percentTarget(value);
    case "durationMs":
      return duration(value);
    case "nodeMs":
      return signed(value);
    case "hours":
      return `${whole(value)} h`;
    case "nodeHours":
      return `${whole(value)} node-hours`;
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
      return whole(value);
    default:
      return assertNever(kind, "kind of field");
  }
}

/** Node-time; it is negative for an overspent budget. */
function signed(ms: number): string {
  return ms < 0 ? `−${duration(-ms)}` : duration(ms);
}
