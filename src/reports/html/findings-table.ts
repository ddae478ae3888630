/** Data-quality findings as pages list them: each with its event, and what would mend it. */
import type { SlaDocument } from "../../../projections/document/catalogue.ts";

type FindingRow = SlaDocument["dataQuality"]["list"][number];
import { mendOf } from "../../answers/finding-words.ts";
import { instant } from "./format.ts";
import type { Html } from "./html.ts";
import { html } from "./html.ts";
import { reportTable } from "./report-sections.ts";

/** Every finding of a report; nothing where there is none. */
export function findingsTable(list: readonly FindingRow[]): Html | null {
  if (list.length === 0) return null;
  const kinds = [...new Set(list.map(({ kind }) => kind))];
  return html`<h3>Facts that did not fit</h3>
    ${reportTable(
      ["Finding", "Of", "At", "Event"],
      list.map(({ kind, subject, name, at, eventId }) => [
        kind,
        `${subject} ${name}`,
        instant(at),
        html`<code>${eventId}</code>`,
      ]),
    )}
    <p>What mends them:</p>
    ${reportTable(
      ["Finding", "What to do"],
      kinds.map((kind) => [kind, mendOf(kind)]),
    )}`;
}
