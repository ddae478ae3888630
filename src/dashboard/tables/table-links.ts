/** Links to the tables of a panel as CSV, at the address of its page. */
import { html } from "../../reports/html/html.ts";
import { readTables } from "./read-tables.ts";

const tools = '<div class="tools">';

/**
 * The panel with a link for each of its tables, at the right of its title; as it is if it has none, or if it links to CSV
 * already: that has every row, where a panel may show the first. `address` is of a table's CSV, by its name.
 */
export function withTableLinks(
  panel: string,
  id: string,
  address: (table: string) => string,
): string {
  if (!panel.includes("<table") || panel.includes("format=csv") || !panel.includes(tools))
    return panel;
  const tables = readTables(panel);
  const links = tables.flatMap(({ title, rows }, i) => {
    if (rows.length === 0) return [];
    const href = address(tables.length === 1 ? id : `${id}.${i + 1}`);
    // Of several tables each link says which it is.
    if (tables.length > 1 && title !== "")
      return html`<a class="csv" href="${href}" download>${title} CSV</a>`.html;
    const label = title === "" ? "The table as CSV" : `${title} as CSV`;
    return html`<a class="csv" href="${href}" download aria-label="${label}">CSV</a>`.html;
  });
  const [before = "", ...rest] = panel.split(tools);
  return `${before}${tools}${links.join(" ")}${rest.join(tools)}`;
}
