/** The form field for viewing a page as of an earlier position. */
import type { Html } from "../../reports/html/html.ts";
import { html } from "../../reports/html/html.ts";

/** The field and its button, for use within a form; `sequence` is its initial value. */
export function lookBackField(sequence: number | null): Html {
  return html`<label for="as-of">Look back to sequence</label>
    <input
      id="as-of"
      name="asOf"
      inputmode="numeric"
      pattern="[0-9]+"
      required
      size="10"
      autocomplete="off"
      value="${sequence ?? ""}"
    />
    <button type="submit">Show</button>`;
}
