/** Fields of a form that readers do not see: what its address must keep. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";

/** Everything of `written` but what the form itself asks for. */
export function keptFields(written: URLSearchParams, own: readonly string[]): Html[] {
  return [...written]
    .filter(([name]) => !own.includes(name))
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
}
