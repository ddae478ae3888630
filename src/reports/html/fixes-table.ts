/** The table in a report that says how to fix its findings. */
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import { fixOf } from "../../answers/finding-fixes.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { reportTable } from "./report-table.ts";

/** One row per kind of finding in the list; `null` if there are no findings. */
export function fixesTable(list: SlaDocument["dataQuality"]["list"]): Html | null {
  if (list.length === 0) return null;
  const kinds = [...new Set(list.map(({ kind }) => kind))];
  return html`<h2>How to fix the facts that did not fit</h2>
    ${reportTable(
      ["Finding", "What to do"],
      kinds.map((kind) => [kind, fixOf(kind)]),
    )}`;
}
